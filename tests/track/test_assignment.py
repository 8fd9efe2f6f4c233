"""Costs worked out by hand, and who gets whom."""

import numpy as np
import pytest

from crossline.track.assignment import assign, association_cost

SQUARE = [0, 0, 10, 10]


@pytest.mark.parametrize(
    ("other", "class_id", "expected"),
    [
        pytest.param([0, 0, 10, 10], 1, -1.0, id="the same box"),
        pytest.param([5, 0, 15, 10], 1, 0.5 - 1 / 3, id="moved by half"),
        pytest.param([30, 40, 40, 50], 1, 5.0, id="five sizes away"),
        pytest.param([0, 0, 10, 10], 2, -0.7, id="another class"),
    ],
)
def test_cost(other: list[float], class_id: int, expected: float) -> None:
    cost = association_cost(
        np.array([SQUARE], np.float32),
        np.array([1]),
        np.array([other], np.float32),
        np.array([class_id]),
        class_penalty=0.3,
    )
    assert cost[0, 0] == pytest.approx(expected, abs=1e-6)


def test_the_total_is_least_not_each_row() -> None:
    # Row 0 would take column 0; then row 1 would have to pay 0.9.
    cost = np.array([[0.1, 0.2], [0.2, 0.9]], np.float32)
    assert assign(cost, 1.0) == [(0, 1), (1, 0)]


def test_pairs_above_the_limit_stay_alone() -> None:
    cost = np.array([[0.9, 0.2], [0.8, 0.9]], np.float32)
    assert assign(cost, 0.5) == [(0, 1)]


def test_nobody_gets_nobody() -> None:
    assert assign(np.zeros((0, 3), np.float32), 1.0) == []
    assert assign(np.zeros((3, 0), np.float32), 1.0) == []
