"""The annotation table: its schema, its CSV, and what it refuses.

In memory it is a pandas DataFrame, a row per box, with the columns of
`Annotation` in that order, and some of `OPTIONAL_COLUMNS` behind them; on
disk a CSV of the same columns. An image without objects keeps one row with
an empty class and box: negatives are data.
Every reader of a format ends in `table_of`, every consumer may rely on
`check_table` having passed.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crossline.annotations.annotation import (
    BOX_COLUMNS,
    COLUMNS,
    DEFAULTS,
    NO_CLASS,
    OBJECT_COLUMNS,
    OPTIONAL_COLUMNS,
    Annotation,
)
from crossline.annotations.csv_text import (
    REQUIRED_COLUMNS,
    quoting_of,
    text_chunks,
)
from crossline.errors import InputError
from crossline.files import replacing

# Of the schema, what comes with the table.
__all__ = [
    "BOX_COLUMNS",
    "COLUMNS",
    "NO_CLASS",
    "OBJECT_COLUMNS",
    "OPTIONAL_COLUMNS",
    "Annotation",
]

Mask = npt.NDArray[np.bool_]
OnBadCell = Callable[[int, str], None]
"""Takes the row, counted from 0, and what is wrong with a cell of it."""

SLACK = 0.5
"""How far a box may reach outside its image, from rounding; pixels."""
TEXT_COLUMNS = ("filename", "class", "image_id", *OPTIONAL_COLUMNS)
_WHOLE = ("width", "height", "class_id", "repeats")
_LARGEST = 2**31 - 1
FIRST_LINE = 2
"""Of the CSV: that of row 0."""


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


def rows_by_image(
    table: pd.DataFrame,
) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    """Yields each image's name and the positions of its rows."""
    codes, names = pd.factorize(table["filename"])
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    yield from zip(names, np.split(order, ends[:-1]), strict=False)


def has_box(table: pd.DataFrame) -> "pd.Series[bool]":
    """Returns a mask of the rows that hold an object."""
    return table["class"] != NO_CLASS


def class_names(table: pd.DataFrame) -> list[str]:
    """Returns the classes that occur, sorted."""
    return sorted(table.loc[has_box(table), "class"].unique())


def check_table(
    table: pd.DataFrame, source: Path, first_line: int | None = None
) -> None:
    """Makes sure that every row is possible.

    Args:
        table: what was read.
        source: named in the error.
        first_line: the CSV's line of row 0, for the error's place; where
            None, the place is the image.

    Raises:
        InputError: an image without a name or with a size below 1, a box
            with an edge outside its image (by more than half a pixel),
            inside out or without area, a coordinate that is no number, an
            image of two sizes or repeated a different number of times, or
            one that is both listed as empty and has boxes.
    """
    boxes = has_box(table).to_numpy(bool)
    # Column by column: of a long table, an array of all would be a copy.
    names = ("width", "height", "repeats", *BOX_COLUMNS)
    column = {name: table[name].to_numpy() for name in names}
    finite = np.array([np.isfinite(column[name]) for name in BOX_COLUMNS])
    problems = {
        "the file name is empty": (table["filename"] == "").to_numpy(bool),
        "image size below 1 pixel": (
            (column["width"] < 1) | (column["height"] < 1)
        ),
        "repeats is below 1": column["repeats"] < 1,
        "a coordinate is missing or not finite": boxes & ~finite.all(axis=0),
        "the box is inside out or has no area": boxes
        & (
            (column["xmax"] <= column["xmin"])
            | (column["ymax"] <= column["ymin"])
        ),
        "the box reaches outside the image": boxes
        & (
            (column["xmin"] < -SLACK)
            | (column["ymin"] < -SLACK)
            | (column["xmax"] > column["width"] + SLACK)
            | (column["ymax"] > column["height"] + SLACK)
        ),
        "the class is empty but there is a box": ~boxes & finite.any(axis=0),
        **_image_problems(table, boxes),
    }
    for problem, at_fault in problems.items():
        _refuse(table, at_fault, problem, source, first_line)


def read_csv(path: Path) -> pd.DataFrame:
    """Reads the annotations CSV.

    Columns are found by name, in any order, also by the names that
    tutorials give them; of ours, those that have a default may be missing;
    others are dropped.

    Raises:
        InputError: the file is missing, empty, no CSV, lacks a column, holds
            text where a number belongs, or fails `check_table`.
    """
    table = read_unchecked(path, refusing(path))
    check_table(table, path, first_line=FIRST_LINE)
    return table


