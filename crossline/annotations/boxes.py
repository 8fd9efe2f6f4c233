"""Other people's boxes: what is taken, what is clipped, what is left out."""

import math
from collections import Counter

Edges = tuple[float, float, float, float]
"""``xmin, ymin, xmax, ymax`` in pixels."""

_SLACK = 0.5


def take_box(
    edges: Edges, width: float, height: float, left_out: Counter[str]
) -> Edges | None:
    """Returns a box that fits its image, or None.

    Rounding leaves many boxes a fraction of a pixel outside; those are
    clipped. What reaches further out, is inside out or has no area is
    somebody's mistake: it is left out and counted.

    Args:
        edges: as the file has them.
        width: of the image, pixels.
        height: of the image, pixels.
        left_out: counts boxes by reason.
    """
    if not all(math.isfinite(edge) for edge in edges):
        left_out["box with a coordinate that is no number"] += 1
        return None
    xmin, ymin, xmax, ymax = edges
    if xmax <= xmin or ymax <= ymin:
        left_out["box inside out or without area"] += 1
        return None
    outside = max(-xmin, -ymin, xmax - width, ymax - height)
    if outside > _SLACK:
        left_out["box outside the image"] += 1
        return None
    return max(xmin, 0.0), max(ymin, 0.0), min(xmax, width), min(ymax, height)
