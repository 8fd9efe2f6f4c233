"""Precision, recall and F1 against the score that one asks for.

At IoU 0.50, as somebody who acts on detections thinks: below the threshold
nothing is seen, above it all is believed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from crossline.evaluate.matching import ClassMatches, Matches, ScoreArray

THRESHOLDS: ScoreArray = np.arange(101) / 100
"""Scores at which the curves are read: 0.00 to 1.00."""


@dataclass(frozen=True)
class OperatingPoint:
    """How a class fares at one threshold.

    Attributes:
        threshold: detections of at least this score are believed.
        precision: share of them that is right; None where there are none.
        recall: share of the objects that they find.
        f1: harmonic mean of both.
    """

    threshold: float
    precision: float | None
    recall: float
    f1: float


@dataclass(frozen=True)
class ClassCurves:
    """One class.

    Attributes:
        precision: ``(101,)`` over `THRESHOLDS`; NaN where nothing is left.
        recall: ``(101,)`` likewise; NaN where there is no object.
        f1: ``(101,)`` likewise.
        interpolated_precision: ``(101,)`` over the recalls 0.00 to 1.00, as
            COCO averages it to AP50; NaN where there is no object.
        best: where F1 is highest; None where there is no object.
    """

    precision: ScoreArray
    recall: ScoreArray
    f1: ScoreArray
    interpolated_precision: ScoreArray
    best: OperatingPoint | None

    def at(self, threshold: float) -> OperatingPoint | None:
        """Reads the curves at one of `THRESHOLDS`, the nearest."""
        if np.isnan(self.f1).all():
            return None
        place = round(100 * threshold)
        precision = float(self.precision[place])
        return OperatingPoint(
            float(THRESHOLDS[place]),
            None if np.isnan(precision) else precision,
            float(self.recall[place]),
            float(self.f1[place]),
        )


@dataclass(frozen=True)
class Curves:
    """All classes.

    Attributes:
        per_class: by class name.
        f1: ``(101,)`` over `THRESHOLDS`, mean of the classes with objects.
        best_threshold: one for all classes, where that mean is highest.
    """

    per_class: Mapping[str, ClassCurves]
    f1: ScoreArray
    best_threshold: float


def curves_of(matches: Matches) -> Curves:
    """Reads the curves; `metrics_of` must have accumulated `matches`."""
    # Threshold, recall, class, area range, detections.
    precision = matches.evaluator.eval["precision"][0, :, :, 0, -1]
    per_class = {
        name: _class_curves(matches.of_class(name), precision[:, k])
        for k, name in enumerate(matches.class_names)
    }
    judged = [each.f1 for each in per_class.values() if each.best]
    # A set of crowds alone has no object to find.
    f1 = np.mean(judged, axis=0) if judged else np.zeros(len(THRESHOLDS))
    return Curves(per_class, f1, float(THRESHOLDS[_middle_of_best(f1)]))


def _class_curves(found: ClassMatches, coco: ScoreArray) -> ClassCurves:
    objects = int(found.object_counts.sum())
    counted = ~found.is_ignored[0]
    seen = _counts_above(found.scores[counted])
    right = _counts_above(found.scores[found.is_right[0]])
    with np.errstate(invalid="ignore"):
        precision = right / seen
        recall = right / objects if objects else np.full(len(right), np.nan)
        f1 = 2 * right / (seen + objects) + 0 * recall
    curves = ClassCurves(
        precision, recall, f1, np.where(coco < 0, np.nan, coco), None
    )
    best = curves.at(THRESHOLDS[_middle_of_best(f1)]) if objects else None
    return ClassCurves(
        precision, recall, f1, curves.interpolated_precision, best
    )


def _counts_above(scores: ScoreArray) -> ScoreArray:
    """Returns how many of `scores` reach each of `THRESHOLDS`."""
    below = np.searchsorted(np.sort(scores), THRESHOLDS, side="left")
    return (len(scores) - below).astype(np.float64)


def _middle_of_best(f1: ScoreArray) -> int:
    """Of several equally good thresholds, an edge would be the riskier."""
    best = np.flatnonzero(f1 == f1.max())
    return int(best[len(best) // 2])
