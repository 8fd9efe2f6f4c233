"""A thread works ahead, in order, bounded, and its errors come through."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from crossline.video.ahead import ahead, each_ahead, short_turns


def test_items_keep_their_order() -> None:
    assert list(ahead(range(100))) == list(range(100))
    assert list(ahead([])) == []


def test_one_other_thread_makes_them() -> None:
    threads = set(ahead(threading.get_ident() for _ in range(9)))
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_no_more_than_its_depth_waits() -> None:
    made: list[int] = []

    def make() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    for taken, _ in enumerate(ahead(make(), depth=3), 1):
        assert len(made) <= taken + 3


def test_errors_come_where_they_happened() -> None:
    def fail() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    items = ahead(fail())
    assert next(items) == 1
    with pytest.raises(ZeroDivisionError):
        next(items)


def test_leaving_early_ends_the_thread() -> None:
    before = threading.active_count()
    items = ahead(range(100))
    next(items)
    items.close()
    assert threading.active_count() == before


def test_what_is_made_of_each_keeps_the_order_of_the_items() -> None:
    def slow_where_even(number: int) -> int:
        time.sleep(0.002 * (number % 2 == 0))
        return number**2

    made = list(each_ahead(slow_where_even, range(50), 3))
    assert made == [number**2 for number in range(50)]
    assert list(each_ahead(slow_where_even, [], 3)) == []


def test_several_are_at_work_at_once() -> None:
    # Each waits until there are three: one thread alone would wait for ever.
    barrier = threading.Barrier(3, timeout=10)
    waited = list(each_ahead(lambda _: barrier.wait(), range(9), 3))
    assert sorted(waited) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_an_item_is_handed_on_before_the_next_one_comes() -> None:
    """Cameras are slow: nobody waits for their next frame to see this one."""
    is_seen = threading.Event()

    def slow() -> Iterator[int]:
        yield 1
        assert is_seen.wait(10)
        yield 2

    made = each_ahead(lambda number: number, slow(), 2)
    assert next(made) == 1
    is_seen.set()
    assert list(made) == [2]


@pytest.mark.parametrize("number", [3, 4, 5])
def test_work_that_fails_is_told_in_its_turn(number: int) -> None:
    threads = threading.active_count()
    made = each_ahead(lambda item: 1 // (item - number), range(99), 3)
    before = [next(made) for _ in range(number)]
    assert len(before) == number
    with pytest.raises(ZeroDivisionError):
        next(made)
    assert threading.active_count() == threads


def test_leaving_early_ends_all_threads_that_work() -> None:
    before = threading.active_count()
    made = each_ahead(lambda number: number, range(100), 3)
    next(made)
    made.close()
    assert threading.active_count() == before


def test_turns_are_as_long_as_before_once_all_is_done() -> None:
    before = sys.getswitchinterval()
    with contextlib.suppress(ZeroDivisionError), short_turns():
        assert sys.getswitchinterval() < before
        raise ZeroDivisionError
    assert sys.getswitchinterval() == before
