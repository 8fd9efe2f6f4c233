"""``events.csv``: a row per crossing, on disk as soon as it happens."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from crossline.count.lines import Crossing, Totals

COLUMNS = (
    "time_s",
    "frame",
    "track_id",
    "class",
    "line",
    "direction",
    "x",
    "y",
    "score",
)


class EventLog:
    """Writes ``events.csv``; valid up to its last row at any time.

    Args:
        path: the file, replaced if there is one.
        class_names: label map id to name.
    """

    def __init__(self, path: Path, class_names: Mapping[int, str]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._class_names = class_names
        self._writer.writerow(COLUMNS)
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, crossings: Iterable[Crossing]) -> None:
        """Appends rows and flushes them."""
        for crossing in crossings:
            self._writer.writerow(
                (
                    f"{crossing.time_s:.3f}",
                    crossing.frame,
                    crossing.track_id,
                    self._class_names[crossing.class_id],
                    crossing.line,
                    crossing.direction,
                    f"{crossing.x:.1f}",
                    f"{crossing.y:.1f}",
                    f"{crossing.score:.3f}",
                )
            )
        self._file.flush()


def named_totals(
    totals: Totals, class_names: Mapping[int, str]
) -> dict[str, dict[str, dict[str, int]]]:
    """Returns line to direction to class name to crossings, for JSON."""
    return {
        line: {
            direction: {
                class_names[class_id]: count
                for class_id, count in sorted(counts.items())
            }
            for direction, counts in directions.items()
        }
        for line, directions in totals.items()
    }
