"""Named zones: who enters and leaves them, how many are in, for how long.

A zone is a polygon with a band along its edge, half of it inside. A track is
in when its centre, seen, was last decided to be further inside than the
band, and out when it was last decided to be further outside: whoever
trembles on the edge enters once. Whoever appears inside has entered, and who
is gone has left: so entries less exits are those who are in. A track that is
not seen at the moment stays where it was; if it is gone for good, its visit
ended where it was last seen.
"""

import copy
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from crossline.count.lines import BAND, Crossing, Totals
from crossline.count.outlines import Outlines
from crossline.count.rows import (
    Points,
    Rows,
    TrackRows,
    earlier_points,
    seen_points,
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


Dwell = dict[str, defaultdict[int, Visits]]
"""Zone name to label map id to visits."""


@dataclass
class ZoneCounter:
    """Counts entries and exits of its zones, and how long tracks stay.

    A visit is counted from its entry to its exit for the class that entered,
    even if the track has turned out to be of another in between.

    Attributes:
        zones: of different names.
        band: pixels, see the module.
        totals: zone name to ``in`` and ``out`` to label map id to count.
        most: zone name to how many were in at once, at most.
    """

    zones: Sequence[Zone]
    band: float = BAND
    totals: Totals = field(init=False)
    most: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        names = [zone.name for zone in self.zones]
        self.totals = {
            name: {ENTRY: Counter(), EXIT: Counter()} for name in names
        }
        self.most = dict.fromkeys(names, 0)
        self._dwell: Dwell = {name: defaultdict(Visits) for name in names}
        self._outlines = Outlines([zone.corners for zone in self.zones])
        self._clock = _Stopwatch()
        count = len(self.zones)
        self._rows = TrackRows(
            [
                ("track_id", np.int64, ()),
                ("class_id", np.int64, ()),
                ("score", np.float64, ()),
                ("point", np.float64, (2,)),
                ("seen_at", np.float64, ()),
                ("is_in", np.bool_, (count,)),
                ("entered_as", np.int64, (count,)),
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
        events = [
            self._leave(row, int(column), frame, time_s)
            for row in gone
            for column in np.flatnonzero(row["is_in"])
        ]
        values = self._rows.values
        for name in ("track_id", "class_id", "score"):
            values[name] = [getattr(track, name) for track in tracks]
        for rows, points in (*earlier_points(tracks), seen_points(tracks)):
            values["seen_at"][rows] = now
            events += self._step(rows, points, frame, time_s)
        inside = values["is_in"].sum(axis=0).tolist()
        for name, count in zip(self.most, inside, strict=True):
            self.most[name] = max(self.most[name], count)
        return events

    @property
    def occupancy(self) -> dict[str, Counter[int]]:
        """Zone name to label map id to how many are in."""
        return {
            name: +(ways[ENTRY] - ways[EXIT])
            for name, ways in self.totals.items()
        }

    def dwell(self) -> Dwell:
        """Returns the visits; those of whoever is still in end here."""
        dwell = copy.deepcopy(self._dwell)
        values = self._rows.values
        for row, column in np.argwhere(values["is_in"]):
            self._add_visit(dwell, values[row], int(column))
        return dwell

    def _step(
        self, rows: Rows, points: Points, frame: int, time_s: float
    ) -> list[Crossing]:
        """Moves tracks that are seen; returns who entered and left."""
        values = self._rows.values
        values["point"][rows] = points
        was_in = values["is_in"][rows]
        depths = self._outlines.depths(points)
        is_in = np.where(np.abs(depths) > self.band / 2, depths > 0, was_in)
        events = []
        for k, column in np.argwhere(was_in != is_in):
            act = self._enter if is_in[k, column] else self._leave
            events.append(act(values[rows[k]], int(column), frame, time_s))
        return events

    def _enter(
        self, row: Any, column: int, frame: int, time_s: float
    ) -> Crossing:
        row["is_in"][column] = True
        row["entered_as"][column] = row["class_id"]
        row["entered_at"][column] = row["seen_at"]
        return self._event(row, column, ENTRY, frame, time_s)

    def _leave(
        self, row: Any, column: int, frame: int, time_s: float
    ) -> Crossing:
        row["is_in"][column] = False
        self._add_visit(self._dwell, row, column)
        return self._event(row, column, EXIT, frame, time_s)

    def _event(
        self, row: Any, column: int, way: str, frame: int, time_s: float
    ) -> Crossing:
        name, class_id = (
            self.zones[column].name,
            int(row["entered_as"][column]),
        )
        self.totals[name][way][class_id] += 1
        return Crossing(
            time_s,
            frame,
            int(row["track_id"]),
            class_id,
            name,
            way,
            float(row["point"][0]),
            float(row["point"][1]),
            float(row["score"]),
        )

    def _add_visit(self, dwell: Dwell, row: Any, column: int) -> None:
        visits = dwell[self.zones[column].name]
        visits[int(row["entered_as"][column])].add(
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
