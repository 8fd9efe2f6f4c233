"""Boxes that show what another box shows already.

A van is a car and a truck to a detector; a torso in a person, and a wheel in
a motorcycle, are objects by themselves.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crossline.geometry import (
    Detections,
    FloatArray,
    IntArray,
    iou_matrix,
    smaller_share_matrix,
)

_Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class DoubleRule:
    """When two boxes are one object.

    Attributes:
        overlap: a greater IoU, whatever the classes. Raising it doubles more
            objects, lowering it merges neighbours.
        part: a greater share of the smaller box is common, within a class.
            Raising it doubles more objects, lowering it takes longer to tell
            who walks behind whom.
    """

    overlap: float = 0.5
    part: float = 0.8

    def hold(
        self,
        boxes: FloatArray,
        classes: IntArray,
        others: FloatArray,
        other_classes: IntArray,
    ) -> _Marks:
        """Tells of each pair ``(n, m)`` whether it is one object."""
        is_nested = smaller_share_matrix(boxes, others) > self.part
        is_nested &= classes[:, None] == other_classes[None]
        return (iou_matrix(boxes, others) > self.overlap) | is_nested

    def without_doubles(self, detections: Detections) -> Detections:
        """Keeps those that are no double of a better one, best first."""
        ranked = _ranked(detections)
        boxes, classes = ranked.boxes, ranked.class_ids
        return _firsts(ranked, self.hold(boxes, classes, boxes, classes))


def in_one_class_each(detections: Detections, overlap: float) -> Detections:
    """Leaves out what a better box of another class shows, best first.

    Within a class that is the detector's own business (NMS): people overlap.

    Args:
        detections: in any order.
        overlap: IoU above which two boxes show the same.
    """
    ranked = _ranked(detections)
    differs = ranked.class_ids[:, None] != ranked.class_ids[None]
    alike = iou_matrix(ranked.boxes, ranked.boxes) > overlap
    return _firsts(ranked, alike & differs)


def _ranked(detections: Detections) -> Detections:
    return detections[np.argsort(-detections.scores, kind="stable")]


def _firsts(ranked: Detections, is_double: _Marks) -> Detections:
    """Keeps what is no double of a kept one before it."""
    covers = np.triu(is_double, 1)
    kept = np.ones(len(ranked), bool)
    for place in range(len(ranked)):
        if kept[place]:
            kept &= ~covers[place]
    return ranked[kept]
