"""True crossings: what a counter of the sample's video must find."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from crossline.sample.canvas import Point

BAND = 2.5
"""Pixels on either side of a line that a centre must leave behind."""


Center = tuple[int, float, float]
"""Frame, x, y."""


class TrueLine(NamedTuple):
    """A line of the truth, nearer to the upright, in pixels."""

    name: str
    start: Point
    end: Point

    def distance(self, x: float, y: float) -> float:
        """Signed distance from the endless line; to the right is positive."""
        along_x, along_y = self._along()
        side = (x - self.start[0]) * along_y - (y - self.start[1]) * along_x
        return math.copysign(side, side * along_y) / math.hypot(
            along_x, along_y
        )

    def spans(self, x: float, y: float) -> bool:
        """Tells whether a point lies beside the segment."""
        along_x, along_y = self._along()
        place = (x - self.start[0]) * along_x + (y - self.start[1]) * along_y
        return 0 <= place <= along_x**2 + along_y**2

    def _along(self) -> Point:
        return self.end[0] - self.start[0], self.end[1] - self.start[1]


class TrueCrossing(NamedTuple):
    """A crossing as it happened; x and y are where the centre met the line."""

    time_s: float
    frame: int
    track_id: int
    kind: str
    line: str
    direction: str
    x: float
    y: float


def true_crossings(
    centers: Mapping[int, Sequence[Center]],
    kinds: Mapping[int, str],
    lines: Sequence[TrueLine],
    fps: int,
) -> list[TrueCrossing]:
    """Returns every crossing, in the order of time.

    A centre crosses in the first frame that shows it more than `BAND` beyond
    a line, having been that far on its other side.

    Args:
        centers: track id to centres, in the order of frames.
        kinds: track id to kind.
        lines: see there.
        fps: of the video.
    """
    crossings = [
        TrueCrossing(
            frame / fps,
            frame,
            track_id,
            kinds[track_id],
            line.name,
            direction,
            x,
            y,
        )
        for track_id, path in centers.items()
        for line in lines
        for frame, direction, x, y in _crossings_of(path, line)
    ]
    return sorted(crossings)


def _crossings_of(
    path: Sequence[Center], line: TrueLine
) -> Iterator[tuple[int, str, float, float]]:
    """Yields frame, direction, x and y."""
    decided: tuple[Point, float] | None = None
    for frame, x, y in path:
        distance = line.distance(x, y)
        if abs(distance) <= BAND:
            continue
        if decided and decided[1] * distance < 0:
            (before_x, before_y), before = decided
            share = before / (before - distance)
            met_x = before_x + share * (x - before_x)
            met_y = before_y + share * (y - before_y)
            if line.spans(met_x, met_y):
                direction = "right" if distance > 0 else "left"
                yield frame, direction, round(met_x, 2), round(met_y, 2)
        decided = (x, y), distance


def count_crossings(
    crossings: Sequence[TrueCrossing],
) -> dict[str, dict[str, dict[str, int]]]:
    """Returns line to direction to class to crossings."""
    totals: dict[str, dict[str, Counter[str]]] = {}
    for crossing in crossings:
        of_line = totals.setdefault(
            crossing.line, {"right": Counter(), "left": Counter()}
        )
        of_line[crossing.direction][crossing.kind] += 1
    return {
        line: {name: dict(sorted(kinds.items())) for name, kinds in of.items()}
        for line, of in totals.items()
    }
