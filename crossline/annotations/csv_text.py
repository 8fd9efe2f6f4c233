"""The cells of a CSV, as text, in columns of our names."""

import csv
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from crossline.annotations.annotation import (
    BOX_COLUMNS,
    COLUMNS,
    OPTIONAL_COLUMNS,
)
from crossline.errors import InputError
from crossline.files import require_file

REQUIRED_COLUMNS = ("filename", "width", "height", "class", *BOX_COLUMNS)
_OURS = {
    **{name: name for name in (*COLUMNS, *OPTIONAL_COLUMNS)},
    **dict.fromkeys(["image", "file_name", "image_path"], "filename"),
    **dict.fromkeys(["image_width", "img_width"], "width"),
    **dict.fromkeys(["image_height", "img_height"], "height"),
    **dict.fromkeys(["label", "class_name"], "class"),
    **dict(
        zip(("x_min", "y_min", "x_max", "y_max"), BOX_COLUMNS, strict=True)
    ),
    **dict(zip(("x1", "y1", "x2", "y2"), BOX_COLUMNS, strict=True)),
}
"""What columns are called, in small letters, to what we call them."""
_CHUNK = 25_000


def known_names(header: Iterable[str]) -> list[str]:
    """Returns the names of a CSV's columns, ours where tutorials differ."""
    found = [name.strip() for name in header]
    ours = [_OURS.get(name.lower(), name) for name in found]
    return [
        name if our in found else our
        for name, our in zip(found, ours, strict=True)
    ]


def text_chunks(path: Path, required: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Yields the CSV's cells as they stand, the columns by our names.

    Raises:
        InputError: the file is missing, empty, no CSV, or lacks a column
            that is required.
    """
    require_file(path)
    try:
        columns = read_header(path)
        with warnings.catch_warnings():
            # Else pandas drops the cells of a row that is too long.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            with pd.read_csv(
                path,
                dtype=str,
                keep_default_na=False,
                index_col=False,
                encoding="utf-8-sig",
                chunksize=_CHUNK,
            ) as chunks:
                for raw in chunks:
                    raw.columns = columns
                    _require_columns(raw.columns, required, path)
                    yield raw.fillna("")
    except (ValueError, pd.errors.ParserWarning) as error:
        raise InputError(path, f"is not a CSV file ({error})") from error


def read_header(path: Path) -> "pd.Index[str]":
    """Returns the first row; pandas would rename what is there twice."""
    first = pd.read_csv(
        path,
        header=None,
        nrows=1,
        dtype=str,
        keep_default_na=False,
        encoding="utf-8-sig",
    )
    return pd.Index(known_names(first.iloc[0]))


def quoting_of(table: pd.DataFrame, names: Iterable[str]) -> Literal[0, 2]:
    """Returns what of the `csv` module keeps each text in its cell.

    Up to Python 3.12 it does not see that a carriage return needs quotes.
    """
    texts = (table[name].unique() for name in names if name in table)
    is_wild = any("\r" in text for of_column in texts for text in of_column)
    return csv.QUOTE_NONNUMERIC if is_wild else csv.QUOTE_MINIMAL


def _require_columns(
    columns: "pd.Index[str]", required: Sequence[str], path: Path
) -> None:
    missing = [name for name in required if name not in columns]
    if missing:
        raise InputError(
            path,
            f"has no column {', '.join(missing)}",
            place="line 1",
            remedy=f"expected {','.join(COLUMNS)}",
        )
    for name in (*COLUMNS, *OPTIONAL_COLUMNS):
        if (columns == name).sum() > 1:
            raise InputError(path, f"has two columns {name}", place="line 1")
