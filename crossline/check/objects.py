"""What an image shows, to compare it with what another one shows."""

import numpy as np
import numpy.typing as npt

from crossline.check.boxes import Facts, boxes_of, sizes_of
from crossline.check.parts import Part
from crossline.geometry import FloatArray, iou_matrix

_SAME_PLACE = 0.75
_MOST = 0.5

Shown = tuple[npt.NDArray[np.object_], FloatArray]
"""Class names ``(n,)`` and boxes ``(n, 4)``, as shares of the image."""


class Objects:
    """The objects of a part, by image."""

    def __init__(self, part: Part, facts: Facts) -> None:
        frame = sizes_of(part, facts).frame
        boxes = boxes_of(part.table, frame)
        sound = part.table[boxes.sound]
        shares = boxes.mended / np.hstack([frame, frame])
        self._boxes = shares[boxes.sound].astype(np.float32)
        self._names = sound["class"].to_numpy(object)
        self._rows = sound.groupby("filename").indices
        self._none = np.empty(0, int)

    def of(self, filename: str) -> Shown:
        """Returns what an image shows."""
        rows = self._rows.get(filename, self._none)
        return self._names[rows], self._boxes[rows]


def same_objects(first: Shown, second: Shown) -> bool:
    """Tells whether two images show the same objects.

    They do where at least half of the objects have one of the same class in
    the same place (IoU of 0.75 or more). Two images without objects do not.
    """
    (names, boxes), (other_names, other_boxes) = first, second
    most = max(len(names), len(other_names))
    if not (len(names) and len(other_names)):
        return False
    same = iou_matrix(boxes, other_boxes) >= _SAME_PLACE
    same &= names[:, None] == other_names[None, :]
    found = min(same.any(axis=1).sum(), same.any(axis=0).sum())
    return bool(found >= _MOST * most)
