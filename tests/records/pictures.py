"""Small pictures as files, and the rows that annotate them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ExifTags
from PIL import Image as Pillow

from crossline.annotations.table import Annotation
from crossline.geometry import Image
from crossline.records.example import serialize_example
from crossline.records.example_message import Example
from crossline.records.images import encode_image
from crossline.records.label_map import LabelMap

WIDTH, HEIGHT = 80, 60
BOX = (8.0, 6.0, 40.0, 30.0)
"""Of the bright block in `block`; a tenth and a half of each side."""


def block(mode: str = "RGB") -> Pillow.Image:
    """A bright block on dark ground, `WIDTH` x `HEIGHT`."""
    pixels = np.full((HEIGHT, WIDTH, 3), (20, 40, 60), np.uint8)
    pixels[6:30, 8:40] = (200, 220, 240)
    picture = Pillow.fromarray(pixels)
    # With the web's palette it would be dithered.
    return picture.quantize() if mode == "P" else picture.convert(mode)


def save(
    path: Path,
    picture: Pillow.Image | None = None,
    orientation: int = 1,
    **options: Any,
) -> Path:
    """Writes a picture in the format of its suffix."""
    exif = Pillow.Exif()
    if orientation != 1:
        exif[ExifTags.Base.Orientation] = orientation
    path.parent.mkdir(parents=True, exist_ok=True)
    (picture or block()).save(path, exif=exif, **options)
    return path


def save_16_bit(path: Path) -> Path:
    """Writes the block as a grey PNG of 16 bits."""
    grey = np.asarray(block("L")).astype(np.uint16)
    Pillow.fromarray(grey * 257).save(path)
    return path


def bright_box(image: Image) -> list[int]:
    """Returns the edges of what is bright in an image."""
    rows, columns = np.nonzero(image.max(axis=2) > 128)
    return [
        int(edge)
        for edge in (
            columns.min(),
            rows.min(),
            columns.max() + 1,
            rows.max() + 1,
        )
    ]


def row(
    filename: str = "a.jpg",
    class_name: str = "car",
    box: tuple[float, float, float, float] = BOX,
    **others: Any,
) -> Annotation:
    """An object on a `WIDTH` x `HEIGHT` image."""
    edges = dict(zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True))
    values = {"width": WIDTH, "height": HEIGHT, **edges, **others}
    return Annotation(filename, class_name=class_name, **values)


def negative(filename: str = "none.jpg") -> Annotation:
    """An image without objects."""
    return Annotation(filename, WIDTH, HEIGHT)


def example_of(
    rows: Sequence[Annotation], path: Path, label_map: LabelMap
) -> Any:
    """Returns the Example that a record of an image holds."""
    parts = serialize_example(rows, encode_image(path), label_map)
    return Example.FromString(b"".join(parts))
