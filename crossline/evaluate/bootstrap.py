"""Is the difference more than luck of the images? A paired bootstrap.

Images are drawn with replacement, for all models alike, and the mean average
precision is computed anew on each draw; the spread of the differences says
how far another set of images of the same kind might move them. It speaks of
images only: how much training runs differ is seen from several seeds.
After Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crossline.evaluate.matching import ClassMatches, Matches
from crossline.geometry import IntArray
from crossline.progress import progress

ScoreArray = npt.NDArray[np.float64]

BOOTSTRAPPED = ("AP", "AP50")
RESAMPLES = 1000


@dataclass(frozen=True)
class Difference:
    """A difference and its 95 % interval.

    Attributes:
        estimate: on the images as they are.
        low: 2.5th percentile over the resamples.
        high: 97.5th percentile.
    """

    estimate: float
    low: float
    high: float


def paired_differences(
    baseline: Sequence[Matches],
    others: Sequence[Sequence[Matches]],
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> list[Mapping[str, Difference]]:
    """Compares models with a baseline on resampled images.

    Each model is a sequence of matches, one per training seed; on every
    resample their scores are averaged before the difference is taken. A
    class without an object in a resample is left out of its mean, and a
    resample without any object is left out altogether.

    Args:
        baseline: what is subtracted.
        others: models, each of them compared with the baseline.
        resamples: more make the interval's ends steadier, not narrower.
        seed: of the draw.

    Returns:
        For each of `others`: the differences by `BOOTSTRAPPED`.

    Raises:
        ValueError: the matches are not of the same ground truth.
    """
    models = [baseline, *others]
    _require_same_truth([matches for model in models for matches in model])
    count = len(baseline[0].image_ids)
    weights = np.vstack(
        [np.ones(count, np.int64), image_weights(count, resamples, seed)]
    )
    scores = [
        np.mean([resampled_scores(m, weights) for m in model], axis=0)
        for model in models
    ]
    return [_differences(other - scores[0]) for other in scores[1:]]


def image_weights(count: int, resamples: int, seed: int) -> IntArray:
    """Draws images with replacement.

    Returns:
        ``(resamples, count)``: how often each image was drawn.
    """
    generator = np.random.default_rng(seed)
    shares = np.full(count, 1 / count)
    return generator.multinomial(count, shares, size=resamples)


def resampled_scores(matches: Matches, weights: IntArray) -> ScoreArray:
    """Returns mean AP and AP50 with each image counted `weights` times.

    Args:
        matches: of a model.
        weights: ``(resamples, images)``.

    Returns:
        ``(2, resamples)`` in the order of `BOOTSTRAPPED`; NaN where the
        drawn images hold no object of any class. A row of ones gives the
        very numbers of pycocotools.
    """
    classes = [matches.of_class(name) for name in matches.class_names]
    recalls = matches.evaluator.params.recThrs
    scores = np.full((len(BOOTSTRAPPED), len(weights)), np.nan)
    draws = progress(weights, "bootstrap", len(weights), "resample")
    for index, row in enumerate(draws):
        curves = [
            precision_curves(found, row, recalls)
            for found in classes
            if found.object_counts @ row
        ]
        if curves:
            # Threshold, recall, class: the order in which COCOeval adds up.
            precision = np.stack(curves, axis=2)
            scores[:, index] = precision.mean(), precision[0].mean()
    return scores


def precision_curves(
    found: ClassMatches, weights: IntArray, recalls: ScoreArray
) -> ScoreArray:
    """Returns interpolated precision, as COCOeval's `accumulate` does.

    A detection on an image that was drawn twice counts as two in a row. The
    copies share one entry here, and detections that are right at no
    threshold have none: recall rises, and precision has its maxima, only at
    the (last copies of the) right ones, so the result is the same. (Only
    equal scores on one image could stand in another order.)

    Args:
        found: a class with at least one object among the drawn images.
        weights: ``(images,)``, how often each was drawn.
        recalls: ``(r,)``, ascending, where to read the precision.

    Returns:
        ``(thresholds, r)``; 0 where a recall is never reached.
    """
    times = weights[found.image_indices].astype(np.float64)
    columns = np.flatnonzero(found.is_right.any(axis=0))
    seen = np.cumsum(~found.is_ignored * times, axis=1)[:, columns]
    right = np.cumsum(found.is_right[:, columns] * times[columns], axis=1)
    precision = right / (seen + np.spacing(1))
    envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    padded = np.pad(envelope, ((0, 0), (0, 1)))
    recall = right / (found.object_counts @ weights)
    return np.stack(
        [
            curve[np.searchsorted(reached, recalls)]
            for curve, reached in zip(padded, recall, strict=True)
        ]
    )


def _differences(differences: ScoreArray) -> dict[str, Difference]:
    """Takes ``(2, 1 + resamples)``, the images as they are standing first."""
    low, high = np.nanpercentile(differences[:, 1:], [2.5, 97.5], axis=1)
    return {
        name: Difference(
            float(differences[i, 0]), float(low[i]), float(high[i])
        )
        for i, name in enumerate(BOOTSTRAPPED)
    }


def _require_same_truth(models: Sequence[Matches]) -> None:
    truths = [
        (
            matches.image_ids,
            {
                name: matches.of_class(name).object_counts.tolist()
                for name in matches.class_names
            },
        )
        for matches in models
    ]
    if any(truth != truths[0] for truth in truths):
        raise ValueError("the models were judged on different ground truths")
