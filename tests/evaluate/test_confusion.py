import numpy as np
import pytest

from crossline.evaluate.coco_metrics import metrics_of
from crossline.evaluate.coco_results import CocoResult
from crossline.evaluate.confusion import confusion_of
from crossline.evaluate.curves import curves_of
from crossline.evaluate.ground_truth import ground_truth_of
from crossline.evaluate.matching import match
from tests.evaluate.scenes import (
    SOURCE,
    noisy_results,
    outcomes,
    row,
    seen,
    street,
    truth_of,
)

CAR = (0.0, 0.0, 100.0, 100.0)
PERSON = (200.0, 0.0, 300.0, 100.0)
AWAY = (400.0, 300.0, 450.0, 350.0)
TRUTH = truth_of(
    row("a.jpg", "car", CAR),
    row("a.jpg", "person", PERSON),
    row("a.jpg", "car", (0, 300, 200, 480), is_crowd=True),
)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(
            [], [[0, 0, 1], [0, 0, 1], [0, 0, 0]], id="all is missed"
        ),
        pytest.param(
            [seen(TRUTH, CAR), seen(TRUTH, PERSON, "person")],
            [[1, 0, 0], [0, 1, 0], [0, 0, 0]],
            id="all is right",
        ),
        pytest.param(
            [seen(TRUTH, CAR, "person")],
            [[0, 1, 0], [0, 0, 1], [0, 0, 0]],
            id="a car is taken for a person",
        ),
        pytest.param(
            [seen(TRUTH, CAR), seen(TRUTH, CAR, "person")],
            [[1, 0, 0], [0, 0, 1], [0, 1, 0]],
            id="once found, a car is not taken for a person as well",
        ),
        pytest.param(
            [seen(TRUTH, CAR), seen(TRUTH, AWAY), seen(TRUTH, AWAY)],
            [[1, 0, 0], [0, 0, 1], [2, 0, 0]],
            id="seen where nothing is",
        ),
        pytest.param(
            [seen(TRUTH, CAR, score=0.4)],
            [[0, 0, 1], [0, 0, 1], [0, 0, 0]],
            id="too weak",
        ),
        pytest.param(
            [seen(TRUTH, (10, 310, 90, 390))],
            [[0, 0, 1], [0, 0, 1], [0, 0, 0]],
            id="a crowd does not count",
        ),
    ],
)
def test_counts(found: list[CocoResult], expected: list[list[int]]) -> None:
    confusion = confusion_of(outcomes(TRUTH, found), threshold=0.5)
    assert confusion.class_names == ("car", "person")
    assert confusion.counts.tolist() == expected


def test_rows_become_shares() -> None:
    found = [seen(TRUTH, CAR, "person")]
    confusion = confusion_of(outcomes(TRUTH, found), threshold=0.5)
    np.testing.assert_array_equal(
        confusion.normalised, [[0, 1, 0], [0, 0, 1], [np.nan] * 3]
    )
    assert confusion.taken_for("car") == [("person", 1)]
    assert confusion.taken_for("person") == []


def test_the_diagonal_is_what_the_curves_count_as_right() -> None:
    truth = ground_truth_of(street(), SOURCE)
    results = noisy_results(truth)
    matches = match(truth, results)
    metrics_of(matches)
    confusion = confusion_of(outcomes(truth, results), threshold=0.4)
    rows = confusion.counts.sum(axis=1)
    columns = confusion.counts.sum(axis=0)
    for k, (name, curves) in enumerate(curves_of(matches).per_class.items()):
        point = curves.at(0.4)
        assert point
        right = confusion.counts[k, k]
        assert rows[k] == matches.object_count(name)
        assert point.recall == pytest.approx(right / rows[k])
        assert point.precision == pytest.approx(right / columns[k])
