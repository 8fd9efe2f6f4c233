"""Costs worked out by hand, and who gets whom."""

import numpy as np
import pytest

from crossline.track.assignment import assign, separations

SQUARE = [0, 0, 10, 10]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param([0, 0, 10, 10], -1.0, id="the same box"),
        pytest.param([5, 0, 15, 10], 0.5 - 1 / 3, id="moved by half"),
        pytest.param([30, 40, 40, 50], 5.0, id="five sizes away"),
    ],
)
def test_separation(other: list[float], expected: float) -> None:
    apart = separations(
        np.array([SQUARE], np.float32), np.array([other], np.float32)
    )
    assert apart[0, 0] == pytest.approx(expected, abs=1e-6)


def test_what_must_not_be_is_not() -> None:
    cost = np.array([[np.inf, np.inf], [0.2, 0.9]])
    assert assign(cost, 1.0) == [(1, 0)]


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
