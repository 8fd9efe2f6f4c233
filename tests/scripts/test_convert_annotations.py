"""convert_annotations.py: any format into any other."""

import importlib
import json
from pathlib import Path

import pandas as pd
import pytest

from crossline.annotations.formats import FORMATS
from crossline.annotations.table import read_csv, write_csv
from scripts.convert_annotations import FORMATS as NAMES
from scripts.convert_annotations import main
from tests.annotations.data_sets import (
    DATA_YAML,
    LINKEDAI,
    XML,
    YOLO,
    Files,
    coco,
    csv,
    lay,
    picture,
)
from tests.annotations.rows import boxes_of, empty, row, table

Said = pytest.CaptureFixture[str]

EVERYTHING = table(
    row(
        "a.png",
        "person",
        (10, 20, 30, 50),
        class_id=3,
        image_id="7",
        is_crowd=True,
        area=123.5,
        repeats=2,
    ),
    row(
        "a.png",
        "my car",
        (0, 0.5, 99.75, 80),
        class_id=8,
        image_id="7",
        difficult=True,
        area=7930.125,
        repeats=2,
    ),
    empty("b/none.png", image_id="9", width=60, height=40),
).assign(
    split=["train", "train", "val"],
    truncated=["1", "", ""],
    occluded=["", "1", ""],
    pose=["Left", "", ""],
)
"""All that a table can tell; the second area is the box's."""

LOST = {
    "coco": {
        "difficult flags": 1,
        "images' splits": 2,
        "images' repeats": 1,
        "truncated of objects": 1,
        "occluded of objects": 1,
        "pose of objects": 1,
    },
    "csv": {},
    "linkedai": {
        "class ids": 2,
        "crowd flags": 1,
        "difficult flags": 1,
        "areas of masks": 1,
        "images' splits": 2,
        "images' repeats": 1,
        "truncated of objects": 1,
        "occluded of objects": 1,
        "pose of objects": 1,
    },
    "voc": {
        "image ids": 2,
        "class ids": 2,
        "crowd flags": 1,
        "areas of masks": 1,
        "images' repeats": 1,
    },
    "yolo": {
        "image ids": 2,
        "class ids": 2,
        "crowd flags": 1,
        "difficult flags": 1,
        "areas of masks": 1,
        "images' repeats": 1,
        "truncated of objects": 1,
        "occluded of objects": 1,
        "pose of objects": 1,
    },
}
"""What each format cannot hold of it."""

KEPT = {
    "coco": ["image_id", "class_id", "is_crowd", "area"],
    "csv": list(EVERYTHING.columns),
    "linkedai": ["image_id"],
    "voc": ["difficult", "split", "truncated", "occluded", "pose"],
    "yolo": ["split"],
}


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    """`all.csv`, and its images in `photos`."""
    picture(tmp_path / "photos/a.png")
    picture(tmp_path / "photos/b/none.png", (60, 40))
    write_csv(EVERYTHING, tmp_path / "all.csv")
    return tmp_path / "all.csv"


def convert(source: Path, to: str, output: Path, *options: object) -> int:
    command = [source, "--to", to, "--output", output, *options]
    return main([str(each) for each in command])


def lines_with(word: str, said: str) -> list[str]:
    return [line.strip() for line in said.splitlines() if word in line]


def test_the_formats_are_those_of_the_library() -> None:
    assert sorted(NAMES) == sorted(FORMATS) == sorted(LOST)


@pytest.mark.parametrize("to", NAMES)
def test_says_what_the_format_cannot_hold(
    to: str, everything: Path, capsys: Said
) -> None:
    photos = everything.with_name("photos")
    output = everything.with_name("out")
    assert convert(everything, to, output, "--images", photos) == 0
    said = capsys.readouterr().out
    title = FORMATS[to].title
    assert said.startswith(f"Took {everything} for CSV.\n")
    assert sorted(lines_with(" lost: ", said)) == sorted(
        f"{count} lost: {what}, which {title} cannot hold"
        for what, count in LOST[to].items()
    )
    assert f"Wrote 2 boxes in 2 images to {output}.\n" in said


@pytest.mark.parametrize("to", NAMES)
def test_what_was_written_is_guessed_and_keeps_what_it_can(
    to: str, everything: Path, capsys: Said
) -> None:
    photos = everything.with_name("photos")
    between, output = (everything.with_name(name) for name in ("x", "y.csv"))
    assert convert(everything, to, between, "--images", photos) == 0
    capsys.readouterr()
    assert convert(between, "csv", output) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"Took {between} for {FORMATS[to].title}.\n")
    assert not lines_with("left out", said)
    found = read_csv(output)
    found["filename"] = found["filename"].replace(
        {"images/train/a.png": "a.png", "images/val/b/none.png": "b/none.png"}
    )
    kept = ["filename", "width", "height", "class", *KEPT[to]]
    pd.testing.assert_frame_equal(found[kept], EVERYTHING[kept])
    assert boxes_of(found) == [
        pytest.approx(box, abs=1e-6) for box in boxes_of(EVERYTHING)
    ]


