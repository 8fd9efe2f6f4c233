"""The annotation table: its schema, its CSV, and what it refuses.

In memory it is a pandas DataFrame, a row per box, with the columns of
`Annotation` in that order; on disk a CSV of the same columns. An image
without objects keeps one row with an empty class and box: negatives are data.
Every reader of a format ends in `table_of`, every consumer may rely on
`check_table` having passed.
"""

import dataclasses
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from crossline.errors import InputError
from crossline.files import replacing, require_file

Mask = npt.NDArray[np.bool_]

NO_CLASS = ""
"""Stands in the class column of an image without objects."""


@dataclass(frozen=True)
class Annotation:
    """One row: a box of an image, or an image without objects.

    Attributes:
        filename: of the image, relative to the images' folder.
        width: of the image, pixels.
        height: of the image, pixels.
        class_name: the CSV's ``class``; empty where there is no object.
        class_id: in the source's own numbering (COCO's 1 to 90), 0 if it has
            none; label maps, not this column, decide the ids that train.
        xmin: left edge, pixels.
        ymin: top edge, pixels.
        xmax: right edge, pixels.
        ymax: bottom edge, pixels.
        image_id: in the source's own numbering; empty if it has none.
        is_crowd: whether the box holds many objects (COCO).
        difficult: whether VOC's evaluation would leave it out.
        area: of the object's mask in square pixels (COCO judges small,
            medium and large by it); the box's area where there is no mask.
    """

    filename: str
    width: int
    height: int
    class_name: str = NO_CLASS
    class_id: int = 0
    xmin: float = math.nan
    ymin: float = math.nan
    xmax: float = math.nan
    ymax: float = math.nan
    image_id: str = ""
    is_crowd: bool = False
    difficult: bool = False
    area: float = math.nan


_CSV_NAMES = {"class_name": "class"}
COLUMNS = tuple(
    _CSV_NAMES.get(field.name, field.name)
    for field in dataclasses.fields(Annotation)
)
"""The CSV's columns, in order."""
BOX_COLUMNS = ["xmin", "ymin", "xmax", "ymax"]
_REQUIRED = ("filename", "class", *BOX_COLUMNS)
_DEFAULTS = {
    _CSV_NAMES.get(field.name, field.name): field.default
    for field in dataclasses.fields(Annotation)
    if field.default is not dataclasses.MISSING
}


def table_of(rows: Iterable[Annotation]) -> pd.DataFrame:
    """Returns the table of `rows`, in their order."""
    values = [
        tuple(getattr(row, field.name) for field in dataclasses.fields(row))
        for row in rows
    ]
    return pd.DataFrame(values, columns=list(COLUMNS))


def rows_of(table: pd.DataFrame) -> Iterator[Annotation]:
    """Yields the rows of a table, the inverse of `table_of`."""
    for row in table[list(COLUMNS)].itertuples(index=False, name=None):
        yield Annotation(*row)


def has_box(table: pd.DataFrame) -> "pd.Series[bool]":
    """Returns a mask of the rows that hold an object."""
    return table["class"] != NO_CLASS


def class_names(table: pd.DataFrame) -> list[str]:
    """Returns the classes that occur, sorted."""
    return sorted(table.loc[has_box(table), "class"].unique())


def check_table(
    table: pd.DataFrame, source: Path, first_line: int = 2
) -> None:
    """Makes sure that every row is possible.

    Args:
        table: what was read.
        source: named in the error.
        first_line: the CSV line of row 0, also named in the error.

    Raises:
        InputError: a size below 1, a box with an edge outside its image (by
            more than half a pixel), inside out or without area, a coordinate
            that is no number, an image of two sizes, or an image that is
            both listed as empty and has boxes.
    """
    boxes = has_box(table).to_numpy(bool)
    edges = table[BOX_COLUMNS].to_numpy(float)
    size = table[["width", "height"]].to_numpy(float)
    slack = 0.5
    problems = {
        "image size below 1 pixel": (size < 1).any(axis=1),
        "a coordinate is missing or not finite": (
            boxes & ~np.isfinite(edges).all(axis=1)
        ),
        "the box is inside out or has no area": (
            boxes
            & ((edges[:, 2] <= edges[:, 0]) | (edges[:, 3] <= edges[:, 1]))
        ),
        "the box reaches outside the image": (
            boxes
            & (
                (edges[:, :2] < -slack).any(axis=1)
                | (edges[:, 2:] > size + slack).any(axis=1)
            )
        ),
        "the class is empty but there is a box": (
            ~boxes & np.isfinite(edges).any(axis=1)
        ),
    }
    for problem, at_fault in problems.items():
        _refuse(table, at_fault, problem, source, first_line)
    _check_images(table, boxes, source, first_line)


