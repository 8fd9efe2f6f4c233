"""Small data sets on disk, as tools of others leave them."""

from pathlib import Path

import yaml
from PIL import Image as Pillow

LABEL = "0 0.2 0.4375 0.2 0.375\n"
"""A class 0 at 10, 20, 30, 50 of an image of 100 x 80 pixels."""


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
