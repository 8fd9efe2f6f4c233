"""Is the difference more than luck of the images? A paired bootstrap.

Images are drawn with replacement, for all models alike, and the mean average
precision is computed anew on each draw; the spread of the differences says
how far another set of images of the same kind might move them. It speaks of
images only: how much training runs differ is seen from several seeds.
After Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crossline.evaluate.matching import ClassMatches, Matches
from crossline.geometry import IntArray
from crossline.progress import progress

ScoreArray = npt.NDArray[np.float64]

BOOTSTRAPPED = ("AP", "AP50")
"""Then follows the AP of each class, see `class_key`."""
RESAMPLES = 1000


def class_key(name: str) -> str:
    """Returns what the AP of a class is called among `BOOTSTRAPPED`."""
    return f"AP {name}"


@dataclass(frozen=True)
class Difference:
    """A score, or a difference of two, and its 95 % interval.

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
) -> list[dict[str, Difference]]:
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
        For each of `others`: the differences by `BOOTSTRAPPED`, and by
        `class_key` of each class that has objects.

    Raises:
        ValueError: the matches are not of the same ground truth.
    """
    first, *rest = resampled_models([baseline, *others], resamples, seed)
    return [spread(baseline[0], each - first) for each in rest]


def resampled_models(
    models: Sequence[Sequence[Matches]],
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> list[ScoreArray]:
    """Scores models on the same draws; see `paired_differences`.

    Returns:
        For each model `resampled_scores`, mean of its seeds, the images as
        they are in the first column.

    Raises:
        ValueError: the matches are not of the same ground truth.
    """
    _require_same_truth([matches for model in models for matches in model])
    count = len(models[0][0].image_ids)
    weights = np.vstack(
        [np.ones(count, np.int64), image_weights(count, resamples, seed)]
    )
    return [
        np.mean([resampled_scores(m, weights) for m in model], axis=0)
        for model in models
    ]


def spread(matches: Matches, scores: ScoreArray) -> dict[str, Difference]:
    """Returns estimates and intervals of what `resampled_models` returns.

    Args:
        matches: tell the classes.
        scores: ``(2 + c, 1 + resamples)``, or the difference of two such.

    Returns:
        By `BOOTSTRAPPED` and `class_key`; classes without objects are left
        out.
    """
    names = [*BOOTSTRAPPED, *map(class_key, matches.class_names)]
    spreads = {}
    for name, row in zip(names, scores, strict=True):
        drawn = row[1:][~np.isnan(row[1:])]
        if len(drawn) and not np.isnan(row[0]):
            low, high = np.percentile(drawn, [2.5, 97.5])
            spreads[name] = Difference(float(row[0]), float(low), float(high))
    return spreads


def image_weights(count: int, resamples: int, seed: int) -> IntArray:
    """Draws images with replacement.

    Returns:
        ``(resamples, count)``: how often each image was drawn.
    """
    generator = np.random.default_rng(seed)
    shares = np.full(count, 1 / count)
    return generator.multinomial(count, shares, size=resamples)


def resampled_scores(matches: Matches, weights: IntArray) -> ScoreArray:
    """Returns AP, AP50 and each class's AP, images counted `weights` times.

    Args:
        matches: of a model.
        weights: ``(resamples, images)``.

    Returns:
        ``(2 + c, resamples)`` in the order of `BOOTSTRAPPED` and of the
        classes; NaN where the drawn images hold no object. A row of ones
        gives the very numbers of pycocotools.
    """
    classes = [matches.of_class(name) for name in matches.class_names]
    recalls = matches.evaluator.params.recThrs
    rows = len(BOOTSTRAPPED) + len(classes)
    scores = np.full((rows, len(weights)), np.nan)
    draws = progress(weights, "bootstrap", len(weights), "resample")
    for index, row in enumerate(draws):
        curves = {
            k: precision_curves(found, row, recalls)
            for k, found in enumerate(classes)
            if found.object_counts @ row
        }
        if curves:
            # Threshold, recall, class: the order in which COCOeval adds up.
            precision = np.stack(list(curves.values()), axis=2)
            scores[:2, index] = precision.mean(), precision[0].mean()
        for k, curve in curves.items():
            scores[len(BOOTSTRAPPED) + k, index] = curve.mean()
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
    places, ignored_places = found.right_places, found.ignored_places
    ignored = np.cumsum(
        found.is_ignored[:, ignored_places] * times[ignored_places], axis=1
    )
    before = np.searchsorted(ignored_places, places, side="right")
    seen = (
        np.cumsum(times)[places] - np.pad(ignored, ((0, 0), (1, 0)))[:, before]
    )
    right = np.cumsum(found.is_right[:, places] * times[places], axis=1)
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
