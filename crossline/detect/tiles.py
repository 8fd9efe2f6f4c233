"""Large frames in tiles: what is too small in the whole frame is found there.

A network sees some 300 x 300 pixels, whatever the frame's size. Shown parts of
the frame, it sees small objects larger; shown the whole as well, it still
finds those that fit into no part: what an inner edge cuts is left to the views
that hold it whole. Objects that several views show are told once (compare
Akyon et al., "Slicing Aided Hyper Inference", 2022).
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from crossline.detect.detector import Detector
from crossline.detect.merge import concatenate, merge
from crossline.geometry import Detections, FloatArray, Image

Window = tuple[int, int, int, int]
"""``xmin, ymin, xmax, ymax`` of a part of an image, whole pixels."""
BoolArray = npt.NDArray[np.bool_]

_OVERLAP = 0.2
"""Of tiles, of their width and height: what is smaller is whole in one."""
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
        for window in tiles(width, height, self._columns, self._rows):
            xmin, ymin, xmax, ymax = window
            found = self._detector.detect(
                np.ascontiguousarray(image[ymin:ymax, xmin:xmax])
            )
            boxes = found.boxes + np.array([xmin, ymin] * 2, np.float32)
            moved = Detections(boxes, found.scores, found.class_ids)
            views.append(moved[~may_be_cut(boxes, window, width, height)])
        return merge(concatenate(views))


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


def _spans(length: int, count: int) -> list[tuple[int, int]]:
    """Returns overlapping stretches of a length, from its start to its end."""
    size = length / (count - (count - 1) * _OVERLAP)
    starts = np.linspace(0, length - size, count)
    return [(round(start), round(start + size)) for start in starts]
