"""Tracks to count, a frame each."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from crossline.count.lines import Crossing
from crossline.geometry import FloatArray
from crossline.track.tracker import Point, Track

FPS = 10
Update = Callable[[Sequence[Track], int, float], list[Crossing]]


def track(
    center: Point,
    track_id: int = 1,
    is_seen: bool = True,
    earlier: tuple[Point, ...] = (),
    class_id: int = 3,
    measured: Point | None = None,
) -> Track:
    """Returns one whose box, and detection, have their centres there."""
    return Track(
        track_id,
        _box(center),
        class_id,
        0.8,
        is_seen,
        earlier,
        _box(measured or center),
    )


def _box(center: Point) -> FloatArray:
    x, y = center
    return np.array([x - 10, y - 10, x + 10, y + 10], np.float32)


def walked(update: Update, points: Iterable[Point]) -> list[Crossing]:
    """Lets one track stand at each point, a frame each."""
    return [
        crossing
        for frame, point in enumerate(points)
        for crossing in update([track(point)], frame, frame / FPS)
    ]
