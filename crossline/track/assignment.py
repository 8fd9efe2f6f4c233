"""Which detection belongs to which track."""

import lap
import numpy as np

from crossline.geometry import FloatArray, IntArray, box_centers, iou_matrix

Pairs = list[tuple[int, int]]


def association_cost(
    tracked: FloatArray,
    tracked_classes: IntArray,
    detected: FloatArray,
    detected_classes: IntArray,
    *,
    class_penalty: float,
) -> FloatArray:
    """Returns the cost of each pair, ``(tracks, detections)``.

    The distance of the centres in units of the boxes' size, less their
    overlap, so that -1 is a perfect match and 0 a box that has moved by
    about its overlap; plus `class_penalty` where the classes differ, since
    detectors take a car for a truck now and then.

    Args:
        tracked: predicted boxes ``(n, 4)``, pixels.
        tracked_classes: ``(n,)`` label map ids.
        detected: boxes ``(m, 4)``, pixels.
        detected_classes: ``(m,)`` label map ids.
        class_penalty: raising it makes a track rather lose its object than
            change its class.
    """
    offsets = box_centers(tracked)[:, None] - box_centers(detected)[None]
    distance = np.linalg.norm(offsets, axis=2)
    size = (_sizes(tracked)[:, None] + _sizes(detected)[None]) / 2
    differs = tracked_classes[:, None] != detected_classes[None]
    cost = distance / size - iou_matrix(tracked, detected)
    return np.asarray(cost + class_penalty * differs, np.float32)


def assign(cost: FloatArray, limit: float) -> Pairs:
    """Returns the pairs of least total cost, none dearer than `limit`.

    Source: Jonker and Volgenant's algorithm, by the `lap` package.
    """
    if not cost.size:
        return []
    # lap wants every single cost below its limit to be worth a match.
    _, columns, _ = lap.lapjv(
        np.asarray(cost, np.float64) + 1.0,
        extend_cost=True,
        cost_limit=limit + 1.0,
    )
    return [
        (row, int(column)) for row, column in enumerate(columns) if column >= 0
    ]


def _sizes(boxes: FloatArray) -> FloatArray:
    """Returns the geometric mean of width and height, at least a pixel."""
    sides = np.clip(boxes[:, 2:] - boxes[:, :2], 1, None)
    return np.asarray(np.sqrt(sides.prod(axis=1)), np.float32)
