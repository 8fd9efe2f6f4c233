"""The confusion matrix of a detector, background included."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from crossline.evaluate.matching import Mask, ScoreArray
from crossline.evaluate.outcomes import NO_OBJECT, Outcomes
from crossline.evaluate.overlaps import Overlaps, overlaps_of
from crossline.geometry import IntArray

FOREGROUND_IOU = 0.5


@dataclass(frozen=True)
class Confusion:
    """What objects were taken for at one threshold.

    Attributes:
        class_names: of rows and columns; background is one more, the last.
        threshold: weaker detections are as good as none.
        counts: ``(c + 1, c + 1)`` int64. A row is a true class, a column
            what it was taken for: the diagonal is right, the last column
            missed, the last row seen where no such object is. Crowds, and
            detections that meet one, do not count.
    """

    class_names: tuple[str, ...]
    threshold: float
    counts: IntArray

    @property
    def normalised(self) -> ScoreArray:
        """`counts` as shares of their row; NaN in rows without any."""
        totals = self.counts.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            return cast("ScoreArray", self.counts / totals)

    def taken_for(self, name: str) -> Sequence[tuple[str, int]]:
        """Returns what objects of a class are taken for, most often first.

        Neither the class itself nor background are among it.
        """
        row = self.counts[self.class_names.index(name)]
        others = [
            (other, int(row[place]))
            for place, other in enumerate(self.class_names)
            if other != name and row[place]
        ]
        return sorted(others, key=lambda pair: -pair[1])


def confusion_of(outcomes: Outcomes, threshold: float) -> Confusion:
    """Counts the pairs of true and detected class, at IoU 0.50.

    Detections first take the objects of their own class, as COCO matches
    them, so that the diagonal is what the curves count as right. Then the
    false ones take the objects that are left, the largest IoU first.
    """
    shown = outcomes.above(threshold)
    background = len(outcomes.class_names)
    counts = np.zeros((background + 1, background + 1), np.int64)
    met = shown.met.copy()
    detections, objects = _cross_pairs(shown, overlaps_of(shown))
    met[detections] = objects
    # The last is background, where `NO_OBJECT` leads.
    true = np.append(shown.objects.class_indices, background)
    np.add.at(counts, (true[met], shown.class_indices), 1)
    missed = np.ones(len(shown.objects), np.bool_)
    missed[met[met != NO_OBJECT]] = False
    counts[:, background] += np.bincount(
        shown.objects.class_indices[missed], minlength=background + 1
    )
    return Confusion(outcomes.class_names, threshold, counts)


def _cross_pairs(
    shown: Outcomes, overlaps: Overlaps
) -> tuple[list[int], list[int]]:
    """Pairs false detections with objects not found, each at most once."""
    free: Mask = (
        ~shown.is_right[overlaps.detections]
        & ~shown.is_found[overlaps.objects]
        & (overlaps.ious >= FOREGROUND_IOU)
    )
    order = np.argsort(-overlaps.ious[free], kind="stable")
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for detection, object_ in zip(
        overlaps.detections[free][order].tolist(),
        overlaps.objects[free][order].tolist(),
        strict=True,
    ):
        if detection not in pairs and object_ not in taken:
            pairs[detection] = object_
            taken.add(object_)
    return list(pairs), list(pairs.values())
