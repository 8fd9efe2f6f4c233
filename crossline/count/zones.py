"""Named zones: who enters and leaves them, how many are in, for how long.

A zone is a polygon with a band along its edge, half of it inside. A track is
in when its centre, seen, was last decided to be further inside than the
band, and out when it was last decided to be further outside: whoever
trembles on the edge enters once. An entry is seen outside first and an exit
inside: whoever appears inside, or is lost there, is in or no longer in, but
has not crossed the edge. A track that is not seen at the moment stays where
it was; if it is gone for good, its visit ended where it was last seen.
"""

import copy
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from crossline.count.lines import BAND, Crossing, Totals
from crossline.count.outlines import Outlines
from crossline.count.rows import (
    Sighting,
    TrackRows,
    decided_sides,
    sightings,
)
from crossline.track.tracker import Point, Track

ENTRY, EXIT = "in", "out"
LONGEST_STEP_S = 10.0
"""From one frame to the next; a longer one is a gap, or a clock that jumps."""


@dataclass(frozen=True)
class Zone:
    """A polygon that is watched, in pixels.

    Attributes:
        name: unique among lines and zones.
        corners: x, y of each; the last is joined to the first.
    """

    name: str
    corners: tuple[Point, ...]


@dataclass
class Visits:
    """How long tracks were in a zone.

    Attributes:
        count: of visits.
        total_s: their sum.
        longest_s: of one of them.
    """

    count: int = 0
    total_s: float = 0.0
    longest_s: float = 0.0

    def add(self, seconds: float) -> None:
        """Adds a visit."""
        self.count += 1
        self.total_s += seconds
        self.longest_s = max(self.longest_s, seconds)

    @property
    def mean_s(self) -> float:
        """Seconds a visit; 0 of none."""
        return self.total_s / self.count if self.count else 0.0


Occupancy = dict[str, Counter[int]]
"""Zone name to label map id to how many are in."""
Dwell = dict[str, defaultdict[int, Visits]]
"""Zone name to label map id to visits."""


@dataclass
class ZoneCounter:
    """Counts entries and exits of its zones, and how long tracks stay.

    Attributes:
        zones: of different names.
        band: pixels, see the module.
        totals: zone name to ``in`` and ``out`` to label map id to count.
        occupancy: zone name to label map id to how many are in.
        most: zone name to how many were in at once, at most.
    """

    zones: Sequence[Zone]
    band: float = BAND
    totals: Totals = field(init=False)
    occupancy: Occupancy = field(init=False)
    most: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        names = [zone.name for zone in self.zones]
        self.totals = {
            name: {ENTRY: Counter(), EXIT: Counter()} for name in names
        }
        self.occupancy = {name: Counter() for name in names}
        self.most = dict.fromkeys(names, 0)
        self._dwell: Dwell = {name: defaultdict(Visits) for name in names}
        self._outlines = Outlines([zone.corners for zone in self.zones])
        self._clock = _Stopwatch()
        count = len(self.zones)
        self._rows = TrackRows(
            [
                ("class_id", np.int64, ()),
                ("seen_at", np.float64, ()),
                # 1 in, -1 out, 0 before the first decision.
                ("side", np.int8, (count,)),
                ("entered_at", np.float64, (count,)),
            ]
        )

    def update(
        self, tracks: Iterable[Track], frame: int, time_s: float
    ) -> list[Crossing]:
        """Takes all live tracks of a frame; returns who entered and left.

        A track that is missing from a call is taken for gone.
        """
        tracks = list(tracks)
        now = self._clock.at(time_s)
        gone = self._rows.follow([track.track_id for track in tracks])
        self._add_visits(self._dwell, gone)
        values = self._rows.values
        values["class_id"] = [track.class_id for track in tracks]
        crossings = []
        for sighting in sightings(tracks):
            values["seen_at"][sighting.rows] = now
            for row, column, (x, y) in self._step(sighting):
                track, name = tracks[row], self.zones[column].name
                way = ENTRY if values["side"][row, column] > 0 else EXIT
                self.totals[name][way][track.class_id] += 1
                crossings.append(
                    Crossing(
                        time_s,
                        frame,
                        track.track_id,
                        track.class_id,
                        name,
                        way,
                        x,
                        y,
                        track.score,
                    )
                )
        self._note_occupancy()
        return crossings

    def dwell(self) -> Dwell:
        """Returns the visits; those of whoever is still in end here."""
        dwell = copy.deepcopy(self._dwell)
        self._add_visits(dwell, self._rows.values)
        return dwell

    def _step(self, sighting: Sighting) -> Iterator[tuple[int, int, Point]]:
        """Moves tracks that are seen; yields row, zone, place of crossings."""
        rows, points, measured = sighting
        values = self._rows.values
        former = values["side"][rows]
        decided = decided_sides(
            self._outlines.depths(points),
            self._outlines.depths(measured),
            self.band,
        )
        side = np.where(decided, decided, former)
        values["side"][rows] = side
        for k, column in np.argwhere(former != side):
            row = int(rows[k])
            if side[k, column] > 0:
                entered_at = values["seen_at"][row]
                values["entered_at"][row, column] = entered_at
            elif former[k, column] > 0:
                self._add_visit(self._dwell, values[row], int(column))
            if former[k, column]:
                x, y = points[k].tolist()
                yield row, int(column), (x, y)

    def _note_occupancy(self) -> None:
        values = self._rows.values
        for column, zone in enumerate(self.zones):
            inside = values["class_id"][values["side"][:, column] > 0]
            self.occupancy[zone.name] = Counter(inside.tolist())
            self.most[zone.name] = max(self.most[zone.name], len(inside))

    def _add_visits(self, dwell: Dwell, rows: npt.NDArray[Any]) -> None:
        for row, column in np.argwhere(rows["side"] > 0):
            self._add_visit(dwell, rows[row], int(column))

    def _add_visit(self, dwell: Dwell, row: Any, column: int) -> None:
        visits = dwell[self.zones[column].name]
        visits[int(row["class_id"])].add(
            float(row["seen_at"] - row["entered_at"][column])
        )


class _Stopwatch:
    """Runs with a clock, and stands still while that one jumps."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._elapsed = 0.0

    def at(self, time_s: float) -> float:
        """Returns seconds since the first call."""
        last, self._last = self._last, time_s
        if last is not None and 0 < time_s - last <= LONGEST_STEP_S:
            self._elapsed += time_s - last
        return self._elapsed
