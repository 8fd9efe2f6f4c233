"""What somebody names as annotations: told by its contents."""

from pathlib import Path

import pytest

from crossline.annotations.sources import find_sources, read_sources
from tests.annotations.data_sets import (
    DATA_YAML,
    LINKEDAI,
    XML,
    YOLO,
    Files,
    coco,
    csv,
    lay,
)
from tests.annotations.rows import boxes_of, classes_of


@pytest.mark.parametrize(
    ("files", "source", "title"),
    [
        pytest.param({"x.txt": coco("a.png")}, "x.txt", "COCO", id="suffix"),
        pytest.param(
            {"x.json": "\ufeff \n" + coco("a.png")},
            "x.json",
            "COCO",
            id="byte order mark",
        ),
        pytest.param(
            {"x/instances.json": coco("a.png"), "x/a.png": ""},
            "x",
            "COCO",
            id="a JSON beside its images",
        ),
        pytest.param({"x.json": LINKEDAI}, "x.json", "LinkedAI", id="list"),
        pytest.param({"a.xml": XML}, "a.xml", "Pascal VOC", id="one XML"),
        pytest.param(
            {"x/deep/a.xml": XML, "x/readme.md": "#", "x/sitemap.xml": ""},
            "x/deep",
            "Pascal VOC",
            id="XML files",
        ),
        pytest.param(
            {"x/classes.txt": "car\n", "x/a.xml": XML},
            "x",
            "Pascal VOC",
            id="labelImg leaves its classes beside XML, too",
        ),
        pytest.param(
            {f"x/{name}": held for name, held in YOLO.items()}
            | {"x/data.yaml": DATA_YAML},
            "x",
            "YOLO",
            id="folder with data.yaml",
        ),
        pytest.param(
            {f"x/{name}": held for name, held in YOLO.items()}
            | {"x/street.yml": DATA_YAML},
            "x/street.yml",
            "YOLO",
            id="the YAML by whatever name",
        ),
        pytest.param(
            {f"x/{name}": held for name, held in YOLO.items()}
            | {"x/classes.txt": "car\n"},
            "x",
            "YOLO",
            id="folder with classes.txt",
        ),
        pytest.param({"x": csv("a.png"), "a.png": ""}, "x", "CSV", id="CSV"),
    ],
)
def test_tells_the_format_by_its_contents(
    files: Files, source: str, title: str, tmp_path: Path
) -> None:
    lay(tmp_path, files)
    (found,) = find_sources(tmp_path / source)
    assert found.format.title == title
    table, _ = read_sources([found], None)
    assert boxes_of(table) == [pytest.approx((10, 20, 30, 50))]
    assert classes_of(table)[0][0].endswith("a.png")


@pytest.mark.parametrize(
    ("files", "images"),
    [
        pytest.param(
            {
                "x/train.json": coco("a.png"),
                "x/instances_val2017.json": coco("b.png"),
            },
            [("a.png", "train"), ("b.png", "val")],
            id="COCO",
        ),
        pytest.param(
            {
                "x/train/_annotations.coco.json": coco("a.png"),
                "x/valid/_annotations.coco.json": coco("a.png"),
            },
            [("train/a.png", "train"), ("valid/a.png", "val")],
            id="Roboflow",
        ),
        pytest.param(
            {
                "x/train.csv": csv("a.png"),
                "x/test.csv": csv("b.png"),
                "x/a.png": "",
                "x/b.png": "",
            },
            [("a.png", "train"), ("b.png", "test")],
            id="CSV",
        ),
        pytest.param(
            {"x/train/a.xml": XML, "x/val/a.xml": XML},
            [("train/a.png", "train"), ("val/a.png", "val")],
            id="VOC",
        ),
    ],
)
def test_a_folder_may_hold_a_file_per_part(
    files: Files, images: list[tuple[str, str]], tmp_path: Path
) -> None:
    lay(tmp_path, files)
    table, _ = read_sources(find_sources(tmp_path / "x"), None)
    found = table[["filename", "split"]].to_numpy().tolist()
    assert sorted(map(tuple, found)) == images


def test_what_one_part_alone_tells_is_empty_in_the_other(
    tmp_path: Path,
) -> None:
    lay(tmp_path, {"train.csv": csv("a.png"), "a.png": "", "b.png": ""})
    first, second = csv("b.png").split("\n")[:2]
    lay(tmp_path, {"val.csv": f"{first},pose\n{second},Left\n"})
    found, _ = read_sources(find_sources(tmp_path), None)
    assert found["pose"].tolist() == ["", "Left"]
