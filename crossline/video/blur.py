"""Makes objects unrecognisable."""

import math

import cv2
import numpy as np

from crossline.geometry import FloatArray, Image, clip_boxes, iou_matrix

_MARGIN = 0.1
"""Around a box, of its size: detectors cut off hair and feet."""
_CELLS = 8
"""Of a box's longer side: what remains of it is so many colours."""
_KEPT_S = 0.5
"""For how long a place is hidden after it was last seen to need it."""
_SAME_PLACE = 0.3
"""IoU of boxes that hide the same."""


def no_boxes() -> FloatArray:
    """Returns boxes of shape ``(0, 4)``."""
    return np.zeros((0, 4), np.float32)


class Hidden:
    """What is to be hidden, through moments in which it is not detected."""

    def __init__(self) -> None:
        self._boxes = no_boxes()
        self._times = np.zeros(0)

    def update(self, boxes: FloatArray, time_s: float) -> FloatArray:
        """Takes a frame's boxes ``(n, 4)``; returns those to hide in it."""
        overlaps = iou_matrix(self._boxes, boxes).max(axis=1, initial=0)
        is_kept = (overlaps < _SAME_PLACE) & (time_s - self._times <= _KEPT_S)
        self._boxes = np.concatenate([boxes, self._boxes[is_kept]])
        self._times = np.concatenate(
            [np.full(len(boxes), time_s), self._times[is_kept]]
        )
        return self._boxes


def blur_box(image: Image, box: FloatArray) -> None:
    """Blurs a box ``(4,)``, pixels, and a little around it, in the image."""
    if not np.isfinite(box).all():
        return
    height, width = image.shape[:2]
    margin = np.tile(_MARGIN * (box[2:] - box[:2]), 2)
    outwards = np.array([-1, -1, 1, 1], np.float32)
    grown = clip_boxes((box + outwards * margin)[None], width, height)[0]
    left, top = (math.floor(edge) for edge in grown[:2])
    right, bottom = (math.ceil(edge) for edge in grown[2:])
    if right <= left or bottom <= top:
        return
    place = image[top:bottom, left:right]
    size = right - left, bottom - top
    cell = max(size) / _CELLS
    few = tuple(max(1, round(side / cell)) for side in size)
    small = cv2.resize(place, few, interpolation=cv2.INTER_AREA)
    place[:] = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)
