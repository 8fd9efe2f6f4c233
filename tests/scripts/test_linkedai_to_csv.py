"""linkedai_to_csv.py: LinkedAI's JSON in, the annotations CSV out."""

import json
from pathlib import Path
from typing import Any

import pytest

from crossline.annotations.table import read_csv, rows_of
from scripts.linkedai_to_csv import main


def tag(name: str = "car", **fields: Any) -> dict[str, Any]:
    position = {"x": "10", "y": "20.5", "w": "30", "h": "40"}
    return {"pos": position, "name": name, "type": "bounding_box", **fields}


def image(id_: int, *tags: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(id_),
        "image": f"https://host/street/{id_}.jpg",
        "width": "100",
        "height": "80",
        "tags": list(tags),
    }


def saved(folder: Path, document: Any) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(document))
    return path


def test_a_tiny_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    polygon = tag(type="polygon")
    source = saved(tmp_path, [image(1, tag(), polygon), image(2)])
    output = tmp_path / "all.csv"
    assert main([str(source), "--output", str(output)]) == 0
    (car,) = rows_of(read_csv(output))
    assert (car.filename, car.class_name) == ("1.jpg", "car")
    assert (car.xmin, car.ymin, car.xmax, car.ymax) == (10, 20.5, 40, 60.5)
    lines = capsys.readouterr().out.splitlines()
    assert "      1 left out: tag of type polygon" in lines
    assert lines[-2:] == [
        f"Wrote 1 boxes in 1 images to {output}.",
        f"Next: python scripts/split_csv.py {output}",
    ]


def test_classes_and_negatives(tmp_path: Path) -> None:
    source = saved(tmp_path, [image(1, tag("bus")), image(2, tag("car"))])
    options = ["--classes", "car", "--rename", "car=auto", "--keep-empty"]
    assert main([str(source), *options]) == 0
    rows = rows_of(read_csv(source.with_suffix(".csv")))
    assert [(row.filename, row.class_name) for row in rows] == [
        ("1.jpg", ""),
        ("2.jpg", "auto"),
    ]


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        pytest.param(
            {"images": []}, "is a dict, expected a list of images", id="COCO"
        ),
        pytest.param(
            [image(1, tag()), {"id": "2"}],
            "item 2: is not as LinkedAI writes it (KeyError('image'))",
            id="no image",
        ),
        pytest.param([], "no box is left", id="empty list"),
    ],
)
def test_bad_input_ends_with_one_line(
    document: Any,
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = saved(tmp_path, document)
    assert main([str(source)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert str(source) in line
    assert complaint in line
    assert not source.with_suffix(".csv").exists()


def test_bad_command_line() -> None:
    with pytest.raises(SystemExit) as leaving:
        main([])
    assert leaving.value.code == 2
