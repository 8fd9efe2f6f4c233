"""How boxes move, and which box continues a way."""

import numpy as np
import pytest

from crossline.geometry import FloatArray
from crossline.track.motion import BoxMotion

BOX = np.array([100, 100, 140, 180], np.float32)


def aside(x: float, y: float = 0.0) -> FloatArray:
    """Returns what moves a box."""
    return np.array([x, y, x, y], np.float32)


def moving(seconds: float, steps: int) -> BoxMotion:
    """Returns what went right by 20 pixels a second, then was not seen."""
    motion = BoxMotion(BOX)
    for number in range(1, 11):
        motion.advance(0.1)
        motion.correct(BOX + aside(2 * number))
    for _ in range(steps):
        motion.advance(seconds / steps)
    return motion


def test_it_goes_on_as_it_went() -> None:
    there = moving(0.5, 1).box
    assert there == pytest.approx(BOX + aside(30), abs=1.5)


def test_time_counts_and_not_the_number_of_frames() -> None:
    once, often = moving(0.5, 1), moving(0.5, 15)
    assert often.box == pytest.approx(once.box, abs=1e-3)
    places = np.stack([once.box, once.box + 5, BOX])
    assert often.misfits(places) == pytest.approx(once.misfits(places))


def test_the_place_where_it_should_be_fits_best() -> None:
    motion = moving(0.5, 1)
    bigger = motion.box + np.array([-10, -10, 10, 10], np.float32)
    lower = motion.box + aside(0, 10)
    fits = motion.misfits(np.stack([motion.box, bigger, lower]))
    assert fits[0] < min(fits[1:])


def test_who_was_just_seen_fits_a_place_better_than_who_was_not() -> None:
    seen, unseen = moving(0.1, 1), moving(1.0, 1)
    here = seen.misfits(seen.box[None])[0]
    there = unseen.misfits(unseen.box[None])[0]
    assert here < there


def test_what_is_missed_comes_to_rest() -> None:
    motion = moving(0.1, 1)
    for _ in range(50):
        motion.advance(0.1)
        motion.slow_down(0.1)
    stopped = motion.box
    assert stopped[0] < BOX[0] + 20 + 30, "a second's way, and not five"
    motion.advance(1.0)
    assert motion.box == pytest.approx(stopped, abs=1)
