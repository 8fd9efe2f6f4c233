"""Label maps: what is read, what is written, what is refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from crossline.errors import InputError
from crossline.records.coco_label_map import COCO_LABEL_MAP
from crossline.records.label_map import (
    LabelMap,
    read_label_map,
    write_label_map,
)

STREET = LabelMap.from_names(["person", "car", "motorcycle"])


def written(folder: Path, text: str) -> Path:
    path = folder / "street.pbtxt"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_are_numbered_from_one() -> None:
    assert STREET.names == {1: "person", 2: "car", 3: "motorcycle"}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    label_map = LabelMap.from_names(
        ["traffic light", 'a "b" \\ c', "voiture é"]
    )
    path = tmp_path / "maps" / "three.pbtxt"
    write_label_map(label_map, path)
    assert read_label_map(path) == label_map


def test_the_text_is_the_apis(tmp_path: Path) -> None:
    write_label_map(LabelMap.from_names(["car"]), tmp_path / "one.pbtxt")
    assert (tmp_path / "one.pbtxt").read_text() == (
        'item {\n  name: "car"\n  id: 1\n}\n'
    )


def test_gaps_are_never_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="gaps"):
        write_label_map(LabelMap({1: "person", 3: "car"}), tmp_path / "x")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(
            'item {\n  id: 1\n  name: "person"\n}', {1: "person"}, id="plain"
        ),
        pytest.param(
            "item { id: 3 name: 'car' } item { id: 1 name: 'person' }",
            {1: "person", 3: "car"},
            id="gap, not in order, single quotes",
        ),
        pytest.param(
            'item { name: "/m/01g317" id: 1 display_name: "person" }',
            {1: "person"},
            id="the zoo's: the display name is the class",
        ),
        pytest.param(
            "item: { id: 1, name: 'car'; }  # ours", {1: "car"}, id="colons"
        ),
        pytest.param(
            "item { id: 1 name: 'car' frequency: RARE keypoints { id: 2 } }",
            {1: "car"},
            id="further fields of the API",
        ),
        pytest.param("\ufeffitem { id: 1 name: 'é' }", {1: "é"}, id="BOM"),
    ],
)
def test_reads(text: str, names: dict[int, str], tmp_path: Path) -> None:
    label_map = read_label_map(written(tmp_path, text))
    assert list(label_map.names.items()) == list(names.items())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("", "is empty", id="empty file"),
        pytest.param("# nothing", "has no item", id="no item"),
        pytest.param(
            'item {\n  id: 1\n  name "car"\n}',
            "street.pbtxt line 3 column 8: is not a label map",
            id="a colon is missing",
        ),
        pytest.param("a,b", "line 1 column 2", id="a CSV"),
        pytest.param("item { id: 'x' }", "line 1 column 12", id="text as id"),
        pytest.param("item { id: 1 }", "id 1 has no name", id="no name"),
        pytest.param(
            "item { id: 0 name: 'car' }",
            "id 0 of 'car' is below 1",
            id="the background's id",
        ),
        pytest.param(
            "item { name: 'car' }", "id 0 of 'car' is below 1", id="no id"
        ),
        pytest.param(
            "item { id: 1 name: 'car' } item { id: 1 name: 'bus' }",
            "id 1 stands for 'car' and 'bus'",
            id="id twice",
        ),
        pytest.param(
            "item { id: 1 name: 'car' } item { id: 2 name: 'car' }",
            "'car' has two ids",
            id="name twice",
        ),
    ],
)
def test_refuses(text: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        read_label_map(written(tmp_path, text))
    assert complaint in str(refusal.value)
    assert str(refusal.value).startswith(str(tmp_path / "street.pbtxt"))


def test_refuses_what_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such file.*make_label_map"):
        read_label_map(tmp_path / "missing.pbtxt")
    (tmp_path / "binary").write_bytes(b"\x00\xff\xfe")
    with pytest.raises(InputError, match="is not UTF-8"):
        read_label_map(tmp_path / "binary")


def test_knows_the_id_of_a_class() -> None:
    assert STREET.id_of("motorcycle") == 3


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param(
            "motorcycles",
            "unknown class 'motorcycles', did you mean 'motorcycle'? "
            "(known: person, car, motorcycle)",
            id="nearly",
        ),
        pytest.param(
            "zebra",
            "unknown class 'zebra' (known: person, car, motorcycle)",
            id="not at all",
        ),
    ],
)
def test_an_unknown_class_names_the_known(name: str, message: str) -> None:
    with pytest.raises(KeyError) as unknown:
        STREET.id_of(name)
    assert unknown.value.args == (message,)


def test_cocos_map_has_80_names_up_to_90() -> None:
    assert len(COCO_LABEL_MAP.names) == 80
    assert COCO_LABEL_MAP.names[90] == "toothbrush"
    assert 12 not in COCO_LABEL_MAP.names


def test_importing_it_is_cheap() -> None:
    program = (
        "import sys, crossline.records.label_map\n"
        "print({'tensorflow', 'pandas', 'object_detection'} & {*sys.modules})"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True
    )
    assert output.stdout.decode().strip() == "set()"
