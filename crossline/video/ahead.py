"""Overlap of stages: decode, detect and encode at the same time."""

import contextlib
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TypeVar

T = TypeVar("T")
Made = TypeVar("Made")

_END: Final = object()
_TURN_S = 0.0005
"""Python lets a thread keep its lock for 5 ms: a whole frame."""


def ahead(items: Iterable[T], depth: int = 2) -> Generator[T]:
    """Yields the items, which a thread of its own makes ahead of time.

    Closed early, it waits for the item that the thread is at; what would
    have come later is not begun.

    FFmpeg, TensorFlow Lite and OpenCV let other threads run while they work.

    Args:
        items: made in order, by that one thread alone; what they raise is
            raised here.
        depth: how many wait at most; raising it evens out slow frames and
            holds more of them in memory.
    """
    with _threads(1) as thread:
        fetch = partial(thread.submit, next, iter(items), _END)
        yield from _in_order(fetch, depth)


def each_ahead(
    work: Callable[[T], Made], items: Iterable[T], threads: int
) -> Generator[Made]:
    """Yields what is made of the items, in their order, several at a time.

    Args:
        work: called by several threads at once; what it raises is raised
            here.
        items: as in `ahead`; a further thread makes them.
        threads: that work.
    """

    def make(fetched: "Future[Any]") -> Any:
        item = fetched.result()
        return item if item is _END else work(item)

    # Left early, what is not fetched yet is cancelled before who waits for it.
    with _threads(threads) as workers, _threads(1) as thread:
        fetch = partial(thread.submit, next, iter(items), _END)
        # One more is fetched, and one may wait, while all threads work.
        yield from _in_order(
            lambda: workers.submit(make, fetch()), threads + 2
        )


@contextlib.contextmanager
def short_turns() -> Iterator[None]:
    """Lets Python's threads wait less for one another.

    A stage has little to do in Python: to hand on what FFmpeg, the network or
    OpenCV made, and to begin what is next. It shall not wait for all that
    another stage computes in Python.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _in_order(begin: Callable[[], "Future[Any]"], depth: int) -> Iterator[Any]:
    """Yields results up to the end, so many of them begun ahead."""
    waiting = deque(begin() for _ in range(depth))
    while (item := waiting.popleft().result()) is not _END:
        waiting.append(begin())
        yield item


@contextlib.contextmanager
def _threads(count: int) -> Iterator[ThreadPoolExecutor]:
    threads = ThreadPoolExecutor(count)
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)
