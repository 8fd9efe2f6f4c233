"""dlib's correlation trackers carry objects between two detections.

The one file of this room that needs frames. An update costs some 3 ms an
object, whatever its size, and holds Python's lock: see
`crossline.track.correlation_process`. Source: Danelljan et al.,
"Accurate Scale Estimation for Robust Visual Tracking", 2014.
"""

from collections.abc import Iterable

import dlib
import numpy as np

from crossline.geometry import (
    FloatArray,
    Image,
    box_areas,
    box_centers,
    clip_boxes,
)
from crossline.track.tracker import Track

_LEAST_CONFIDENCE = 5.0
"""Peak to side-lobe ratio; a good lock has 10 to 20."""
_LEAST_AREA_SHARE = 0.3
"""Of the area at the start: below, the tracker has collapsed."""
_LEAST_SIDE = 4.0
"""Pixels; dlib cannot learn smaller patches."""


class CorrelationTrackers:
    """One dlib tracker an object, started anew at each detection."""

    def __init__(self) -> None:
        self._trackers: dict[int, tuple[dlib.correlation_tracker, float]] = {}

    def start(self, image: Image, tracks: Iterable[Track]) -> None:
        """Learns how the seen tracks look; forgets all others.

        Args:
            image: RGB, the frame that the tracks were detected in.
            tracks: of that frame.
        """
        self._trackers = {}
        height, width = image.shape[:2]
        for track in tracks:
            box = clip_boxes(track.box[None], width, height)[0]
            if track.is_seen and (box[2:] - box[:2] >= _LEAST_SIDE).all():
                tracker = dlib.correlation_tracker()
                tracker.start_track(image, dlib.drectangle(*map(float, box)))
                area = float(box_areas(box[None])[0])
                self._trackers[track.track_id] = tracker, area

    def update(self, image: Image) -> dict[int, FloatArray]:
        """Finds the objects again in the next frame.

        Args:
            image: RGB.

        Returns:
            Track id to box ``(4,)``, pixels. A tracker that is unsure of
            itself, has collapsed or has left the frame is dropped.
        """
        height, width = image.shape[:2]
        boxes = {}
        for track_id, (tracker, area) in list(self._trackers.items()):
            confidence = tracker.update(image)
            place = tracker.get_position()
            box = np.array(
                [place.left(), place.top(), place.right(), place.bottom()],
                np.float32,
            )
            x, y = box_centers(box[None])[0]
            if (
                confidence < _LEAST_CONFIDENCE
                or box_areas(box[None])[0] < _LEAST_AREA_SHARE * area
                or not (0 <= x < width and 0 <= y < height)
            ):
                del self._trackers[track_id]
            else:
                boxes[track_id] = box
        return boxes
