"""coco_to_csv.py: from instances.json to the annotations CSV."""

import json
from pathlib import Path
from typing import Any

import pytest

from crossline.annotations.table import read_csv
from scripts.coco_to_csv import main
from tests.annotations.rows import classes_of, require_shared

STREET = ["person", "bicycle", "car", "motorcycle", "bus", "truck"]


def item(image: int, category: int, box: list[float]) -> dict[str, Any]:
    return {"id": 1, "image_id": image, "category_id": category, "bbox": box}


@pytest.fixture
def instances(tmp_path: Path) -> Path:
    """A car, a bus and an impossible car; a person; nothing."""
    path = tmp_path / "instances.json"
    names = ["car", "bus", "person"]
    document = {
        "images": [
            {"id": n, "file_name": f"{n}.jpg", "width": 100, "height": 80}
            for n in (1, 2, 3)
        ],
        "categories": [
            {"id": n, "name": name} for n, name in enumerate(names, 1)
        ],
        "annotations": [
            item(1, 1, [10, 20, 30, 40]),
            item(1, 2, [10, 20, 30, 40.5]),
            item(1, 1, [90, 20, 30, 40]),
            item(2, 3, [10, 20, 30, 40]),
        ],
    }
    path.write_text(json.dumps(document))
    return path


def test_writes_beside_the_source_and_says_what(
    instances: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--classes", "car", "bus", "--rename", "bus=large vehicle"]
    assert main([str(instances), *options]) == 0
    path = instances.with_suffix(".csv")
    assert classes_of(read_csv(path)) == [
        ("1.jpg", "car"),
        ("1.jpg", "large vehicle"),
    ]
    assert capsys.readouterr().out == (
        "      1 car\n"
        "      1 large vehicle\n"
        "      2 left out: image without a kept object (--keep-empty keeps "
        "it)\n"
        "      1 left out: box outside the image\n"
        "      1 left out: box of another class\n"
        f"Wrote 2 boxes in 1 images to {path}.\n"
        f"Next: python scripts/split_csv.py {path}\n"
    )


def test_keeps_empty_images_when_told(
    instances: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "new" / "cars.csv"
    options = ["--classes", "car", "--keep-empty", "--output", str(output)]
    assert main([str(instances), *options]) == 0
    assert classes_of(read_csv(output)) == [
        ("1.jpg", "car"),
        ("2.jpg", ""),
        ("3.jpg", ""),
    ]
    assert "      2 images without objects\n" in capsys.readouterr().out


def test_bad_input_ends_with_one_line(
    instances: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(instances), "--classes", "cra"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{instances}: has no class 'cra', did you mean 'car'?" in line
    assert not instances.with_suffix(".csv").exists()


@pytest.mark.parametrize("pair", ["bus", "=truck", "bus="])
def test_a_bad_command_line_ends_with_2(instances: Path, pair: str) -> None:
    with pytest.raises(SystemExit) as end:
        main([str(instances), "--rename", pair])
    assert end.value.code == 2


def test_the_street_classes_of_real_coco(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = require_shared("coco/instances.json")
    output = tmp_path / "street.csv"
    options = ["--classes", *STREET, "--output", str(output)]
    assert main([str(source), *options]) == 0
    assert capsys.readouterr().out.startswith(
        "   1014 person\n"
        "    201 car\n"
        "     40 truck\n"
        "     34 bus\n"
        "     29 motorcycle\n"
        "     26 bicycle\n"
    )
    assert read_csv(output)["filename"].nunique() == 268
