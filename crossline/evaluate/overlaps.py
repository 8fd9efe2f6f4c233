"""Which objects lie under which detections, of all classes, at once."""

from dataclasses import dataclass

import numpy as np

from crossline.evaluate.matching import Mask, ScoreArray
from crossline.evaluate.outcomes import NO_OBJECT, Outcomes
from crossline.geometry import IntArray


@dataclass(frozen=True)
class Overlaps:
    """The p pairs of a detection with an object of the same image.

    Attributes:
        detections: ``(p,)`` int64, ascending.
        objects: ``(p,)`` int64.
        ious: ``(p,)`` float64.
        detection_count: of all, those without an object included.
    """

    detections: IntArray
    objects: IntArray
    ious: ScoreArray
    detection_count: int

    def best(self, among: Mask) -> tuple[ScoreArray, IntArray]:
        """Returns each detection's largest IoU and the object that has it.

        Args:
            among: ``(p,)``, the pairs that are looked at.

        Returns:
            IoU ``(d,)``, 0 where there is no pair, and object ``(d,)``,
            the first of equals, `NO_OBJECT` where there is no pair.
        """
        ious = np.zeros(self.detection_count)
        objects = np.full(self.detection_count, NO_OBJECT)
        rows = self.detections[among]
        # Of a detection's pairs, the last written is the best.
        order = np.lexsort((-self.objects[among], self.ious[among], rows))
        ious[rows[order]] = self.ious[among][order]
        objects[rows[order]] = self.objects[among][order]
        return ious, objects


def overlaps_of(outcomes: Outcomes) -> Overlaps:
    """Pairs every detection with every object of its image."""
    objects = outcomes.objects
    order = np.argsort(objects.image_indices, kind="stable")
    sorted_images = objects.image_indices[order]
    images = outcomes.image_indices
    first = np.searchsorted(sorted_images, images, side="left")
    counts = np.searchsorted(sorted_images, images, side="right") - first
    detections = np.repeat(np.arange(len(outcomes)), counts)
    ends = np.cumsum(counts)
    within = np.arange(len(detections)) - np.repeat(ends - counts, counts)
    paired = order[np.repeat(first, counts) + within]
    ious = _ious(outcomes.boxes[detections], objects.boxes[paired])
    return Overlaps(detections, paired, ious, len(outcomes))


def _ious(first: ScoreArray, second: ScoreArray) -> ScoreArray:
    """Returns IoU row by row, in double precision as pycocotools has it.

    `crossline.geometry.iou_matrix` is single, and of all with all.
    """
    least = np.minimum(first[:, 2:], second[:, 2:])
    sides = np.clip(least - np.maximum(first[:, :2], second[:, :2]), 0, None)
    common = np.asarray(sides.prod(axis=1), np.float64)
    union = _areas(first) + _areas(second) - common
    return np.divide(common, union, out=np.zeros_like(common), where=union > 0)


def _areas(boxes: ScoreArray) -> ScoreArray:
    sides: ScoreArray = boxes[:, 2:] - boxes[:, :2]
    return np.asarray(sides.prod(axis=1), np.float64)
