"""``counts_per_minute.csv``: crossings by minute, direction and class."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from crossline.count.growing import GrowingTable
from crossline.count.lines import Crossing, Totals

_MINUTE_S = 60


class MinuteLog(GrowingTable):
    """Writes a row per minute, line or zone, and direction; zeros too.

    The rows of a minute come when it is over. A minute without a frame has
    none: a stream was down, or its clock jumped.

    Args:
        path: the file, replaced if there is one.
        totals: tells the lines and zones, and their directions.
        class_names: label map id to name, of what can be counted; a column
            each.
    """

    def __init__(
        self, path: Path, totals: Totals, class_names: Mapping[int, str]
    ) -> None:
        super().__init__(
            path, ["minute", "line", "direction", *class_names.values()]
        )
        self._ways = [
            (line, direction)
            for line, directions in totals.items()
            for direction in directions
        ]
        self._class_ids = list(class_names)
        self._minute: int | None = None
        self._counts: Counter[tuple[str, str, int]] = Counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._end_minute()
        finally:
            super().__exit__(kind, error, traceback)

    def write(self, time_s: float, crossings: Iterable[Crossing]) -> None:
        """Takes the crossings of a frame; call it also with none."""
        minute = int(time_s // _MINUTE_S)
        if minute != self._minute:
            self._end_minute()
            self._minute = minute
        for crossing in crossings:
            self._counts[
                crossing.line, crossing.direction, crossing.class_id
            ] += 1

    def _end_minute(self) -> None:
        if self._minute is None:
            return
        self.append(
            (
                self._minute,
                *way,
                *(
                    self._counts[*way, class_id]
                    for class_id in self._class_ids
                ),
            )
            for way in self._ways
        )
        self._counts.clear()
