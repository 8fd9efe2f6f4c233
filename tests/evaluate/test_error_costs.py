"""AP50 gained by mending one kind, worked out by hand.

Two cars on two images. With one found and nothing false before it, AP50 is
51 / 101: recalls 0.00 to 0.50 are reached with precision 1.
"""

import numpy as np
import pytest

from crossline.evaluate.coco_metrics import metrics_of
from crossline.evaluate.coco_results import CocoResult
from crossline.evaluate.error_costs import (
    ErrorAnalysis,
    average_precision,
    error_analysis,
)
from crossline.evaluate.ground_truth import ground_truth_of
from crossline.evaluate.matching import match
from tests.evaluate.scenes import (
    SOURCE,
    noisy_results,
    outcomes,
    perfect_results,
    row,
    seen,
    street,
    truth_of,
)

CAR = (0.0, 0.0, 100.0, 100.0)
ASIDE = (50.0, 0.0, 150.0, 100.0)
AWAY = (300.0, 300.0, 350.0, 350.0)
HALF = 51 / 101
TRUTH = truth_of(
    row("a.jpg", "car", CAR),
    row("b.jpg", "car", CAR),
    row("b.jpg", "person", AWAY),
)
RIGHT = seen(TRUTH, CAR, score=0.5)
PERSON = seen(TRUTH, AWAY, "person", 0.5, "b.jpg")


def costs(analysis: ErrorAnalysis, name: str) -> dict[str, float]:
    """Those that are not 0."""
    return {
        kind: error.cost
        for kind, error in analysis.per_class[name].items()
        if error.cost
    }


@pytest.mark.parametrize(
    ("mistake", "expected"),
    [
        pytest.param([], {"missed": 1 - HALF}, id="missed"),
        pytest.param(
            [seen(TRUTH, ASIDE, score=0.4, filename="b.jpg")],
            {"localisation": 1 - HALF},
            id="badly placed: put right, it finds the second",
        ),
        pytest.param(
            [seen(TRUTH, AWAY, score=0.9)],
            # Precision 1 / 2 instead of 1 before; without misses, 1 / 2.
            {"background": HALF / 2, "missed": (1 - HALF) / 2},
            id="nothing there",
        ),
        pytest.param(
            [seen(TRUTH, CAR, score=0.45), seen(TRUTH, CAR, score=0.44)],
            {"missed": 1 - HALF},
            id="duplicates after the last right one cost nothing",
        ),
        pytest.param(
            [
                seen(TRUTH, CAR, score=0.45),
                seen(TRUTH, CAR, score=0.4, filename="b.jpg"),
            ],
            # The second is right as the third: precision 2 / 3 from there.
            {"duplicate": (1 - 2 / 3) * (1 - HALF)},
            id="a duplicate before it does",
        ),
        pytest.param(
            [
                seen(TRUTH, ASIDE, score=0.9, filename="b.jpg"),
                seen(TRUTH, ASIDE, score=0.8, filename="b.jpg"),
            ],
            # One becomes right, the other goes; as they are, 1 / 3.
            {"localisation": 1 - HALF / 3},
            id="of two that aim at the same object, one is enough",
        ),
    ],
)
def test_what_a_kind_costs(
    mistake: list[CocoResult], expected: dict[str, float]
) -> None:
    found = outcomes(TRUTH, [RIGHT, PERSON, *mistake])
    analysis = error_analysis(found, threshold=0.0)
    assert costs(analysis, "car") == pytest.approx(expected)
    assert costs(analysis, "person") == {}


def test_a_class_confusion_costs_both_classes() -> None:
    taken_for_person = seen(TRUTH, CAR, "person", 0.9, "b.jpg")
    found = outcomes(TRUTH, [RIGHT, PERSON, taken_for_person])
    analysis = error_analysis(found, threshold=0.0)
    assert costs(analysis, "car") == pytest.approx(
        {"classification": 1 - HALF}
    )
    assert costs(analysis, "person") == pytest.approx({"classification": 0.5})
    assert analysis.per_class["person"]["classification"].count == 1
    overall = analysis.overall["classification"]
    assert overall.cost == pytest.approx((1 - HALF + 0.5) / 2)


def test_counts_are_of_the_threshold_costs_of_all_scores() -> None:
    false = seen(TRUTH, AWAY, score=0.6)
    found = outcomes(TRUTH, [RIGHT, PERSON, false])
    analysis = error_analysis(found, threshold=0.55)
    cars = analysis.per_class["car"]
    assert cars["background"].count == 1
    # The right one is too weak to be seen, so that both are missed.
    assert cars["missed"].count == 2
    assert cars["missed"].cost == pytest.approx((1 - HALF) / 2)


def test_a_class_of_which_all_is_missed() -> None:
    analysis = error_analysis(outcomes(TRUTH, [RIGHT]), threshold=0.5)
    assert costs(analysis, "person") == {"missed": 1}


def test_a_class_without_objects_has_no_costs() -> None:
    truth = truth_of(row(), row(class_name="person", is_crowd=True))
    analysis = error_analysis(
        outcomes(truth, perfect_results(truth)), threshold=0.5
    )
    assert {e.cost for e in analysis.per_class["person"].values()} == {None}
    assert {e.cost for e in analysis.overall.values()} == {0}


@pytest.mark.parametrize("seed", range(3))
def test_average_precision_is_that_of_pycocotools(seed: int) -> None:
    truth = ground_truth_of(street(seed=seed), SOURCE)
    results = noisy_results(truth, seed)
    matches = match(truth, results)
    expected = metrics_of(matches).per_class
    found = outcomes(truth, results)
    for k, name in enumerate(found.class_names):
        mine = found.class_indices == k
        objects = int(np.sum(found.objects.class_indices == k))
        assert (
            average_precision(
                found.scores[mine], found.is_right[mine], objects
            )
            == expected[name].AP50
        )
