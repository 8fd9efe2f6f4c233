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
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crossline.errors import InputError
from crossline.track.tracker import Point, Track

BAND = 5.0
"""Pixels, both sides of the line together."""

_FORM = re.compile(
    r"(?P<name>[^=]+)=(?P<numbers>[-+.\de]+(?:,[-+.\de]+){3})"
    r"(?::(?P<first>[^/]+)/(?P<second>[^/]+))?"
)


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

    def distance(self, point: Point) -> float:
        """Signed distance from the endless line, pixels."""
        normal = self.normal
        return (point[0] - self.start[0]) * normal[0] + (
            point[1] - self.start[1]
        ) * normal[1]

    def direction_to(self, point: Point) -> str:
        """Returns the direction that leads to a point's side."""
        return self.directions[0 if self.distance(point) > 0 else 1]

    def passed(self, before: Point, after: Point) -> Point | None:
        """Returns where the straight way between two points passes it."""
        first, second = self.distance(before), self.distance(after)
        if (first > 0) == (second > 0):
            return None
        share = first / (first - second)
        x = before[0] + share * (after[0] - before[0])
        y = before[1] + share * (after[1] - before[1])
        along = self.end[0] - self.start[0], self.end[1] - self.start[1]
        place = (x - self.start[0]) * along[0] + (y - self.start[1]) * along[1]
        within = 0 <= place <= along[0] ** 2 + along[1] ** 2
        return (x, y) if within else None


def parse_line(text: str, width: int, height: int) -> Line:
    """Parses ``NAME=x1,y1,x2,y2`` or ``NAME=x1,y1,x2,y2:ONE/OTHER``.

    Args:
        text: coordinates in pixels, or, where all four are 0 to 1, in
            fractions of the frame; ONE and OTHER name the directions, towards
            growing x (or y) first.
        width: of the frame, pixels.
        height: of the frame, pixels.

    Raises:
        InputError: another form, a line without length, or one that lies
            wholly outside the frame.
    """
    match = _FORM.fullmatch(text.strip())
    try:
        numbers = [float(n) for n in match["numbers"].split(",")]  # type: ignore[index]
    except (TypeError, ValueError):
        raise InputError(
            f"line {text!r}",
            "is not NAME=x1,y1,x2,y2",
            remedy="an example: main=0.5,0,0.5,1",
        ) from None
    assert match is not None
    if all(0 <= number <= 1 for number in numbers):
        numbers = [
            number * side
            for number, side in zip(numbers, (width, height) * 2, strict=True)
        ]
    start, end = (numbers[0], numbers[1]), (numbers[2], numbers[3])
    _check_ends(text, start, end, width, height)
    upright = abs(end[1] - start[1]) >= abs(end[0] - start[0])
    directions = ("right", "left") if upright else ("down", "up")
    if match["first"]:
        directions = (match["first"].strip(), match["second"].strip())
    return Line(match["name"].strip(), start, end, directions)


def _check_ends(
    text: str, start: Point, end: Point, width: int, height: int
) -> None:
    if start == end:
        raise InputError(
            f"line {text!r}",
            "has no length",
            remedy="name two different points",
        )
    for ends, side in zip(
        zip(start, end, strict=True), (width, height), strict=True
    ):
        if max(ends) < 0 or min(ends) > side:
            raise InputError(
                f"line {text!r}",
                f"lies outside the frame of {width}x{height} pixels",
            )


def check_lines(lines: Sequence[Line]) -> None:
    """Makes sure that no two lines have one name.

    Raises:
        InputError: two have.
    """
    for name, count in Counter(line.name for line in lines).items():
        if count > 1:
            raise InputError(
                f"line {name!r}",
                f"is given {count} times",
                remedy="give each line a name of its own",
            )


@dataclass(frozen=True)
class Crossing:
    """One track crosses one line.

    Attributes:
        time_s: seconds into the video.
        frame: number of the frame, from 0.
        track_id: who.
        class_id: label map id, the track's majority so far.
        line: name.
        direction: name.
        x: where on the line, pixels.
        y: where on the line, pixels.
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
        lines: checked by `check_lines`.
        band: pixels, see the module; raising it forgives more trembling and
            misses objects that turn round close to the line.
        totals: so far; each line and direction is there from the start.
    """

    lines: Sequence[Line]
    band: float = BAND
    totals: Totals = field(init=False)
    _decided: dict[tuple[int, str], Point] = field(
        init=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        check_lines(self.lines)
        self.totals = {
            line.name: {direction: Counter() for direction in line.directions}
            for line in self.lines
        }

    def update(
        self, tracks: Iterable[Track], frame: int, time_s: float
    ) -> list[Crossing]:
        """Takes all live tracks of a frame; returns who crossed in it.

        A track that is missing from a call is taken for gone.
        """
        crossings: list[Crossing] = []
        decided: dict[tuple[int, str], Point] = {}
        for track in tracks:
            for line in self.lines:
                key = track.track_id, line.name
                last = self._decided.get(key)
                for point in _seen_points(track):
                    if abs(line.distance(point)) <= self.band / 2:
                        continue
                    place = last and line.passed(last, point)
                    if place:
                        crossings.append(
                            Crossing(
                                time_s,
                                frame,
                                track.track_id,
                                track.class_id,
                                line.name,
                                line.direction_to(point),
                                *place,
                                track.score,
                            )
                        )
                    last = point
                if last:
                    decided[key] = last
        self._decided = decided
        for crossing in crossings:
            of_line = self.totals[crossing.line]
            of_line[crossing.direction][crossing.class_id] += 1
        return crossings


def _seen_points(track: Track) -> tuple[Point, ...]:
    return (*track.earlier, track.center) if track.is_seen else ()