def read_csv(path: Path) -> pd.DataFrame:
    """Reads the annotations CSV; columns are found by name.

    ``width`` and ``height`` may be missing from other people's files only if
    the caller fills them; further columns are dropped.

    Raises:
        InputError: the file is missing, empty, no CSV, lacks a column, holds
            text where a number belongs, or fails `check_table`.
    """
    require_file(path)
    try:
        raw = pd.read_csv(
            path, dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
    except (pd.errors.ParserError, UnicodeDecodeError, ValueError) as error:
        raise InputError(path, f"is not a CSV file ({error})") from error
    raw.columns = [name.strip() for name in raw.columns]
    missing = [
        name
        for name in (*_REQUIRED, "width", "height")
        if name not in raw.columns
    ]
    if missing:
        raise InputError(
            path,
            f"has no column {', '.join(missing)}",
            place="line 1",
            remedy=f"expected {','.join(COLUMNS)}",
        )
    columns = {}
    for name in COLUMNS:
        if name not in raw.columns:
            columns[name] = pd.Series(_DEFAULTS[name], index=raw.index)
        elif name in ("filename", "class", "image_id"):
            columns[name] = raw[name].str.strip()
        elif name in ("is_crowd", "difficult"):
            columns[name] = (
                raw[name].str.strip().str.lower().isin(("1", "1.0", "true"))
            )
        else:
            columns[name] = _numbers(raw[name], path)
    table = pd.DataFrame(columns)
    for name in ("width", "height", "class_id"):
        table[name] = table[name].fillna(0).astype(np.int64)
    check_table(table, path)
    return table


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Writes the table, whole or not at all."""
    with replacing(path) as draft:
        table.to_csv(draft, index=False, columns=list(COLUMNS))


def _numbers(text: "pd.Series[str]", path: Path) -> "pd.Series[float]":
    stripped = text.str.strip()
    numbers = pd.to_numeric(stripped, errors="coerce")
    wrong = np.flatnonzero(numbers.isna() & (stripped != ""))
    if len(wrong):
        raise InputError(
            path,
            f"{text.name} is {stripped.iloc[wrong[0]]!r}, not a number",
            place=f"line {wrong[0] + 2}",
        )
    return numbers


def _check_images(
    table: pd.DataFrame,
    boxes: Mask,
    source: Path,
    first_line: int,
) -> None:
    by_image = table.groupby("filename", sort=False)
    for name in ("width", "height"):
        differs = table[name] != by_image[name].transform("first")
        _refuse(
            table,
            differs.to_numpy(),
            f"{name} differs from an earlier row of the image",
            source,
            first_line,
        )
    filled = has_box(table).groupby(table["filename"], sort=False)
    _refuse(
        table,
        filled.transform("any").to_numpy(bool) & ~boxes,
        "the image has boxes and also a row that says it has none",
        source,
        first_line,
    )


def _refuse(
    table: pd.DataFrame,
    at_fault: Mask,
    problem: str,
    source: Path,
    first_line: int,
) -> None:
    rows = np.flatnonzero(at_fault)
    if not len(rows):
        return
    row = table.iloc[rows[0]]
    found = ", ".join(
        f"{name} {row[name]:g}" for name in ("width", "height", *BOX_COLUMNS)
    )
    more = f" ({len(rows) - 1} more rows)" if len(rows) > 1 else ""
    raise InputError(
        source,
        f"{problem}: {row['filename']}, {found}{more}",
        place=f"line {rows[0] + first_line}",
        remedy="correct the row or remove it",
    )
