"""How boxes move, and which box continues a way."""

import numpy as np
import pytest

from crossline.geometry import FloatArray
from crossline.track.motion import BoxMotions

BOX = np.array([100, 100, 140, 180], np.float32)


def aside(x: float, y: float = 0.0) -> FloatArray:
    """Returns what moves a box."""
    return np.array([x, y, x, y], np.float32)


def moving(seconds: float, steps: int) -> BoxMotions:
    """Returns what went right by 20 pixels a second, then was not seen."""
    motions = BoxMotions()
    motions.begin(BOX[None])
    for number in range(1, 11):
        motions.advance(0.1)
        motions.correct([0], BOX[None] + aside(2 * number))
    for _ in range(steps):
        motions.advance(seconds / steps)
    return motions


def test_it_goes_on_as_it_went() -> None:
    (there,) = moving(0.5, 1).boxes
    assert there == pytest.approx(BOX + aside(30), abs=1.5)


def test_time_counts_and_not_the_number_of_frames() -> None:
    once, often = moving(0.5, 1), moving(0.5, 15)
    assert often.boxes == pytest.approx(once.boxes, abs=1e-3)
    places = np.stack([once.boxes[0], once.boxes[0] + 5, BOX])
    assert often.misfits([0], places) == pytest.approx(
        once.misfits([0], places)
    )


def test_the_place_where_it_should_be_fits_best() -> None:
    motions = moving(0.5, 1)
    (there,) = motions.boxes
    bigger = there + np.array([-10, -10, 10, 10], np.float32)
    lower = there + aside(0, 10)
    (fits,) = motions.misfits([0], np.stack([there, bigger, lower]))
    assert fits[0] < min(fits[1:])


def test_who_was_just_seen_fits_a_place_better_than_who_was_not() -> None:
    seen, unseen = moving(0.1, 1), moving(1.0, 1)
    here = seen.misfits([0], seen.boxes)
    there = unseen.misfits([0], unseen.boxes)
    assert here < there


def test_what_is_missed_comes_to_rest() -> None:
    motions = moving(0.1, 1)
    for _ in range(50):
        motions.advance(0.1)
        motions.slow_down([0], 0.1)
    (stopped,) = motions.boxes
    assert stopped[0] < BOX[0] + 20 + 30, "a second's way, and not five"
    motions.advance(1.0)
    assert motions.boxes[0] == pytest.approx(stopped, abs=1)


def test_each_row_moves_by_itself() -> None:
    motions = moving(0.1, 1)
    alone = motions.boxes
    far = BOX + aside(300)
    motions.begin(far[None])
    for number in range(1, 4):
        motions.advance(0.1)
        motions.correct([1], far[None] - aside(3 * number))
    went = moving(0.4, 4).boxes
    assert motions.boxes[0] == pytest.approx(went[0], abs=1e-3)
    assert motions.boxes[1] == pytest.approx(far - aside(9), abs=1)
    motions.keep([1])
    assert len(motions) == 1
    assert motions.boxes[0] == pytest.approx(far - aside(9), abs=1)
    assert alone[0] == pytest.approx(BOX + aside(22), abs=1)