def test_classes_are_kept_and_renamed(tmp_path: Path, capsys: Said) -> None:
    write_csv(EVERYTHING, tmp_path / "all.csv")
    output = tmp_path / "out.json"
    options = ["--classes", "my car", "--rename", "my car=car"]
    assert convert(tmp_path / "all.csv", "coco", output, *options) == 0
    categories = json.loads(output.read_text())["categories"]
    assert categories == [{"id": 8, "name": "car"}]
    assert "1 left out: box of another class" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("files", "command", "complaint"),
    [
        pytest.param({}, "x.json --to csv", "x.json: no such file", id="none"),
        pytest.param(
            {"x.json": ""}, "x.json --to csv", "x.json: is empty", id="empty"
        ),
        pytest.param(
            {"x.json": '[{"image_id": 1, "score": 0.5}]'},
            "x.json --to csv",
            "x.json: is of no format that is known by its contents: COCO (a "
            "JSON object with images and annotations); LinkedAI (a JSON list "
            "of items with image and tags); YOLO (",
            id="results, not annotations",
        ),
        pytest.param(
            {"x/a.png": ""},
            "x --to csv",
            "x: is of no format that is known by its contents: ",
            id="a folder of images",
        ),
        pytest.param(
            {"x/a.json": coco("a.png"), "x/b.json": coco("b.png")},
            "x --to csv",
            "x: holds a.json (COCO), b.json (COCO); name one of them",
            id="two files, but no parts",
        ),
        pytest.param(
            {"x/train.json": coco("a.png"), "x/val.csv": csv("b.png")},
            "x --to csv",
            "x: holds train.json (COCO), val.csv (CSV); name one of them",
            id="parts of two formats",
        ),
        pytest.param(
            {"x/train.json": coco("a.png"), "x/val.json": coco("a.png")},
            "x --to csv",
            "x/val.json: has a.png, as x/train.json has; leave each image in "
            "one part",
            id="an image in two parts",
        ),
        pytest.param(
            {"x.json": coco("a.png")},
            "x.json --from linkedai --to csv",
            "x.json: is a dict, expected a list of images",
            id="somebody says the wrong format",
        ),
        pytest.param(
            {"a.xml": XML, "out/old.txt": "precious"},
            "a.xml --to voc",
            "out: is there already; remove it or name another --output",
            id="the folder is there",
        ),
        pytest.param(
            {"out": csv("a.png"), "a.png": ""},
            "out --to coco",
            "out: would be overwritten; name another --output",
            id="source and output are one",
        ),
        pytest.param(
            {"x.json": coco("../a.png")},
            "x.json --to voc",
            "out: cannot hold an image of the name '../a.png'; make the file "
            "names relative to the images' folder",
            id="a name leads out of the folder",
        ),
        pytest.param(
            {"x.json": coco("a.png")},
            "x.json --to yolo --images photos",
            "photos/a.png: no such image (1 of 1 are missing); name their "
            "folder, or leave --images away to write labels alone",
            id="no image",
        ),
        pytest.param(
            {"x.json": coco("a.png")},
            "x.json --to csv --classes bus",
            "x.json: has no class 'bus'; it has car",
            id="no such class",
        ),
    ],
)
def test_bad_input_ends_with_one_line(
    files: Files,
    command: str,
    complaint: str,
    tmp_path: Path,
    capsys: Said,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lay(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert main([*command.split(), "--output", "out"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f": {complaint}" in line
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("", id="nothing"),
        pytest.param("x.json --output out", id="no target"),
        pytest.param("x.json --to csv", id="no output"),
        pytest.param("x.json --to tfrecord --output out", id="no such format"),
        pytest.param("x.json --from x --to csv --output out", id="from"),
        pytest.param("x --to csv --output out --rename x", id="rename"),
    ],
)
def test_a_bad_command_line_ends_with_2(command: str) -> None:
    with pytest.raises(SystemExit) as end:
        main(command.split())
    assert end.value.code == 2


@pytest.mark.parametrize(
    ("name", "files", "source"),
    [
        ("coco", {"x.json": coco("a.png")}, "x.json"),
        ("linkedai", {"x.json": LINKEDAI}, "x.json"),
        ("voc", {"x/a.xml": XML}, "x"),
        (
            "yolo",
            {"x/data.yaml": DATA_YAML}
            | {f"x/{name}": held for name, held in YOLO.items()},
            "x",
        ),
    ],
)
def test_the_converters_to_csv_are_names_for_it(
    name: str, files: Files, source: str, tmp_path: Path
) -> None:
    lay(tmp_path, files)
    converter = importlib.import_module(f"scripts.{name}_to_csv")
    assert converter.main([str(tmp_path / source)]) == 0
    assert convert(tmp_path / source, "csv", tmp_path / "out.csv") == 0
    made = (tmp_path / "x.csv").read_bytes()
    assert made == (tmp_path / "out.csv").read_bytes()
