"""Large frames in tiles: what is too small in the whole frame is found there.

A network sees some 300 x 300 pixels, whatever the frame's size. Shown parts of
the frame, it sees small objects larger; shown the whole as well, it still
finds those that fit into no part. Objects that several of these views show
are told once (compare Akyon et al., "Slicing Aided Hyper Inference", 2022).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from crossline.detect.detector import Detector
from crossline.geometry import (
    Detections,
    FloatArray,
    Image,
    box_areas,
    iou_matrix,
    smaller_share_matrix,
)

Window = tuple[int, int, int, int]
"""``xmin, ymin, xmax, ymax`` of a part of an image, whole pixels."""
BoolArray = npt.NDArray[np.bool_]

_OVERLAP = 0.2
"""Of tiles, of their width and height: what is smaller is whole in one."""
_SAME_IOU = 0.5
"""Of one object's boxes in two views."""
_PART_SHARE = 0.6
"""Of a box that a tile's edge has cut, within the object's whole box."""
_EDGE_SHARE = 0.02
"""Of a tile's size: boxes that come so near to its edge may be cut there."""


class TiledDetector:
    """Shows a detector the image, and each tile of it.

    See `crossline.detect.detector.Detector`.

    Args:
        detector: sees each of these views.
        columns: of tiles.
        rows: of tiles.
    """

    def __init__(self, detector: Detector, columns: int, rows: int) -> None:
        self.class_names: Mapping[int, str] = detector.class_names
        self._detector = detector
        self._columns, self._rows = columns, rows

    def detect(self, image: Image) -> Detections:
        """See `crossline.detect.detector.Detector`."""
        height, width = image.shape[:2]
        views = [self._detector.detect(image)]
        cut = [np.zeros(len(views[0]), bool)]
        for window in tiles(width, height, self._columns, self._rows):
            xmin, ymin, xmax, ymax = window
            found = self._detector.detect(
                np.ascontiguousarray(image[ymin:ymax, xmin:xmax])
            )
            boxes = found.boxes + np.array([xmin, ymin] * 2, np.float32)
            views.append(Detections(boxes, found.scores, found.class_ids))
            cut.append(may_be_cut(boxes, window, width, height))
        return merge(views, cut)


def tiles(width: int, height: int, columns: int, rows: int) -> list[Window]:
    """Returns windows of nearly equal size that cover an image, overlapping.

    Args:
        width: of the image, pixels.
        height: of the image, pixels.
        columns: of tiles.
        rows: of tiles.
    """
    return [
        (xmin, ymin, xmax, ymax)
        for ymin, ymax in _spans(height, rows)
        for xmin, xmax in _spans(width, columns)
    ]


def may_be_cut(
    boxes: FloatArray, window: Window, width: int, height: int
) -> BoolArray:
    """Tells whose object may go on beyond an edge of its window.

    Args:
        boxes: ``(n, 4)``, pixels of the image.
        window: in which they were seen.
        width: of the image, pixels.
        height: likewise; nothing goes on beyond the image's own edges.
    """
    edges = np.array(window, np.float32)
    margins = _EDGE_SHARE * np.tile(edges[2:] - edges[:2], 2)
    # How far each side of a box lies inside its window.
    inside = np.concatenate(
        [boxes[:, :2] - edges[:2], edges[2:] - boxes[:, 2:]], axis=1
    )
    is_inner = edges != np.array([0, 0, width, height], np.float32)
    beyond = is_inner & (inside < margins)
    return np.asarray(beyond.any(axis=1))


def merge(views: Sequence[Detections], cut: Sequence[BoolArray]) -> Detections:
    """Joins what several views show of one image.

    Boxes of one view are different objects: the detector has told them apart.
    Of one object's boxes in several views it keeps that of the best score
    among those that no tile cuts, and the best score of all.

    Args:
        views: in pixels of the image.
        cut: see `may_be_cut`, of each view's boxes.

    Returns:
        Best first.
    """
    boxes = np.concatenate([view.boxes for view in views])
    scores = np.concatenate([view.scores for view in views])
    class_ids = np.concatenate([view.class_ids for view in views])
    view = np.repeat(np.arange(len(views)), [len(one) for one in views])
    is_cut = np.concatenate(cut)
    same = _same_object(boxes, is_cut)
    same &= class_ids[:, None] == class_ids
    same &= view[:, None] != view
    best_scores = scores.copy()
    waiting = np.ones(len(boxes), bool)
    kept = []
    for first in np.lexsort((-scores, is_cut)):
        if waiting[first]:
            others = waiting & same[first]
            best_scores[first] = scores[others].max(initial=scores[first])
            waiting[others] = waiting[first] = False
            kept.append(first)
    joined = Detections.of(boxes[kept], best_scores[kept], class_ids[kept])
    return joined[np.argsort(-joined.scores, kind="stable")]


def _same_object(boxes: FloatArray, is_cut: BoolArray) -> BoolArray:
    """Tells of each pair whether the second is the first, or a part of it."""
    areas = box_areas(boxes)
    is_part = is_cut & (areas <= areas[:, None])
    is_part &= smaller_share_matrix(boxes, boxes) >= _PART_SHARE
    return np.asarray(is_part | (iou_matrix(boxes, boxes) >= _SAME_IOU))


def _spans(length: int, count: int) -> list[tuple[int, int]]:
    """Returns overlapping stretches of a length, from its start to its end."""
    size = length / (count - (count - 1) * _OVERLAP)
    starts = np.linspace(0, length - size, count)
    return [(round(start), round(start + size)) for start in starts]
