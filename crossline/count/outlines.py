"""Polygons: how deep a point lies in each, and which are none."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from crossline.count.rows import Points
from crossline.track.tracker import Point

Depths = npt.NDArray[np.float64]

_FLAT = 1e-3
"""Pixels by which the corners of a polygon must leave a straight line."""


class Outlines:
    """Polygons, all of which are asked at once.

    Args:
        polygons: the corners of each, pixels; no two neighbours alike.
    """

    def __init__(self, polygons: Sequence[Sequence[Point]]) -> None:
        starts = [corner for corners in polygons for corner in corners]
        ends = [
            corner
            for corners in polygons
            for corner in (*corners[1:], corners[0])
        ]
        self._starts = np.array(starts, np.float64).reshape(-1, 2)
        self._along = np.array(ends, np.float64).reshape(-1, 2) - self._starts
        self._squares = (self._along**2).sum(axis=1)
        counts = [len(corners) for corners in polygons]
        self._firsts = np.cumsum([0, *counts[:-1]])[: len(counts)]

    def depths(self, points: Points) -> Depths:
        """Returns how deep each point lies in each polygon.

        Args:
            points: ``(n, 2)``.

        Returns:
            ``(n, polygons)``: pixels to the nearest edge; negative outside.
        """
        if not len(self._firsts):
            return np.zeros((len(points), 0))
        relative = points[:, None] - self._starts
        share = (relative * self._along).sum(axis=2) / self._squares
        gaps = relative - np.clip(share, 0, 1)[..., None] * self._along
        distances = np.sqrt(self._per_polygon(np.minimum, (gaps**2).sum(2)))
        # Even-odd rule: how many edges does a ray to the right meet?
        below = relative[..., 1] >= 0
        straddles = below != (relative[..., 1] >= self._along[:, 1])
        turn = (
            self._along[:, 0] * relative[..., 1]
            - self._along[:, 1] * relative[..., 0]
        )
        meets = straddles & ((turn > 0) == (self._along[:, 1] > 0))
        is_inside = self._per_polygon(np.add, meets.astype(np.int64)) % 2 == 1
        return np.where(is_inside, distances, -distances)

    def _per_polygon(
        self, ufunc: np.ufunc, values: npt.NDArray[np.generic]
    ) -> npt.NDArray[np.float64]:
        reduced: npt.NDArray[np.float64] = ufunc.reduceat(
            values, self._firsts, axis=1
        )
        return reduced


def is_flat(corners: Sequence[Point]) -> bool:
    """Tells whether all corners lie on one straight line."""
    points = np.array(corners, np.float64)
    return bool(np.linalg.matrix_rank(points - points[0], tol=_FLAT) < 2)


def crosses_itself(corners: Sequence[Point]) -> bool:
    """Tells whether two edges of a polygon share more than a corner."""
    count = len(corners)
    edges = [(corners[k - 1], corners[k]) for k in range(count)]
    for k, edge in enumerate(edges):
        following = edges[(k + 1) % count]
        if _is_on(following[1], *edge) or _is_on(edge[0], *following):
            return True
        others = edges[k + 2 : count - (k == 0)]
        if any(segments_meet(*edge, *other) for other in others):
            return True
    return False


def is_in_frame(corners: Sequence[Point], width: int, height: int) -> bool:
    """Tells whether a segment, or a polygon, has a point in the frame."""
    right, bottom = float(width), float(height)
    if any(0 <= x <= right and 0 <= y <= bottom for x, y in corners):
        return True
    frame = [(0.0, 0.0), (right, 0.0), (right, bottom), (0.0, bottom)]
    if any(
        segments_meet(corners[k - 1], corners[k], frame[i - 1], frame[i])
        for k in range(len(corners))
        for i in range(4)
    ):
        return True
    # Neither their edges meet nor does the frame hold the shape: so the
    # shape holds all of the frame, or nothing of it.
    middle = np.array([[right / 2, bottom / 2]])
    return len(corners) > 2 and bool(Outlines([corners]).depths(middle) > 0)


def segments_meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Tells whether the segments a-b and c-d have a point in common."""
    if (_turn(a, b, c) > 0) != (_turn(a, b, d) > 0) and (
        _turn(c, d, a) > 0
    ) != (_turn(c, d, b) > 0):
        return True
    return (
        _is_on(c, a, b)
        or _is_on(d, a, b)
        or _is_on(a, c, d)
        or _is_on(b, c, d)
    )


def _turn(a: Point, b: Point, c: Point) -> float:
    """Returns twice the signed area of a triangle."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _is_on(point: Point, start: Point, end: Point) -> bool:
    return (
        _turn(start, end, point) == 0
        and min(start[0], end[0]) <= point[0] <= max(start[0], end[0])
        and min(start[1], end[1]) <= point[1] <= max(start[1], end[1])
    )