def read_unchecked(
    path: Path,
    on_bad_cell: OnBadCell,
    required: Sequence[str] = REQUIRED_COLUMNS,
) -> pd.DataFrame:
    """Reads a CSV as it stands, for who wants to know all that is wrong.

    Args:
        path: of the CSV.
        on_bad_cell: called for each cell that holds text where a number
            belongs; that becomes nan, in a column of whole numbers 0.
        required: columns that must be there; others are empty or 0.

    Raises:
        InputError: the file is missing, empty, no CSV or lacks a column.
    """
    return pd.concat(read_chunks(path, on_bad_cell, required))


def refusing(path: Path) -> OnBadCell:
    """Returns what refuses the first bad cell of a CSV."""

    def refuse(row: int, problem: str) -> None:
        raise InputError(path, problem, place=f"line {row + FIRST_LINE}")

    return refuse


def read_chunks(
    path: Path,
    on_bad_cell: OnBadCell,
    required: Sequence[str] = REQUIRED_COLUMNS,
) -> Iterator[pd.DataFrame]:
    """Reads a CSV as `read_unchecked` does, some rows at a time.

    As text, a million rows would fill a gigabyte. There is at least one
    chunk; their indices go on from each other.
    """
    for raw in text_chunks(path, required):
        names = [*COLUMNS, *_optional(raw)]
        yield pd.DataFrame(
            {name: _column(raw, name, on_bad_cell) for name in names}
        )


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Writes the table, whole or not at all; numbers with 10 digits."""
    with replacing(path) as draft:
        table.to_csv(
            draft,
            index=False,
            columns=[*COLUMNS, *_optional(table)],
            float_format="%.10g",
            quoting=quoting_of(table, TEXT_COLUMNS),
        )


def _optional(table: pd.DataFrame) -> list[str]:
    return [name for name in OPTIONAL_COLUMNS if name in table.columns]


def _column(
    raw: pd.DataFrame, name: str, on_bad_cell: OnBadCell
) -> "pd.Series[Any]":
    default = DEFAULTS.get(name, 0 if name in _WHOLE else "")
    if name not in raw.columns:
        return pd.Series(default, index=raw.index)
    text = raw[name].str.strip()
    if name in TEXT_COLUMNS:
        return text
    if isinstance(default, bool):
        return text.str.lower().isin(("1", "1.0", "true"))
    if name in _WHOLE:
        whole = _numbers(text, on_bad_cell, whole=True)
        return whole.fillna(default).astype(np.int64)
    return _numbers(text, on_bad_cell)


def _numbers(
    text: "pd.Series[str]", on_bad_cell: OnBadCell, *, whole: bool = False
) -> "pd.Series[float]":
    try:
        numbers = text.where(text != "").astype("float64[pyarrow]")
    except ValueError:  # Ten times slower, but it goes on after bad cells.
        numbers = pd.to_numeric(text, errors="coerce")
    numbers = numbers.astype(float)
    wrong = ~np.isfinite(numbers)
    if whole:
        wrong |= (numbers != numbers.round()) | (numbers.abs() > _LARGEST)
    kind = "whole number" if whole else "number"
    for row in np.flatnonzero(wrong & (text != "")).tolist():
        on_bad_cell(
            text.index[row], f"{text.name} is {text.iloc[row]!r}, not a {kind}"
        )
    return numbers.mask(wrong)


def _image_problems(table: pd.DataFrame, boxes: Mask) -> dict[str, Mask]:
    by_image = table.groupby("filename", sort=False, observed=True)
    problems = {
        f"{name} differs from an earlier row of the image": (
            table[name] != by_image[name].transform("first")
        ).to_numpy(bool)
        for name in ("width", "height", "repeats")
    }
    filled = has_box(table).groupby(
        table["filename"], sort=False, observed=True
    )
    problems["the image has boxes and also a row that says it has none"] = (
        filled.transform("any").to_numpy(bool) & ~boxes
    )
    return problems


def _refuse(
    table: pd.DataFrame,
    at_fault: Mask,
    problem: str,
    source: Path,
    first_line: int | None,
) -> None:
    rows = np.flatnonzero(at_fault)
    if not len(rows):
        return
    row = table.iloc[rows[0]]
    found = ", ".join(
        f"{name} {row[name]:g}" for name in ("width", "height", *BOX_COLUMNS)
    )
    image = f"image {row['filename']}"
    line = None if first_line is None else f"line {rows[0] + first_line}"
    more = f" ({len(rows) - 1} more rows)" if len(rows) > 1 else ""
    raise InputError(
        source,
        f"{problem}: {f'{image}, ' if line else ''}{found}{more}",
        place=line or image,
        remedy="correct or remove it",
    )
