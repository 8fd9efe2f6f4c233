"""Small data sets on disk, as tools of others leave them.

Each shows a car at 10, 20, 30, 50 of an image of 100 x 80 pixels.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import yaml
from PIL import Image as Pillow

Files = Mapping[str, str]
"""Content by name; of ``.png`` files it is ours to draw."""

LABEL = "0 0.2 0.4375 0.2 0.375\n"


def picture(path: Path, size: tuple[int, int] = (100, 80)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Pillow.new("1", size).save(path)
    return path


def text(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def yolo(folder: Path, **description: object) -> Path:
    """A car in train, an empty image in val; keys may be overridden."""
    picture(folder / "images/train/a.png")
    text(folder / "labels/train/a.txt", LABEL)
    picture(folder / "images/val/none.png", (60, 40))
    content = {
        "train": "images/train",
        "val": "images/val",
        "names": ["car", "bus"],
        **description,
    }
    return text(folder / "data.yaml", yaml.safe_dump(content))


def lay(folder: Path, files: Files) -> None:
    """Puts files there."""
    for name, held in files.items():
        path = folder / name
        if path.suffix == ".png":
            picture(path)
        else:
            text(path, held)


def coco(*names: str, first: int = 1) -> str:
    """A COCO file with the car in each image."""
    numbered = list(enumerate(names, first))
    return json.dumps(
        {
            "images": [
                {"id": id_, "file_name": name, "width": 100, "height": 80}
                for id_, name in numbered
            ],
            "annotations": [
                {
                    "id": id_,
                    "image_id": id_,
                    "category_id": 1,
                    "bbox": [10, 20, 20, 30],
                }
                for id_, _ in numbered
            ],
            "categories": [{"id": 1, "name": "car"}],
        }
    )


def csv(name: str) -> str:
    """A CSV with the car, as others leave it: without sizes."""
    return f"filename,class,xmin,ymin,xmax,ymax\n{name},car,10,20,30,50\n"


XML = (
    "<annotation><filename>a.png</filename><size><width>100</width>"
    "<height>80</height></size><object><name>car</name><bndbox><xmin>10</xmin>"
    "<ymin>20</ymin><xmax>30</xmax><ymax>50</ymax></bndbox></object>"
    "</annotation>"
)
LINKEDAI = json.dumps(
    [
        {
            "id": 1,
            "image": "a.png",
            "width": 100,
            "height": 80,
            "tags": [
                {"pos": {"x": 10, "y": 20, "w": 20, "h": 30}, "name": "car"}
            ],
        }
    ]
)
YOLO: Files = {
    "images/a.png": "",
    "labels/a.txt": LABEL,
}
DATA_YAML = "train: images\nnames: [car]\n"
