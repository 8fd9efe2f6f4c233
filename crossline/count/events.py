"""What leaves the counters: tables as it happens, and the totals by name.

A row of ``events.csv`` is a crossing, one of ``occupancy.csv`` a change of
who is in a zone; each is on disk at once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from crossline.count.growing import GrowingTable
from crossline.count.lines import Crossing, Totals
from crossline.count.zones import Occupancy, ZoneCounter
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

OCCUPANCY_COLUMNS = ("time_s", "frame", "zone")
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


class EventLog(GrowingTable):
    """Writes ``events.csv``.

    Args:
        path: the file, replaced if there is one.
        class_names: label map id to name.
    """

    def __init__(self, path: Path, class_names: Mapping[int, str]) -> None:
        super().__init__(path, COLUMNS)
        self._class_names = class_names

    def write(self, crossings: Iterable[Crossing]) -> None:
        """Appends a row per crossing."""
        self.append(
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
            for crossing in crossings
        )


class OccupancyLog(GrowingTable):
    """Writes ``occupancy.csv``: how many are in a zone, when it changes.

    Args:
        path: the file, replaced if there is one.
        class_names: label map id to name, of what can be counted; a column
            each.
    """

    def __init__(self, path: Path, class_names: Mapping[int, str]) -> None:
        super().__init__(path, [*OCCUPANCY_COLUMNS, *class_names.values()])
        self._class_ids = list(class_names)
        self._last: dict[str, Counter[int]] = {}

    def write(self, time_s: float, frame: int, occupancy: Occupancy) -> None:
        """Takes what a frame came to; appends a row per zone that changed."""
        self.append(
            (
                f"{time_s:.3f}",
                frame,
                name,
                *(inside[class_id] for class_id in self._class_ids),
            )
            for name, inside in occupancy.items()
            if inside != self._last.get(name)
        )
        self._last = dict(occupancy)


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
