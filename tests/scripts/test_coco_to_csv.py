"""coco_to_csv.py: COCO in, the annotations CSV out."""

import json
from pathlib import Path
from typing import Any

import pytest

from crossline.annotations.table import read_csv, rows_of
from scripts.coco_to_csv import main

CATEGORIES = [
    {"id": 1, "name": "person"},
    {"id": 3, "name": "car"},
    {"id": 6, "name": "bus"},
]


def annotation(image: int, category: int, box: list[float]) -> dict[str, Any]:
    return {
        "id": image * 100 + category,
        "image_id": image,
        "category_id": category,
        "bbox": box,
        "area": box[2] * box[3],
        "iscrowd": 0,
    }


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A person and a car, a bus, an impossible car, nothing."""
    document = {
        "images": [
            {"id": k, "file_name": f"{k}.jpg", "width": 100, "height": 80}
            for k in (1, 2, 3, 4)
        ],
        "annotations": [
            annotation(1, 1, [10, 20, 5, 6]),
            annotation(1, 3, [0, 0, 50, 40]),
            annotation(2, 6, [1, 1, 8, 8]),
            annotation(3, 3, [90, 0, 50, 40]),
        ],
        "categories": CATEGORIES,
    }
    path = tmp_path / "street.json"
    path.write_text(json.dumps(document))
    return path


def found(path: Path) -> list[tuple[str, str]]:
    return [(row.filename, row.class_name) for row in rows_of(read_csv(path))]


def test_all_classes_beside_the_source(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(source)]) == 0
    path = source.with_suffix(".csv")
    person, car, bus = rows_of(read_csv(path))
    assert (person.xmin, person.ymin) == (10, 20)
    assert (person.xmax, person.ymax) == (15, 26)
    assert (car.class_name, car.xmax, car.ymax) == ("car", 50, 40)
    assert (bus.filename, bus.class_name) == ("2.jpg", "bus")
    lines = capsys.readouterr().out.splitlines()
    reason = "image without a kept object (--keep-empty keeps it)"
    assert sorted(lines[:3]) == [
        "      1 bus",
        "      1 car",
        "      1 person",
    ]
    assert sorted(lines[3:5]) == [
        "      1 left out: box outside the image",
        f"      2 left out: {reason}",
    ]
    assert lines[5:] == [
        f"Wrote 3 boxes in 2 images to {path}.",
        f"Next: python scripts/split_csv.py {path}",
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(
            ["--classes", "car", "bus"],
            [("1.jpg", "car"), ("2.jpg", "bus")],
            id="two classes",
        ),
        pytest.param(
            ["--classes", "bus", "--keep-empty"],
            [("1.jpg", ""), ("2.jpg", "bus"), ("3.jpg", ""), ("4.jpg", "")],
            id="with negatives",
        ),
        pytest.param(
            ["--rename", "car=vehicle", "bus=vehicle"],
            [("1.jpg", "person"), ("1.jpg", "vehicle"), ("2.jpg", "vehicle")],
            id="two become one",
        ),
    ],
)
def test_selects_and_renames(
    options: list[str],
    expected: list[tuple[str, str]],
    source: Path,
    tmp_path: Path,
) -> None:
    output = tmp_path / "new" / "all.csv"
    assert main([str(source), *options, "--output", str(output)]) == 0
    assert found(output) == expected


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        pytest.param(
            ["--classes", "cra"],
            "has no class 'cra', did you mean 'car'?; it has bus, car, person",
            id="class",
        ),
        pytest.param(
            ["--rename", "lorry=truck"], "has no class 'lorry'", id="rename"
        ),
    ],
)
def test_unknown_class_ends_with_one_line(
    options: list[str],
    complaint: str,
    source: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([str(source), *options]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{source}: {complaint}" in line
    assert not source.with_suffix(".csv").exists()


def test_bad_input_ends_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cut.json"
    path.write_text('{"images": [')
    assert main([str(path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{path} line 1 column 13: is not JSON" in line


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no source"),
        pytest.param(["a.json", "--rename", "car"], id="rename to nothing"),
        pytest.param(["a.json", "--classes"], id="no class"),
    ],
)
def test_bad_command_line(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    assert leaving.value.code == 2
