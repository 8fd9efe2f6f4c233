"""How much AP50 each kind of error costs: mend one kind, measure again.

After TIDE (see `crossline.evaluate.error_kinds`). Costs do not add up to
what is missing from 1: mending one kind uncovers another.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from crossline.evaluate.error_kinds import (
    NO_ERROR,
    ErrorKind,
    Mistakes,
    counts_by_class,
    mistakes_of,
)
from crossline.evaluate.matching import Mask, ScoreArray
from crossline.evaluate.outcomes import NO_OBJECT, Outcomes
from crossline.geometry import IntArray

_RECALLS = np.linspace(0.0, 1.00, 101)


@dataclass(frozen=True)
class ErrorCost:
    """One kind of error.

    Attributes:
        count: how many there are at the threshold.
        cost: AP50 that mending all of them, at any score, would gain; None
            where there is no object to find.
    """

    count: int
    cost: float | None


@dataclass(frozen=True)
class ErrorAnalysis:
    """What goes wrong, by kind in words (see `ErrorKind.word`).

    Attributes:
        threshold: that `ErrorCost.count` is counted at.
        overall: counts of all classes, and mean of their costs.
        per_class: by class name. A classification error counts where it
            claims; mending it gives the object's own class a right one.
    """

    threshold: float
    overall: Mapping[str, ErrorCost]
    per_class: Mapping[str, Mapping[str, ErrorCost]]


def error_analysis(outcomes: Outcomes, threshold: float) -> ErrorAnalysis:
    """Counts the errors at a threshold and prices them at all scores."""
    shown = outcomes.above(threshold)
    counts = counts_by_class(shown, mistakes_of(shown))
    costs = _costs(outcomes, mistakes_of(outcomes))
    judged = ~np.isnan(costs).any(axis=1)
    means = costs[judged].mean(axis=0) if judged.any() else costs[0]
    return ErrorAnalysis(
        threshold,
        _by_kind(counts.sum(axis=0), means),
        {
            name: _by_kind(counts[k], costs[k])
            for k, name in enumerate(outcomes.class_names)
        },
    )


def average_precision(
    scores: ScoreArray, is_right: Mask, objects: int
) -> float:
    """Returns AP at one IoU as COCO interpolates it, at 101 recalls.

    Args:
        scores: ``(d,)``, of one class, in any order; equal ones stay in
            theirs.
        is_right: ``(d,)``.
        objects: how many there are to find.

    Returns:
        0 to 1; NaN where there is no object.
    """
    if not objects:
        return float("nan")
    right = np.cumsum(is_right[np.argsort(-scores, kind="stable")])
    precision = right / (np.arange(len(right)) + 1 + np.spacing(1))
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    reached = np.searchsorted(right / objects, _RECALLS, side="left")
    return float(np.append(envelope, 0.0)[reached].mean())


def _by_kind(counts: IntArray, costs: ScoreArray) -> dict[str, ErrorCost]:
    return {
        kind.word: ErrorCost(
            int(counts[kind]),
            None if np.isnan(costs[kind]) else float(costs[kind]),
        )
        for kind in ErrorKind
    }


def _costs(outcomes: Outcomes, mistakes: Mistakes) -> ScoreArray:
    """Returns ``(c, 6)``: what mending each kind gains each class."""
    count = len(outcomes.class_names)
    objects = np.bincount(outcomes.objects.class_indices, minlength=count)
    missed = np.bincount(
        outcomes.objects.class_indices[mistakes.is_missed], minlength=count
    )
    as_is = _class_precisions(
        outcomes, outcomes.class_indices, outcomes.is_right, objects
    )
    mended = []
    for kind in ErrorKind:
        if kind == ErrorKind.MISSED:
            precisions = _class_precisions(
                outcomes,
                outcomes.class_indices,
                outcomes.is_right,
                objects - missed,
            )
            # Where all are missed, nothing but misses stands in the way.
            precisions[(objects > 0) & (objects == missed)] = 1
        else:
            precisions = _class_precisions(
                outcomes, *_mended(outcomes, mistakes, kind), objects
            )
        mended.append(precisions - as_is)
    return np.stack(mended, axis=1)


def _mended(
    outcomes: Outcomes, mistakes: Mistakes, kind: ErrorKind
) -> tuple[IntArray, Mask]:
    """Returns the detections' classes and whether they are right, mended.

    The best detection that aims at an object nobody found becomes right, of
    that object's class; others of the kind get class -1: they are gone.
    """
    classes = outcomes.class_indices.copy()
    is_right = outcomes.is_right.copy()
    classes[mistakes.kinds == kind] = -1
    saved = _saviours(outcomes, mistakes)
    saved = saved[mistakes.kinds[saved] == kind]
    classes[saved] = outcomes.objects.class_indices[mistakes.targets[saved]]
    is_right[saved] = True
    return classes, is_right


def _saviours(outcomes: Outcomes, mistakes: Mistakes) -> IntArray:
    """Returns the detections, one for each object not found but aimed at.

    The best score of any kind: an object is given away once.
    """
    aims = np.flatnonzero(
        (mistakes.kinds != NO_ERROR) & (mistakes.targets != NO_OBJECT)
    )
    aims = aims[~outcomes.is_found[mistakes.targets[aims]]]
    aims = aims[np.argsort(-outcomes.scores[aims], kind="stable")]
    _, first = np.unique(mistakes.targets[aims], return_index=True)
    return aims[first]


def _class_precisions(
    outcomes: Outcomes, classes: IntArray, is_right: Mask, objects: IntArray
) -> ScoreArray:
    """Returns ``(c,)``: AP50 of each class, NaN where it has no object."""
    return np.array(
        [
            average_precision(
                outcomes.scores[classes == k], is_right[classes == k], count
            )
            for k, count in enumerate(objects.tolist())
        ]
    )
