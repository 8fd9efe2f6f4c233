"""A motorcycle and its rider are one motorcycle."""

import numpy as np
import pytest

from crossline.detect.riders import seat_riders, with_ridden
from tests.detect.boxes import Seen, seen

NAMES = {1: "person", 2: "bicycle", 3: "car", 4: "motorcycle"}
RIDER, RIDDEN = (10, 0, 40, 50), (5, 10, 45, 60)
"""1200 of 2300 square pixels are common: IoU 0.52."""
FAR = (200, 0, 230, 50)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [(RIDER, 0.8, 1), (RIDDEN, 0.5, 4)],
            [(RIDDEN, 0.8, 4)],
            id="on a motorcycle, as sure as its rider",
        ),
        pytest.param(
            [(RIDER, 0.6, 1), (RIDDEN, 0.7, 2)],
            [(RIDDEN, 0.7, 2)],
            id="on a bicycle, surer than its rider",
        ),
        pytest.param(
            [(RIDER, 0.8, 1), (RIDDEN, 0.3, 4)],
            [(RIDER, 0.8, 1), (RIDDEN, 0.3, 4)],
            id="a pedestrian who looks a little like a motorcycle",
        ),
        pytest.param(
            [(RIDER, 0.8, 1), (FAR, 0.7, 4)],
            [(RIDER, 0.8, 1), (FAR, 0.7, 4)],
            id="a pedestrian far from a motorcycle",
        ),
        pytest.param(
            [(RIDER, 0.8, 1), (RIDDEN, 0.7, 3)],
            [(RIDER, 0.8, 1), (RIDDEN, 0.7, 3)],
            id="in front of a car",
        ),
        pytest.param(
            [(RIDER, 0.8, 1), (RIDDEN, 0.5, 4), (RIDDEN, 0.6, 2)],
            [(RIDDEN, 0.5, 4), (RIDDEN, 0.8, 2)],
            id="on the likelier of two",
        ),
        pytest.param([(RIDER, 0.8, 1)], [(RIDER, 0.8, 1)], id="alone"),
    ],
)
def test_riders_are_seated(rows: list[Seen], expected: list[Seen]) -> None:
    found, wanted = seat_riders(seen(*rows), NAMES), seen(*expected)
    np.testing.assert_array_equal(found.boxes, wanted.boxes)
    np.testing.assert_array_equal(found.scores, wanted.scores)
    np.testing.assert_array_equal(found.class_ids, wanted.class_ids)


def test_a_model_without_such_classes_is_left_alone() -> None:
    rows = seen((RIDER, 0.8, 1), (RIDDEN, 0.7, 2))
    assert seat_riders(rows, {1: "cat", 2: "dog"}) is rows


def test_who_hides_people_hides_riders() -> None:
    assert with_ridden([1], NAMES) == [1, 2, 4]
    assert with_ridden([3], NAMES) == [3]
    assert with_ridden([], NAMES) == []
