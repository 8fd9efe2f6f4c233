"""Calibration images are drawn by seed, evenly, in one pass."""

from collections import Counter

import pytest

from crossline.quantize.calibration import draw_some

ITEMS = [bytes([number]) for number in range(10)]


def test_the_same_seed_draws_the_same() -> None:
    assert draw_some(ITEMS, 4, seed=7) == draw_some(ITEMS, 4, seed=7)
    assert draw_some(ITEMS, 4, seed=7) != draw_some(ITEMS, 4, seed=8)


@pytest.mark.parametrize("count", [10, 99])
def test_all_when_there_are_no_more(count: int) -> None:
    assert draw_some(ITEMS, count, seed=1) == ITEMS


def test_nothing_twice_and_nothing_favoured() -> None:
    drawn = [draw_some(ITEMS, 3, seed) for seed in range(2000)]
    assert all(len(set(each)) == 3 for each in drawn)
    times = Counter(item for each in drawn for item in each)
    # 600 expected of each, a standard deviation of 20.
    assert min(times.values()) > 500
    assert max(times.values()) < 700
