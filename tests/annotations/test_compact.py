"""The table of a long CSV: the same rows in less memory."""

from pathlib import Path

import pandas as pd
import pytest

from crossline.annotations import csv_text
from crossline.annotations.compact import read_compact, sorted_codes
from crossline.annotations.table import read_csv, rows_of, write_csv
from crossline.errors import InputError
from tests.annotations.rows import empty, row, table


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A CSV of 14 rows, which are read three at a time."""
    monkeypatch.setattr(csv_text, "_CHUNK", 3)
    rows = [
        row(f"{number % 5}.jpg", "bus", (1.08, 2, 30.125, 50), area=0.1)
        for number in range(12)
    ]
    rows += [empty("none.jpg"), row("é.jpg", image_id="007", repeats=2)]
    write_csv(table(*rows), tmp_path / "all.csv")
    return tmp_path / "all.csv"


def test_holds_the_rows_that_are_in_the_csv(path: Path) -> None:
    compact = read_compact(path)
    # As text: nan is not itself.
    assert list(map(str, rows_of(compact))) == list(
        map(str, rows_of(read_csv(path)))
    )
    assert compact["filename"].dtype == "category"
    assert compact["class_id"].dtype == "int32"
    assert compact["xmin"].dtype == "float64"


def test_a_bad_row_of_a_later_chunk_is_named_by_its_line(path: Path) -> None:
    with path.open("a") as file:
        file.write("x.jpg,100,80,car,0,9,9,wide,50,,False,False,,1\n")
    for read in (read_csv, read_compact):
        with pytest.raises(InputError, match="line 16: xmax is 'wide'"):
            read(path)


def test_a_csv_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    write_csv(table(), tmp_path / "all.csv")
    assert len(read_compact(tmp_path / "all.csv")) == 0


@pytest.mark.parametrize("dtype", ["str", "category"])
def test_texts_are_numbered_in_alphabetical_order(dtype: str) -> None:
    codes, texts = sorted_codes(pd.Series(["b", "a", "c", "b"], dtype=dtype))
    assert codes.tolist() == [1, 0, 2, 1]
    assert texts.tolist() == ["a", "b", "c"]
