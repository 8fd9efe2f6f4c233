"""Which detection belongs to which track."""

import lap
import numpy as np
import numpy.typing as npt

from crossline.geometry import FloatArray, box_centers, iou_matrix

Pairs = list[tuple[int, int]]


def separations(tracked: FloatArray, detected: FloatArray) -> FloatArray:
    """Returns how far apart each pair is, ``(tracks, detections)``.

    The distance of the centres in units of the boxes' size, less their
    overlap, so that -1 is a perfect match and 0 a box that has moved by
    about its overlap.

    Args:
        tracked: predicted boxes ``(n, 4)``, pixels.
        detected: boxes ``(m, 4)``, pixels.
    """
    x, y = (
        box_centers(tracked).T[:, :, None] - box_centers(detected).T[:, None]
    )
    distance = np.hypot(x, y)
    size = (_sizes(tracked)[:, None] + _sizes(detected)[None]) / 2
    apart = distance / size - iou_matrix(tracked, detected)
    return np.asarray(apart, np.float32)


def assign(cost: npt.ArrayLike, limit: float) -> Pairs:
    """Returns the pairs of least total cost, none dearer than `limit`.

    Costs are -1 or more; infinite is a pair that must not be.

    Source: Jonker and Volgenant's algorithm, by the `lap` package.
    """
    costs = np.asarray(cost, np.float64)
    if not costs.size:
        return []
    # lap wants every single cost below its limit to be worth a match.
    _, columns, _ = lap.lapjv(
        np.minimum(costs, limit + 1.0) + 1.0,
        extend_cost=True,
        cost_limit=limit + 1.0,
    )
    return [
        (row, int(column)) for row, column in enumerate(columns) if column >= 0
    ]


def _sizes(boxes: FloatArray) -> FloatArray:
    """Returns the geometric mean of width and height, at least a pixel."""
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 1)
    return np.asarray(np.sqrt(sides[:, 0] * sides[:, 1]), np.float32)
