"""What leaves the counters: ``events.csv``, and the totals by name.

``events.csv`` has a row per crossing, on disk as soon as it happens.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from crossline.count.lines import Crossing, Totals
from crossline.count.zones import ZoneCounter
from crossline.track.tracker import Point

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

NamedTotals = dict[str, dict[str, dict[str, int]]]
"""Line or zone to direction to class name to crossings."""


@dataclass(frozen=True)
class VisitSummary:
    """How long objects of a class stayed in a zone.

    Attributes:
        visits: how many.
        mean_s: of a visit.
        longest_s: of one visit.
    """

    visits: int
    mean_s: float
    longest_s: float


@dataclass(frozen=True)
class ZoneSummary:
    """What is known of a zone in the end.

    Attributes:
        corners: x and y of each, pixels.
        inside: class name to how many are in.
        most_inside: at once, of all classes.
        dwell: by class name.
    """

    corners: tuple[Point, ...]
    inside: dict[str, int]
    most_inside: int
    dwell: dict[str, VisitSummary]


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
) -> NamedTotals:
    """Returns the totals by class name, for JSON."""
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


def zone_summaries(
    counter: ZoneCounter, class_names: Mapping[int, str]
) -> dict[str, ZoneSummary]:
    """Returns a summary per zone, by name, for JSON."""
    occupancy, dwell = counter.occupancy, counter.dwell()
    return {
        zone.name: ZoneSummary(
            zone.corners,
            {
                class_names[class_id]: count
                for class_id, count in sorted(occupancy[zone.name].items())
            },
            counter.most[zone.name],
            {
                class_names[class_id]: VisitSummary(
                    visits.count,
                    round(visits.mean_s, 3),
                    round(visits.longest_s, 3),
                )
                for class_id, visits in sorted(dwell[zone.name].items())
            },
        )
        for zone in counter.zones
    }
