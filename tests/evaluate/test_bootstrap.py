import contextlib
import io

import numpy as np
import pytest

from crossline.evaluate.bootstrap import (
    image_weights,
    paired_differences,
    resampled_scores,
)
from crossline.evaluate.coco_metrics import metrics_of
from crossline.evaluate.ground_truth import ground_truth_of
from crossline.evaluate.matching import Matches, match
from tests.evaluate.scenes import (
    SOURCE,
    empty,
    noisy_results,
    perfect_results,
    row,
    street,
    truth_of,
)


def noisy_matches(
    seed: int = 0, noise: float = 0.05, scene: int = 0, decimals: int = 2
) -> Matches:
    truth = ground_truth_of(street(seed=scene), SOURCE)
    return match(truth, noisy_results(truth, seed, noise, decimals))


def pycocotools_on_drawn_images(
    matches: Matches, weights: np.ndarray
) -> list[float]:
    """Accumulates COCOeval's own cells, the drawn ones, again."""
    evaluator = matches.evaluator
    count = len(weights)
    cells = evaluator.evalImgs
    evaluator.evalImgs = [
        cells[block * count + image]
        for block in range(len(cells) // count)
        for image in np.repeat(np.arange(count), weights)
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        evaluator.accumulate()
        evaluator.summarize()
    evaluator.evalImgs = cells
    return list(evaluator.stats[:2])


@pytest.mark.parametrize("scene", range(4))
def test_images_as_they_are_give_pycocotools_numbers(scene: int) -> None:
    matches = noisy_matches(scene=scene)
    ones = np.ones((1, len(matches.image_ids)), np.int64)
    summary = metrics_of(matches).summary
    assert resampled_scores(matches, ones)[:2, 0].tolist() == [
        summary["AP"],
        summary["AP50"],
    ]


@pytest.mark.parametrize("scene", range(2))
def test_drawn_images_give_pycocotools_numbers(scene: int) -> None:
    # No ties: those within an image have no order of their own.
    matches = noisy_matches(scene=scene, decimals=9)
    weights = image_weights(len(matches.image_ids), 30, seed=scene)
    expected = [pycocotools_on_drawn_images(matches, row) for row in weights]
    assert resampled_scores(matches, weights)[:2].T.tolist() == expected


def test_as_many_images_are_drawn_as_there_are() -> None:
    weights = image_weights(5, resamples=40, seed=1)
    assert weights.shape == (40, 5)
    assert (weights.sum(axis=1) == 5).all()
    assert (weights > 1).any()
    np.testing.assert_array_equal(weights, image_weights(5, 40, seed=1))


def test_a_class_that_was_not_drawn_is_left_out() -> None:
    truth = truth_of(row("a.jpg", "car"), row("b.jpg", "person"), empty())
    cars = [r for r in perfect_results(truth) if r["category_name"] == "car"]
    weights = np.array([[1, 1, 1], [3, 0, 0], [0, 3, 0], [0, 0, 3]])
    scores = resampled_scores(match(truth, cars), weights)[0]
    np.testing.assert_allclose(scores, [0.5, 1, 0, np.nan])


def test_a_model_does_not_differ_from_itself() -> None:
    matches = noisy_matches()
    (differences,) = paired_differences([matches], [[matches]], resamples=20)
    for difference in differences.values():
        assert (difference.estimate, difference.low, difference.high) == (
            0,
            0,
            0,
        )


def test_a_plainly_worse_model() -> None:
    good, bad = noisy_matches(noise=0.02), noisy_matches(noise=0.3)
    worse, better = (
        paired_differences([first], [[second]], resamples=200)[0]["AP"]
        for first, second in ((good, bad), (bad, good))
    )
    assert worse.low < worse.estimate < worse.high < 0
    assert better.estimate == -worse.estimate
    assert (better.low, better.high) == pytest.approx(
        (-worse.high, -worse.low)
    )


def test_seeds_are_averaged() -> None:
    baseline, *seeds = (noisy_matches(seed) for seed in range(4))
    (pooled,) = paired_differences([baseline], [seeds], resamples=50)
    singly = paired_differences(
        [baseline], [[matches] for matches in seeds], resamples=50
    )
    estimates = [difference["AP"].estimate for difference in singly]
    assert pooled["AP"].estimate == pytest.approx(np.mean(estimates))
    widths = [d["AP"].high - d["AP"].low for d in singly]
    assert pooled["AP"].high - pooled["AP"].low < max(widths)


def test_other_images_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="different ground truths"):
        paired_differences(
            [noisy_matches(scene=0)], [[noisy_matches(scene=1)]]
        )
