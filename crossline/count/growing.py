"""CSV files that grow while one watches."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self


class GrowingTable:
    """A CSV file, valid up to its last row at any time.

    A context manager.

    Args:
        path: the file, replaced if there is one; its folder is made.
        columns: the header; without them there is none.
    """

    def __init__(self, path: Path, columns: Sequence[str] = ()) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        if columns:
            self.append([columns])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def append(self, rows: Iterable[Sequence[object]]) -> None:
        """Appends rows and flushes them."""
        try:
            self._writer.writerows(rows)
            self._file.flush()
        except OSError as error:
            error.filename = self._file.name
            raise
