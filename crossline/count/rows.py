"""What is known of each live track, as arrays: a row per track.

Where an object is, two say: its track, smooth, which overshoots when the
object stops, and its detection, which trembles. Neither alone moves it to
another side of a line.

Counting 50 tracks at ten lines in Python's own loops would cost milliseconds
a frame.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from crossline.geometry import FloatArray
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


class Sighting(NamedTuple):
    """Where some tracks are in a frame.

    Attributes:
        rows: which tracks.
        points: their centres.
        measured: the centres of their detections.
    """

    rows: Rows
    points: Points
    measured: Points


def sightings(tracks: Sequence[Track]) -> list[Sighting]:
    """Returns where the tracks that are seen are.

    Last of all, and before it, step by step, the ways of tracks before they
    were confirmed. A track whose box is not finite is not seen.
    """
    seen = [row for row, track in enumerate(tracks) if track.is_seen]
    points = _centers([tracks[row].box for row in seen])
    measured = _centers(
        [
            track.box if track.measured is None else track.measured
            for track in (tracks[row] for row in seen)
        ]
    )
    finite = np.isfinite(points + measured).all(axis=1)
    rows = np.array(seen, np.intp)[finite]
    now = Sighting(rows, points[finite], measured[finite])
    return [*_earlier(tracks), now]


def decided_sides(
    followed: npt.NDArray[np.float64],
    measured: npt.NDArray[np.float64],
    band: float,
) -> npt.NDArray[np.float64]:
    """Returns 1 or -1 where both are on that side of a band, else 0.

    Args:
        followed: signed distances of tracks, pixels, any shape.
        measured: those of their detections.
        band: pixels, both sides together.
    """
    side = np.sign(followed)
    nearer = np.minimum(side * followed, side * measured)
    return np.where(nearer > band / 2, side, 0)


def _earlier(tracks: Iterable[Track]) -> Iterator[Sighting]:
    for row, track in enumerate(tracks):
        for point in track.earlier if track.is_seen else ():
            points = np.array([point], np.float64)
            yield Sighting(np.array([row], np.intp), points, points)


def _centers(boxes: Sequence[FloatArray]) -> Points:
    edges = np.array(boxes, np.float64).reshape(-1, 4)
    return np.asarray((edges[:, :2] + edges[:, 2:]) / 2)
