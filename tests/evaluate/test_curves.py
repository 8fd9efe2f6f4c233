import numpy as np
import pytest

from crossline.evaluate.coco_metrics import metrics_of
from crossline.evaluate.coco_results import CocoResult
from crossline.evaluate.curves import THRESHOLDS, Curves, curves_of
from crossline.evaluate.ground_truth import GroundTruth, ground_truth_of
from crossline.evaluate.matching import match
from tests.evaluate.scenes import (
    SOURCE,
    noisy_results,
    row,
    seen,
    street,
    truth_of,
)

AWAY = (300.0, 300.0, 350.0, 350.0)


def curves(truth: GroundTruth, results: list[CocoResult]) -> Curves:
    matches = match(truth, results)
    metrics_of(matches)
    return curves_of(matches)


@pytest.fixture(scope="module")
def two_cars() -> Curves:
    """One found at 0.8, one at 0.3; in between, one is made up."""
    truth = truth_of(row("a.jpg"), row("b.jpg"))
    return curves(
        truth,
        [
            seen(truth, score=0.8),
            seen(truth, AWAY, score=0.5),
            seen(truth, score=0.3, filename="b.jpg"),
        ],
    )


@pytest.mark.parametrize(
    ("threshold", "precision", "recall", "f1"),
    [
        pytest.param(0.0, 2 / 3, 1, 4 / 5, id="all"),
        pytest.param(0.3, 2 / 3, 1, 4 / 5, id="a score itself is above"),
        pytest.param(0.31, 1 / 2, 1 / 2, 1 / 2, id="two left"),
        pytest.param(0.51, 1, 1 / 2, 2 / 3, id="the best one"),
        pytest.param(0.81, None, 0, 0, id="none: no precision"),
    ],
)
def test_at_a_threshold(
    two_cars: Curves,
    threshold: float,
    precision: float | None,
    recall: float,
    f1: float,
) -> None:
    point = two_cars.per_class["car"].at(threshold)
    assert point
    assert (point.precision, point.recall, point.f1) == pytest.approx(
        (precision, recall, f1)
    )


def test_the_best_threshold_is_the_middle_of_the_best(
    two_cars: Curves,
) -> None:
    best = two_cars.per_class["car"].best
    assert best
    # F1 is 0.8 from 0.00 to 0.30.
    assert best.threshold == two_cars.best_threshold == 0.15


def test_precision_by_recall_averages_to_ap50() -> None:
    truth = ground_truth_of(street(), SOURCE)
    matches = match(truth, noisy_results(truth))
    metrics = metrics_of(matches)
    for name, each in curves_of(matches).per_class.items():
        assert (
            each.interpolated_precision.mean() == metrics.per_class[name].AP50
        )


def test_one_threshold_for_all_is_best_for_their_mean() -> None:
    truth = truth_of(row("a.jpg"), row("a.jpg", "person", AWAY))
    found = curves(
        truth,
        [
            seen(truth, score=0.2),
            seen(truth, AWAY, "person", 0.6),
            seen(truth, (100, 100, 150, 150), "person", 0.1),
        ],
    )
    # Cars want at most 0.2, persons more than 0.1.
    assert 0.1 < found.best_threshold <= 0.2
    assert found.f1.max() == 1
    assert len(found.f1) == len(THRESHOLDS)


def test_a_class_without_objects_has_no_best() -> None:
    truth = truth_of(row(), row(class_name="person", is_crowd=True))
    found = curves(truth, [seen(truth), seen(truth, AWAY, "person")])
    persons = found.per_class["person"]
    assert persons.best is None
    assert persons.at(0.5) is None
    assert np.isnan(persons.recall).all()
    assert np.isnan(persons.interpolated_precision).all()
    assert found.f1.max() == 1
