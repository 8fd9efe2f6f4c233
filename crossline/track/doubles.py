"""Boxes that show what another box shows already.

A van is a car and a truck to a detector; a torso in a person, and a wheel in
a motorcycle, are objects by themselves.
"""

import numpy as np
import numpy.typing as npt

from crossline.geometry import (
    Detections,
    FloatArray,
    IntArray,
    iou_matrix,
    smaller_share_matrix,
)


def drop_doubles(
    detections: Detections, overlap: float, part: float
) -> Detections:
    """Returns those that do not show what a better one shows.

    Args:
        detections: in any order.
        overlap: IoU with the better one, whatever its class.
        part: share of the smaller box that is common, within a class.
    """
    ranked = detections[np.argsort(-detections.scores, kind="stable")]
    boxes, classes = ranked.boxes, ranked.class_ids
    alike = are_doubles(boxes, classes, boxes, classes, overlap, part)
    covers = np.triu(alike, 1)
    kept = np.ones(len(ranked), bool)
    for place in range(len(ranked)):
        if kept[place]:
            kept &= ~covers[place]
    return ranked[kept]


def are_doubles(
    boxes: FloatArray,
    classes: IntArray,
    others: FloatArray,
    other_classes: IntArray,
    overlap: float,
    part: float,
) -> npt.NDArray[np.bool_]:
    """Tells of each pair ``(n, m)`` whether both show one object.

    See `drop_doubles`.
    """
    is_nested = smaller_share_matrix(boxes, others) > part
    is_nested &= classes[:, None] == other_classes[None]
    return (iou_matrix(boxes, others) > overlap) | is_nested
