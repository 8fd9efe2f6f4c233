r"""Named lines, and who crosses them.

A line has two sides and a band along it::

            directions[1] <-  |  -> directions[0]
                              |
        negative side   . . . | . . .   positive side
                              |
                        <- band wide ->

The positive side is the one of growing x, or of growing y for lines nearer
to the horizontal. A track crosses when its centre, last decided on one side
of the band, is decided on the other, and its way leads through the segment.
Inside the band nothing is decided: waiting or trembling on the line counts
once at most, walking back and across again is another crossing. A track that
is not seen decides nothing: where it is predicted to be is no evidence, and
if it comes back on the other side, the crossing counts then.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from crossline.count.rows import (
    Points,
    Rows,
    Sighting,
    TrackRows,
    decided_sides,
    sightings,
)
from crossline.track.tracker import Point, Track

BAND = 5.0
"""Pixels, both sides of the line together."""


@dataclass(frozen=True)
class Line:
    """A segment that is watched, in pixels.

    Attributes:
        name: unique among the lines.
        start: x, y.
        end: x, y.
        directions: names of crossing towards the positive side and back,
            see the module.
    """

    name: str
    start: Point
    end: Point
    directions: tuple[str, str]

    @property
    def normal(self) -> Point:
        """Unit vector to the positive side."""
        x, y = self.start[1] - self.end[1], self.end[0] - self.start[0]
        length = math.hypot(x, y)
        main = x if abs(x) >= abs(y) else y
        return (
            math.copysign(x / length, x * main),
            math.copysign(y / length, y * main),
        )

    def spans(self, point: Point) -> bool:
        """Tells whether a point of the endless line is of the segment."""
        along = self.end[0] - self.start[0], self.end[1] - self.start[1]
        place = (point[0] - self.start[0]) * along[0] + (
            point[1] - self.start[1]
        ) * along[1]
        return 0 <= place <= along[0] ** 2 + along[1] ** 2


@dataclass(frozen=True)
class Crossing:
    """One track crosses one line, or the edge of one zone.

    Attributes:
        time_s: seconds into the video.
        frame: number of the frame, from 0.
        track_id: who.
        class_id: label map id, the track's majority so far.
        line: name of the line or zone.
        direction: name.
        x: where on the line, or of the track at a zone, pixels.
        y: likewise.
        score: of the track's last detection.
    """

    time_s: float
    frame: int
    track_id: int
    class_id: int
    line: str
    direction: str
    x: float
    y: float
    score: float


Totals = dict[str, dict[str, Counter[int]]]
"""Line name to direction name to label map id to crossings."""


@dataclass
class LineCounter:
    """Counts the crossings of its lines.

    Attributes:
        lines: of different names.
        band: pixels, see the module; raising it forgives more trembling and
            misses objects that turn round close to the line.
        once: whether a track counts at most once per line and direction.
        totals: so far; each line and direction is there from the start.
    """

    lines: Sequence[Line]
    band: float = BAND
    once: bool = False
    totals: Totals = field(init=False)

    def __post_init__(self) -> None:
        self.totals = {
            line.name: {direction: Counter() for direction in line.directions}
            for line in self.lines
        }
        count = len(self.lines)
        normals = [line.normal for line in self.lines]
        starts = [line.start for line in self.lines]
        self._normals = np.array(normals, np.float64).reshape(-1, 2).T
        offsets = np.array(starts, np.float64).reshape(-1, 2).T * self._normals
        self._offsets = offsets.sum(axis=0)
        self._rows = TrackRows(
            [
                ("is_known", np.bool_, ()),
                ("point", np.float64, (2,)),
                ("distance", np.float64, (count,)),
                # Of the last decision; 0 before the first.
                ("side", np.int8, (count,)),
                # Through the segment since then, back and forth.
                ("passes", np.int32, (count,)),
                ("place", np.float64, (count, 2)),
                ("counted", np.bool_, (count, 2)),
            ]
        )

    def update(
        self, tracks: Iterable[Track], frame: int, time_s: float
    ) -> list[Crossing]:
        """Takes all live tracks of a frame; returns who crossed in it.

        A track that is missing from a call is taken for gone.
        """
        tracks = list(tracks)
        self._rows.follow([track.track_id for track in tracks])
        crossings = []
        for sighting in sightings(tracks):
            for row, column, way in self._step(sighting):
                track, line = tracks[row], self.lines[column]
                direction = line.directions[way]
                x, y = self._rows.values["place"][row, column].tolist()
                self.totals[line.name][direction][track.class_id] += 1
                crossings.append(
                    Crossing(
                        time_s,
                        frame,
                        track.track_id,
                        track.class_id,
                        line.name,
                        direction,
                        x,
                        y,
                        track.score,
                    )
                )
        return crossings

    def _step(self, sighting: Sighting) -> Iterator[tuple[int, int, int]]:
        """Moves tracks; yields row, line and way (0 positive) of crossings."""
        rows, points, measured = sighting
        values = self._rows.values
        distances = self._distances(points)
        self._note_passes(rows, points, distances)
        values["is_known"][rows] = True
        values["point"][rows] = points
        values["distance"][rows] = distances
        former = values["side"][rows]
        decided = decided_sides(
            distances, self._distances(measured), self.band
        )
        side = np.where(decided, decided, former)
        values["side"][rows] = side
        through = np.sign(values["passes"][rows])
        for k, column in np.argwhere((former * side < 0) & (through == side)):
            row, way = int(rows[k]), int(side[k, column] < 0)
            if not (self.once and values["counted"][row, column, way]):
                values["counted"][row, column, way] = True
                yield row, int(column), way
        values["passes"][rows] = np.where(decided, 0, values["passes"][rows])

    def _distances(self, points: Points) -> Points:
        """Returns those of each point from each line, ``(n, lines)``."""
        return np.asarray(points @ self._normals - self._offsets)

    def _note_passes(
        self, rows: Rows, points: Points, distances: Points
    ) -> None:
        """Notes who went through a segment since the last frame, and where."""
        values = self._rows.values
        before, known = values["distance"][rows], values["is_known"][rows]
        is_past = ((distances > 0) != (before > 0)) & known[:, None]
        for k, column in np.argwhere(is_past):
            row = rows[k]
            ends = [
                (before[k, column], values["point"][row]),
                (distances[k, column], points[k]),
            ]
            # From the same side either way: so a way back is the same way.
            (low, start), (high, end) = sorted(ends, key=lambda pair: pair[0])
            place = start + low / (low - high) * (end - start)
            if self.lines[column].spans(place):
                way = 1 if distances[k, column] > 0 else -1
                values["passes"][row, column] += way
                values["place"][row, column] = place
