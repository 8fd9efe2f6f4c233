"""Tracks to count, a frame each."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from crossline.count.lines import Crossing
from crossline.track.tracker import Point, Track

FPS = 10
Update = Callable[[Sequence[Track], int, float], list[Crossing]]


def track(
    center: Point,
    track_id: int = 1,
    is_seen: bool = True,
    earlier: tuple[Point, ...] = (),
    class_id: int = 3,
) -> Track:
    """Returns one whose box has its centre there."""
    x, y = center
    box = np.array([x - 10, y - 10, x + 10, y + 10], np.float32)
    return Track(track_id, box, class_id, 0.8, is_seen, earlier)


def walked(update: Update, points: Iterable[Point]) -> list[Crossing]:
    """Lets one track stand at each point, a frame each."""
    return [
        crossing
        for frame, point in enumerate(points)
        for crossing in update([track(point)], frame, frame / FPS)
    ]
