"""A YOLO label file: a line per object."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crossline.annotations.yolo_layout import NAMES_FILES, label_of
from crossline.errors import InputError

Row = tuple[int, float, float, float, float]
"""Class, then x and y of the centre, width and height as fractions."""
_FIELDS = "class x y width height"


def label_file(image: Path) -> Path:
    """Returns an image's label file; some tools leave it beside the image."""
    mirrored, beside = label_of(image), image.with_suffix(".txt")
    is_beside = beside.is_file() and not mirrored.is_file()
    return beside if is_beside else mirrored


def labels_beside(labels: Iterable[Path]) -> set[Path]:
    """Returns all label files in the folders of some."""
    return {
        path
        for folder in {label.parent for label in labels}
        for path in folder.glob("*.txt")
        if path.name not in NAMES_FILES
    }


def read_label(
    path: Path, names: Mapping[int, str], left_out: Counter[str]
) -> list[Row]:
    """Reads a label file; where there is none, there is no object.

    Args:
        path: of the file.
        names: of the classes.
        left_out: counts what is not taken.

    Raises:
        InputError: it is malformed.
    """
    if not path.is_file():
        return []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(path, f"is not UTF-8 ({error.reason})") from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows.append(_row(line, names, left_out))
        except ValueError as error:
            raise InputError(
                path, str(error), place=f"line {number}"
            ) from error
    return rows


def _row(line: str, names: Mapping[int, str], left_out: Counter[str]) -> Row:
    class_, *box = map(float, line.split())
    if class_ not in names:
        raise ValueError(
            f"class {class_:g} has no name; there are {len(names)} from "
            f"{min(names)}"
        )
    if len(box) == 5:
        left_out["confidence of a box"] += 1
    elif len(box) >= 6 and len(box) % 2 == 0:
        left_out["outline of an object (the box around it is kept)"] += 1
        box = _box_around(np.reshape(box, (-1, 2)))
    elif len(box) != 4:
        raise ValueError(f"has {len(box) + 1} numbers, expected {_FIELDS}")
    x, y, width, height = box[:4]
    return int(class_), x, y, width, height


def _box_around(points: npt.NDArray[np.float64]) -> list[float]:
    low, high = points.min(axis=0), points.max(axis=0)
    return [*((low + high) / 2).tolist(), *(high - low).tolist()]
