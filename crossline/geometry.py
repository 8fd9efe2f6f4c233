"""Boxes and detections.

One representation everywhere: ``xmin, ymin, xmax, ymax`` in pixels of the
image, float, origin at the top left, ``xmax`` and ``ymax`` being edges (a box
is ``xmax - xmin`` wide). Formats convert at their own border.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Image = npt.NDArray[np.uint8]
"""RGB, shape ``(height, width, 3)``."""


@dataclass(frozen=True)
class Detections:
    """What a detector saw in one image, best score first.

    Attributes:
        boxes: ``(n, 4)`` float32, pixels of the image, see the module.
        scores: ``(n,)`` float32, 0 to 1.
        class_ids: ``(n,)`` int64, ids of the label map (from 1).
    """

    boxes: FloatArray
    scores: FloatArray
    class_ids: IntArray

    def __post_init__(self) -> None:
        count = len(self.boxes)
        if self.boxes.shape != (count, 4):
            raise ValueError(f"boxes have shape {self.boxes.shape}")
        if self.scores.shape != (count,) or self.class_ids.shape != (count,):
            raise ValueError(
                f"{count} boxes, scores of shape {self.scores.shape}, "
                f"class ids of shape {self.class_ids.shape}"
            )

    @classmethod
    def of(
        cls,
        boxes: npt.ArrayLike,
        scores: npt.ArrayLike,
        class_ids: npt.ArrayLike,
    ) -> "Detections":
        """Builds from anything array-like, empty lists included."""
        return cls(
            np.asarray(boxes, np.float32).reshape(-1, 4),
            np.asarray(scores, np.float32).reshape(-1),
            np.asarray(class_ids, np.int64).reshape(-1),
        )

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, chosen: Any) -> "Detections":
        """Selects by a boolean mask, indices or a slice."""
        return Detections(
            self.boxes[chosen], self.scores[chosen], self.class_ids[chosen]
        )

    def __iter__(self) -> Iterator[tuple[FloatArray, float, int]]:
        """Yields ``box, score, class id`` of each."""
        for box, score, class_id in zip(
            self.boxes, self.scores, self.class_ids, strict=True
        ):
            yield box, float(score), int(class_id)


def box_areas(boxes: FloatArray) -> FloatArray:
    """Returns the areas ``(n,)`` in square pixels; inverted boxes have 0."""
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    return np.asarray(sides[:, 0] * sides[:, 1], np.float32)


def box_centers(boxes: FloatArray) -> FloatArray:
    """Returns the centres ``(n, 2)`` as x, y in pixels."""
    return np.asarray((boxes[:, :2] + boxes[:, 2:]) / 2, np.float32)


def clip_boxes(boxes: FloatArray, width: float, height: float) -> FloatArray:
    """Returns the boxes ``(n, 4)`` cut to the image."""
    limits = np.array([width, height, width, height], np.float32)
    return np.clip(boxes, 0, limits)


def iou_matrix(first: FloatArray, second: FloatArray) -> FloatArray:
    """Returns the intersection over union of each pair, ``(n, m)``.

    Pairs whose union has no area have an IoU of 0.
    """
    overlap = _overlaps(first, second)
    union = box_areas(first)[:, None] + box_areas(second)[None, :] - overlap
    return _quotients(overlap, union)


def smaller_share_matrix(first: FloatArray, second: FloatArray) -> FloatArray:
    """Returns how much of each pair's smaller box is common, ``(n, m)``.

    It is 1 where one lies in the other; 0 for pairs with a box without area.
    """
    overlap = _overlaps(first, second)
    smaller = np.minimum(box_areas(first)[:, None], box_areas(second)[None, :])
    return _quotients(overlap, smaller)


def _overlaps(first: FloatArray, second: FloatArray) -> FloatArray:
    """Returns the common areas ``(n, m)`` in square pixels."""
    # Axis by axis: numpy's loops over an innermost axis of two are slow.
    widths, heights = (
        np.minimum(first[:, None, high], second[:, high])
        - np.maximum(first[:, None, low], second[:, low])
        for low, high in ((0, 2), (1, 3))
    )
    common = np.maximum(widths, 0) * np.maximum(heights, 0)
    return np.asarray(common, np.float32)


def _quotients(parts: FloatArray, wholes: FloatArray) -> FloatArray:
    """Divides; 0 where the whole is nothing."""
    shares = np.zeros_like(parts)
    np.divide(parts, wholes, out=shares, where=wholes > 0)
    return shares


def normalized_to_pixels(
    boxes: npt.ArrayLike, width: int, height: int
) -> FloatArray:
    """Converts TensorFlow's boxes to ours.

    Args:
        boxes: ``(n, 4)`` of ``ymin, xmin, ymax, xmax``, 0 to 1.
        width: of the image, in pixels.
        height: of the image, in pixels.

    Returns:
        ``(n, 4)`` pixels, not clipped.
    """
    normalized = np.asarray(boxes, np.float32).reshape(-1, 4)
    scale = np.array([width, height, width, height], np.float32)
    return normalized[:, [1, 0, 3, 2]] * scale
