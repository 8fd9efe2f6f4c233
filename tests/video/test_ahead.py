"""A thread works ahead, in order, bounded, and its errors come through."""

import threading
from collections.abc import Iterator

import pytest

from crossline.video.ahead import ahead


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
