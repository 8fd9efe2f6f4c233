"""YOLO data sets that are malformed, incomplete, or something else."""

import pytest

from tests.annotations.data_sets import DATA_YAML, LABEL
from tests.bad_input import pictures
from tests.bad_input.conftest import Given, Lay, Refuses

SET: Given = {
    "set/data.yaml": DATA_YAML,
    "set/images/a.jpg": pictures.picture(),
    "set/labels/a.txt": LABEL,
}


def label(line: str) -> Given:
    return {"set/labels/a.txt": f"{LABEL}{line}\n"}


def data(text: str) -> Given:
    return {"set/data.yaml": text}


@pytest.mark.parametrize(
    ("given", "line"),
    [
        pytest.param(
            data("names: [car"),
            "set/data.yaml line 1: is not YAML (...)",
            id="malformed",
        ),
        pytest.param(
            data("names: !!python/object:os.system x\n"),
            "set/data.yaml line 1: is not YAML (...)",
            id="a YAML that would run something",
        ),
        pytest.param(
            data("train: images\nnames: \0\n"),
            "set/data.yaml: is not YAML (...)",
            id="a NUL",
        ),
        pytest.param(
            data("names:\n- car\n"),
            "set/data.yaml: names no image that is there; name the folder of "
            "the images by --images",
            id="no folder of images",
        ),
        pytest.param(
            data("train: elsewhere\nnames: [car]\n"),
            "set/data.yaml: names no image that is there (train: elsewhere, "
            "which is not there); ...",
            id="folder is not there",
        ),
        pytest.param(
            data("train: labels\nnames: [car]\n"),
            "set/data.yaml: names no image that is there; ...",
            id="folder without an image",
        ),
        pytest.param(
            data("train: images\nnames: car\n"),
            "set/data.yaml: names is neither a list nor numbered names; "
            "expected such as names: [person, car]",
            id="names is a word",
        ),
        pytest.param(
            data("train: images\nnames: {car: 0}\n"),
            "set/data.yaml: names is neither a list nor numbered names; ...",
            id="names the wrong way round",
        ),
        pytest.param(
            data("train: images\nnames: []\n"),
            "set/data.yaml: names has no class, or one without a name",
            id="no class",
        ),
        pytest.param(
            label("1 0.5 0.5 0.1 0.1"),
            "set/labels/a.txt line 2: class 1 has no name; there are 1 from 0",
            id="class without a name",
        ),
        pytest.param(
            label("0.5 0.5 0.5 0.1 0.1"),
            "set/labels/a.txt line 2: class 0.5 has no name; ...",
            id="half a class",
        ),
        pytest.param(
            label("car 0.5 0.5 0.1 0.1"),
            "set/labels/a.txt line 2: could not convert string to float: "
            "'car'",
            id="name for a class",
        ),
        pytest.param(
            label("0 0.5 0.5 0.1"),
            "set/labels/a.txt line 2: has 4 numbers, expected class x y width "
            "height",
            id="a number is missing",
        ),
        pytest.param(
            label("0 0,5 0,5 0,1 0,1"),
            "set/labels/a.txt line 2: could not convert string to float: "
            "'0,5'",
            id="decimal commas",
        ),
        pytest.param(
            {"set/labels/a.txt": b"0 \xff"},
            "set/labels/a.txt: is not UTF-8 (...)",
            id="not UTF-8",
        ),
        pytest.param(
            {"set/images/a.jpg": b""},
            "set/images/a.jpg: is empty",
            id="image is empty",
        ),
        pytest.param(
            {"set/images/a.jpg": pictures.picture()[:-9]},
            "set/images/a.jpg: ...",
            id="image is cut",
        ),
        pytest.param(
            {"set/labels/a.txt": ""}, "set: no box is left; ...", id="no box"
        ),
    ],
)
def test_yolo(given: Given, line: str, lay: Lay, refuses: Refuses) -> None:
    lay({**SET, **given})
    refuses("yolo_to_csv set --output all.csv", line)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        pytest.param({}, "set: no such file", id="missing"),
        pytest.param(
            {"set/a.txt": LABEL},
            "set: is of no format that is known by its contents: ...",
            id="labels alone",
        ),
        pytest.param(
            {"set/data.yaml": "train: images\nnc: 1\n"},
            "set: is of no format that is known by its contents: ...",
            id="no names",
        ),
    ],
)
def test_what_is_no_data_set(
    given: Given, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay(given)
    refuses("convert_annotations set --to csv --output all.csv", line)
