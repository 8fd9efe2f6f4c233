import numpy as np
import pytest

from crossline.evaluate.calibration import calibration_of
from tests.evaluate.scenes import outcomes, row, seen, truth_of

AWAY = (300.0, 300.0, 350.0, 350.0)
TRUTH = truth_of(row(), row(class_name="person", box=(100, 0, 150, 90)))


def test_by_hand() -> None:
    found = [
        seen(TRUTH, score=0.72),
        seen(TRUTH, AWAY, score=0.78),
        seen(TRUTH, AWAY, score=0.31),
        seen(TRUTH, AWAY, score=0.29),
    ]
    calibration = calibration_of(outcomes(TRUTH, found))
    # 0.3 to 0.4 is the first; what is below is left out.
    assert calibration.counts.tolist() == [1, 0, 0, 0, 2, 0, 0]
    assert calibration.mean_scores[4] == pytest.approx(0.75)
    assert calibration.precisions[4] == 0.5
    assert np.isnan(calibration.precisions[1])
    expected = (1 * 0.31 + 2 * 0.25) / 3
    assert calibration.expected_error == pytest.approx(expected)
    assert calibration.excess == pytest.approx(expected)


@pytest.mark.parametrize(
    ("score", "place"),
    [(0.3, 0), (0.4, 1), (0.6, 3), (0.7, 4), (0.9, 6), (1.0, 6)],
)
def test_a_bin_begins_at_its_tenth(score: float, place: int) -> None:
    found = outcomes(TRUTH, [seen(TRUTH, score=1)])
    # In double precision, as other tools' files have it.
    found.scores[0] = score
    assert calibration_of(found).counts.nonzero()[0].tolist() == [place]


def test_a_class_alone() -> None:
    found = outcomes(
        TRUTH, [seen(TRUTH, score=0.6), seen(TRUTH, AWAY, "person", 0.9)]
    )
    assert calibration_of(found, "car").excess == pytest.approx(-0.4)
    assert calibration_of(found, "person").excess == pytest.approx(0.9)


def test_no_detection_has_no_error() -> None:
    calibration = calibration_of(outcomes(TRUTH, []))
    assert calibration.expected_error is None
    assert calibration.excess is None
