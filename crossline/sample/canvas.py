"""A transparent sheet that is drawn on in metres, as one measures things.

x goes to the right, y upwards from the ground. Whatever stands in the street
is drawn on one, large, and shrunk to the size that a scene asks for.
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

Color = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""
Point = tuple[float, float]
Pixels = npt.NDArray[np.uint8]
"""``(height, width, 4)``: RGB, multiplied by coverage, and coverage."""

_SHIFT = 4
"""Bits of a pixel's fraction in the coordinates that OpenCV takes."""


class Canvas:
    """See the module.

    Args:
        width: metres.
        height: metres.
        scale: pixels per metre.

    Attributes:
        pixels: what was drawn so far.
    """

    def __init__(self, width: float, height: float, scale: float) -> None:
        self._scale = scale
        rows, columns = math.ceil(height * scale), math.ceil(width * scale)
        self.pixels: Pixels = np.zeros((rows, columns, 4), np.uint8)

    def polygon(
        self, points: Sequence[Point], color: Color, foot: Color | None = None
    ) -> None:
        """Fills a polygon; down to the colour `foot` at its lowest point."""
        corners = self._place(points)
        if foot is None:
            _fill(self.pixels, corners, (*color, 255))
            return
        low, high = corners.min(axis=0), corners.max(axis=0) + 1
        left, top = np.maximum(np.floor(low).astype(int), 0)
        right, bottom = np.ceil(high).astype(int)
        part = self.pixels[top:bottom, left:right]
        if part.size:
            mask = np.zeros(part.shape[:2], np.uint8)
            _fill(mask, corners - (left, top), (255,))
            ramp = np.linspace(0, 1, len(part), dtype=np.float32)[:, None]
            ends = np.array([[*color, 255], [*foot, 255]], np.float32)
            colors = ends[0] * (1 - ramp) + ends[1] * ramp
            cover = mask[..., None].astype(np.float32) / 255
            part[:] = part + cover * (colors[:, None] - part)

    def curve(
        self, points: Sequence[Point], color: Color, foot: Color | None = None
    ) -> None:
        """Fills a closed curve that goes smoothly through the points."""
        self.polygon(smooth(points), color, foot)

    def rectangle(
        self, start: Point, end: Point, color: Color, foot: Color | None = None
    ) -> None:
        """Fills a rectangle between two opposite corners."""
        (left, low), (right, high) = start, end
        corners = [(left, low), (right, low), (right, high), (left, high)]
        self.polygon(corners, color, foot)

    def oval(self, center: Point, radii: Point, color: Color) -> None:
        """Fills an ellipse; `radii` are those along x and y."""
        middle = _fixed(self._place([center]))[0].tolist()
        axes = np.array(radii) * self._scale * (1 << _SHIFT)
        cv2.ellipse(
            self.pixels,
            middle,
            axes.astype(int).tolist(),
            0.0,
            0.0,
            360.0,
            (*color, 255),
            -1,
            cv2.LINE_AA,
            _SHIFT,
        )

    def disk(self, center: Point, radius: float, color: Color) -> None:
        """Fills a circle."""
        self.oval(center, (radius, radius), color)

    def stroke(
        self, points: Sequence[Point], color: Color, width: float
    ) -> None:
        """Draws a line of one width with round ends."""
        cv2.polylines(
            self.pixels,
            [_fixed(self._place(points))],
            False,
            (*color, 255),
            max(round(width * self._scale), 1),
            cv2.LINE_AA,
            _SHIFT,
        )

    def limb(
        self, start: Point, end: Point, widths: Point, color: Color
    ) -> None:
        """Draws what is round at both ends and tapers between them."""
        (x, y), (to_x, to_y) = start, end
        length = math.hypot(to_x - x, to_y - y) or 1.0
        across = np.array([y - to_y, to_x - x]) / length / 2
        corners = [
            *(np.array(start) + across * widths[0] * side for side in (1, -1)),
            *(np.array(end) + across * widths[1] * side for side in (-1, 1)),
        ]
        self.polygon([(float(x), float(y)) for x, y in corners], color)
        self.disk(start, widths[0] / 2, color)
        self.disk(end, widths[1] / 2, color)

    def _place(self, points: Sequence[Point]) -> npt.NDArray[np.float64]:
        """Returns pixels, y downwards."""
        placed = np.array(points, float) * (self._scale, -self._scale)
        placed[:, 1] += len(self.pixels)
        return placed


def smooth(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """Returns a closed curve through the points, without swinging out.

    A cubic Hermite spline whose tangents are Catmull-Rom's, but no longer
    than the way to the nearer neighbour.
    """
    knots = np.array(points, float)
    after, before = np.roll(knots, -1, axis=0), np.roll(knots, 1, axis=0)
    tangents = (after - before) / 2
    lengths = np.linalg.norm([tangents, after - knots, knots - before], axis=2)
    tangents *= (lengths[1:].min(axis=0) / lengths.max(axis=0))[:, None]
    next_tangents = np.roll(tangents, -1, axis=0)
    t = np.arange(steps)[:, None, None] / steps
    curve = (
        knots
        + (after - knots) * (3 * t**2 - 2 * t**3)
        + tangents * (t - 2 * t**2 + t**3)
        + next_tangents * (t**3 - t**2)
    )
    return [(x, y) for x, y in curve.swapaxes(0, 1).reshape(-1, 2)]


def shrink(pixels: npt.NDArray[np.uint8], width: int, height: int) -> Pixels:
    """Returns what was drawn large at a smaller size, averaged."""
    size = max(width, 1), max(height, 1)
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def shade(color: Color, factor: float) -> Color:
    """Returns a colour darker (factor below 1) or lighter (above)."""
    red, green, blue = (min(int(value * factor), 255) for value in color)
    return red, green, blue


def mix(one: Color, other: Color, share: float) -> Color:
    """Returns a colour between two; `share` is that of the other."""
    red, green, blue = (
        round(a + (b - a) * share) for a, b in zip(one, other, strict=True)
    )
    return red, green, blue


def pick(colors: Sequence[Color], random: np.random.Generator) -> Color:
    """Returns one of the colours, a little lighter or darker."""
    color = colors[int(random.integers(len(colors)))]
    return shade(color, float(random.uniform(0.88, 1.1)))


def _fixed(corners: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    # OpenCV means the middle of a pixel by a whole number.
    return np.round((corners - 0.5) * (1 << _SHIFT)).astype(np.int32)


def _fill(
    pixels: npt.NDArray[np.uint8],
    corners: npt.NDArray[np.float64],
    color: tuple[int, ...],
) -> None:
    cv2.fillPoly(pixels, [_fixed(corners)], color, cv2.LINE_AA, _SHIFT)
