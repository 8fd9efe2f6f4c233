"""Overlap of stages: decode, detect and encode at the same time."""

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

_END: Final = object()


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
    iterator = iter(items)
    thread = ThreadPoolExecutor(1)
    try:
        waiting = deque(
            thread.submit(next, iterator, _END) for _ in range(depth)
        )
        while (item := waiting.popleft().result()) is not _END:
            waiting.append(thread.submit(next, iterator, _END))
            yield item  # type: ignore[misc]
    finally:
        thread.shutdown(cancel_futures=True)
