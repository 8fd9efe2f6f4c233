"""Several boxes of one object become one.

A network's own suppression leaves torsos in people, and people half a step
beside themselves; several views of a frame show an object several times.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from crossline.geometry import (
    Detections,
    iou_matrix,
    smaller_share_matrix,
)

BoolArray = npt.NDArray[np.bool_]

_SAME_IOU = 0.5
"""Of two boxes of one object."""
_PART = 0.5
"""Share of the smaller box: it is a part of the other's object. Source: the
default of SAHI (Akyon et al., "Slicing Aided Hyper Inference", 2022)."""


def concatenate(views: Sequence[Detections]) -> Detections:
    """Returns all of them, in their order."""
    return Detections(
        np.concatenate([view.boxes for view in views]),
        np.concatenate([view.scores for view in views]),
        np.concatenate([view.class_ids for view in views]),
    )


def merge(detections: Detections, min_score: float = 0.0) -> Detections:
    """Leaves one box of those of one class that show one object.

    It lies where the nearly equal ones lie on average, weighted by score and
    overlap, which is more exact than the best alone. Source: "box voting",
    Gidaris and Komodakis, "Object detection via a multi-region and semantic
    segmentation-aware CNN model", 2015.

    Args:
        detections: weak ones included, since they tell where objects are.
        min_score: objects without a box of this score are left out.

    Returns:
        Best first.
    """
    ranked = detections[np.argsort(-detections.scores, kind="stable")]
    strong = ranked[ranked.scores >= np.float32(min_score)]
    if not len(strong):
        return strong
    overlaps = iou_matrix(strong.boxes, ranked.boxes)
    is_alike = strong.class_ids[:, None] == ranked.class_ids
    is_near = is_alike & (overlaps > _SAME_IOU)
    is_part = smaller_share_matrix(strong.boxes, ranked.boxes) > _PART
    same = is_near | (is_alike & is_part)
    # A box without area overlaps nothing, not even itself.
    np.fill_diagonal(same, True)
    kept = _best_of_each(same)
    owners = same[kept].argmax(axis=0)
    votes = is_near[kept] & (owners == np.arange(len(kept))[:, None])
    weights = votes * overlaps[kept] * ranked.scores
    totals = weights.sum(axis=1, keepdims=True)
    best = strong[kept]
    boxes = best.boxes.copy()
    np.divide(weights @ ranked.boxes, totals, out=boxes, where=totals > 0)
    return Detections(boxes, best.scores, best.class_ids)


def _best_of_each(same: BoolArray) -> list[int]:
    """Returns the first of each object's rows.

    Args:
        same: of each row and all boxes, whether they show one object.
    """
    differs = ~same
    waiting = np.ones(same.shape[1], bool)
    kept = []
    for row in range(len(same)):
        if waiting[row]:
            waiting &= differs[row]
            kept.append(row)
    return kept
