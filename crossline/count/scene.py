"""What is watched: lines and zones, made of what somebody gave.

Coordinates are pixels, or, where all of a line or zone are 0 to 1, fractions
of the frame.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from crossline.count.lines import BAND, Line
from crossline.count.outlines import crosses_itself, is_flat, is_in_frame
from crossline.count.zones import Zone
from crossline.errors import InputError
from crossline.track.tracker import Point

Size = tuple[int, int]
"""Width and height of the frame, pixels."""
Refusal = Callable[..., InputError]
"""Makes the error, given problem and remedy, of one line or zone."""

_FORM = re.compile(
    r"(?P<name>[^=]+)=(?P<numbers>[^:]+)"
    r"(?::(?P<first>[^/]+)/(?P<second>[^/]+))?"
)
_LINE_POINTS = 2
_ZONE_POINTS = 3
_FARTHEST = 1e6
"""Pixels that no frame has."""


@dataclass(frozen=True)
class Scene:
    """What is watched, in pixels.

    Attributes:
        lines: in the order of the user.
        zones: likewise.

    Raises:
        InputError: two of them have one name.
    """

    lines: tuple[Line, ...] = ()
    zones: tuple[Zone, ...] = ()

    def __post_init__(self) -> None:
        names = Counter(
            [
                *(line.name for line in self.lines),
                *(zone.name for zone in self.zones),
            ]
        )
        for name, count in names.items():
            if count > 1:
                raise InputError(
                    f"name {name!r}",
                    f"is given {count} times",
                    remedy="give each line and zone a name of its own",
                )

    def __bool__(self) -> bool:
        return bool(self.lines or self.zones)

    def __add__(self, other: "Scene") -> "Scene":
        return Scene(self.lines + other.lines, self.zones + other.zones)


def parse_line(text: str, width: int, height: int) -> Line:
    """Parses ``NAME=x1,y1,x2,y2`` or ``NAME=x1,y1,x2,y2:ONE/OTHER``.

    Args:
        text: ONE and OTHER name the directions, towards growing x (or y)
            first.
        width: of the frame, pixels.
        height: of the frame, pixels.

    Raises:
        InputError: another form, a line without length, or one that lies
            wholly outside the frame.
    """
    refuse = partial(InputError, f"line {text!r}")
    match = _FORM.fullmatch(text.strip())
    numbers = match["numbers"].split(",") if match else []
    if not match or len(numbers) != 2 * _LINE_POINTS:
        raise refuse(
            "is not NAME=x1,y1,x2,y2",
            remedy="an example: main=0.5,0,0.5,1",
        )
    directions = [match["first"], match["second"]] if match["first"] else None
    return build_line(
        match["name"], _pairs(numbers), directions, (width, height), refuse
    )


def parse_zone(text: str, width: int, height: int) -> Zone:
    """Parses ``NAME=x1,y1,x2,y2,x3,y3,...``.

    Raises:
        InputError: another form, or no polygon in the frame.
    """
    refuse = partial(InputError, f"zone {text!r}")
    match = _FORM.fullmatch(text.strip())
    numbers = match["numbers"].split(",") if match else []
    if not match or match["first"] or len(numbers) % 2:
        raise refuse(
            "is not NAME=x1,y1,x2,y2,x3,y3,...",
            remedy="an example: yard=0,0.5,0.5,0.5,0.5,1,0,1",
        )
    return build_zone(match["name"], _pairs(numbers), (width, height), refuse)


def build_line(
    name: object,
    points: object,
    directions: object,
    size: Size,
    refuse: Refusal,
) -> Line:
    """Makes a line of what somebody gave.

    Args:
        name: a text.
        points: two pairs of numbers, or of texts that are numbers.
        directions: two texts; None for right and left, or down and up.
        size: of the frame.
        refuse: see there.

    Raises:
        InputError: it is no line in the frame.
    """
    ends = _pixels(points, size, refuse)
    if len(ends) != _LINE_POINTS:
        raise refuse(f"has {len(ends)} points; a line has 2")
    start, end = ends
    if start == end:
        raise refuse("has no length", remedy="name two different points")
    if (length := math.dist(start, end)) < BAND:
        raise refuse(
            f"is {length:.1f} pixels long",
            remedy="pixels, or fractions of which all four are 0 to 1",
        )
    _require_in_frame(ends, size, refuse)
    upright = abs(end[1] - start[1]) >= abs(end[0] - start[0])
    if directions is None:
        directions = ("right", "left") if upright else ("down", "up")
    return Line(
        _name(name, refuse), start, end, _directions(directions, refuse)
    )


def build_zone(
    name: object, points: object, size: Size, refuse: Refusal
) -> Zone:
    """Makes a zone of what somebody gave, see `build_line`.

    Corners that are repeated, as where an outline is closed, are left out.

    Raises:
        InputError: it is no polygon with an area in the frame.
    """
    given = _pixels(points, size, refuse)
    corners = [
        corner for k, corner in enumerate(given) if corner != given[k - 1]
    ]
    if len(corners) < _ZONE_POINTS:
        raise refuse(
            f"has {len(corners)} different points; a zone has 3 or more"
        )
    if is_flat(corners):
        raise refuse("has no area: its points lie on one straight line")
    if crosses_itself(corners):
        raise refuse(
            "crosses itself",
            remedy="name its corners in the order of its edge",
        )
    _require_in_frame(corners, size, refuse)
    return Zone(_name(name, refuse), tuple(corners))


def _pairs(numbers: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _pixels(points: object, size: Size, refuse: Refusal) -> list[Point]:
    """Reads points, and turns fractions into pixels."""
    try:
        read = [(float(x), float(y)) for x, y in points]  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise refuse(
            f"has points {points!r}", remedy="points are pairs of numbers"
        ) from error
    for number in (number for point in read for number in point):
        if not abs(number) <= _FARTHEST:
            raise refuse(f"has a point at {number:g}, where no frame is")
    if all(0 <= number <= 1 for point in read for number in point):
        width, height = size
        return [(x * width, y * height) for x, y in read]
    return read


def _require_in_frame(
    points: Sequence[Point], size: Size, refuse: Refusal
) -> None:
    width, height = size
    if not is_in_frame(points, width, height):
        raise refuse(f"lies outside the frame of {width}x{height} pixels")


def _directions(directions: object, refuse: Refusal) -> tuple[str, str]:
    if not isinstance(directions, (list, tuple)) or len(directions) != 2:
        raise refuse(
            f"has directions {directions!r}", remedy="give it two of them"
        )
    first, second = (_name(direction, refuse) for direction in directions)
    if first == second:
        raise refuse(
            f"has two directions of one name, {first!r}",
            remedy="name them differently",
        )
    return first, second


def _name(name: object, refuse: Refusal) -> str:
    text = " ".join(name.split()) if isinstance(name, str) else ""
    if not text:
        raise refuse(f"has the name {name!r}", remedy="name it in letters")
    return text
