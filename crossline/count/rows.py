"""What is known of each live track, as arrays: a row per track.

Counting 50 tracks at ten lines in Python's own loops would cost milliseconds
a frame.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from crossline.track.tracker import Track

Rows = npt.NDArray[np.intp]
Points = npt.NDArray[np.float64]
"""x, y in pixels, shape ``(n, 2)``."""


class TrackRows:
    """Carries the rows of the tracks from frame to frame.

    Args:
        fields: name, type and shape of what a row holds; all of it is 0 for
            a new track.

    Attributes:
        values: structured array, a row per track of the last frame.
    """

    def __init__(
        self, fields: Sequence[tuple[str, type, tuple[int, ...]]]
    ) -> None:
        self.values = np.zeros(0, np.dtype([*fields]))
        self._ids: list[int] = []

    def follow(self, track_ids: list[int]) -> npt.NDArray[Any]:
        """Brings the rows into the order of a frame's tracks.

        Returns:
            The rows of the tracks that are gone.
        """
        former, self._ids = self._ids, track_ids
        if former == track_ids:
            return self.values[:0]
        row_of = {track_id: row for row, track_id in enumerate(former)}
        kept = np.array([row_of.pop(key, -1) for key in track_ids], np.intp)
        gone = self.values[list(row_of.values())]
        values = np.zeros(len(track_ids), self.values.dtype)
        values[kept >= 0] = self.values[kept[kept >= 0]]
        self.values = values
        return gone


def seen_points(tracks: Sequence[Track]) -> tuple[Rows, Points]:
    """Returns which tracks are seen, and their centres.

    A track whose box is not finite is not seen.
    """
    seen = [row for row, track in enumerate(tracks) if track.is_seen]
    boxes = np.array([tracks[row].box for row in seen], np.float64)
    boxes = boxes.reshape(-1, 4)
    points = (boxes[:, :2] + boxes[:, 2:]) / 2
    finite = np.isfinite(points).all(axis=1)
    return np.array(seen, np.intp)[finite], points[finite]


def earlier_points(tracks: Iterable[Track]) -> list[tuple[Rows, Points]]:
    """Returns the ways of tracks before they were confirmed, step by step."""
    return [
        (np.array([row], np.intp), np.array([point], np.float64))
        for row, track in enumerate(tracks)
        if track.is_seen
        for point in track.earlier
    ]
