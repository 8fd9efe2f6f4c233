"""The annotation table of millions of rows: 63 bytes a row.

Boxes stay float64: float32 would turn a CSV's 1.08 into 1.080000043.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crossline.annotations.table import (
    FIRST_LINE,
    TEXT_COLUMNS,
    check_table,
    read_chunks,
    refusing,
)

Array = npt.NDArray[Any]


def read_compact(path: Path) -> pd.DataFrame:
    """Reads a CSV as `read_csv` does, into a fraction of the memory.

    Returns:
        The annotation table; text as categories (beware of those without
        rows), whole numbers of 32 bits.

    Raises:
        InputError: as `read_csv`.
    """
    numbers: dict[str, dict[str, int]] = {name: {} for name in TEXT_COLUMNS}
    columns: dict[str, Any] = {}
    for chunk in read_chunks(path, refusing(path)):
        for name in chunk.columns:
            added = _compact(chunk[name], numbers.get(name))
            columns[name] = _longer(columns.get(name), added)
    for name in numbers.keys() & columns.keys():
        texts = pd.Index(list(numbers.pop(name)), dtype=str)
        columns[name] = pd.Categorical.from_codes(
            columns[name], categories=texts
        )
    table = pd.DataFrame(columns, copy=False)
    check_table(table, path, first_line=FIRST_LINE)
    return table


def sorted_codes(column: "pd.Series[Any]") -> tuple[Array, Array]:
    """Numbers the texts of a column in their alphabetical order.

    Returns:
        ``(rows,)`` int32, each row's number, and ``(texts,)``, the sorted
        texts that occur.
    """
    codes, found = pd.factorize(column)
    texts = np.asarray(found, object)
    order = np.argsort(texts)
    numbers = np.empty(len(order), np.int32)
    numbers[order] = np.arange(len(order))
    return numbers[codes], texts[order]


def with_categories(table: pd.DataFrame) -> pd.DataFrame:
    """Returns a table with its text as categories, as it may have it."""
    text = [name for name in TEXT_COLUMNS if name in table.columns]
    return table.astype(dict.fromkeys(text, "category"))


def _compact(
    column: "pd.Series[Any]", numbers: dict[str, int] | None
) -> Array:
    """Returns a column's numbers, or each text's number in `numbers`."""
    if numbers is None:
        whole = column.dtype == np.int64
        return column.to_numpy(np.int32 if whole else None)
    codes, texts = pd.factorize(column)
    of_texts = [numbers.setdefault(text, len(numbers)) for text in texts]
    return np.array(of_texts, np.int32)[codes]


def _longer(values: Array | None, added: Array) -> Array:
    """Appends in place: a list of arrays to join would be a second table."""
    if values is None:
        return added.copy()
    length = len(values)
    values.resize(length + len(added), refcheck=False)
    values[length:] = added
    return values
