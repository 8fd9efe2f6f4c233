"""dlib's correlation trackers in a process of their own.

dlib holds Python's lock while it works: in the process that reads, draws and
encodes, these would wait for it.
"""

import contextlib
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from crossline.errors import InputError
from crossline.geometry import FloatArray, Image
from crossline.track.correlation import CorrelationTrackers
from crossline.track.tracker import Track


class CorrelationProcess:
    """`CorrelationTrackers` that leave this process's threads alone.

    A context manager. The other process begins when there is something to
    follow, and ends with this one, however that ends. Where it ends sooner,
    both methods raise InputError.

    Attributes:
        followed: how many objects it follows.
    """

    def __init__(self) -> None:
        self._pipe: Connection[Any, Any] | None = None
        self.followed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._pipe:
            self._pipe.close()

    def start(self, image: Image, tracks: Sequence[Track]) -> None:
        """Learns how the seen tracks look, see `CorrelationTrackers`."""
        seen = [track for track in tracks if track.is_seen]
        if seen:
            self._pipe = self._pipe or _begin()
            with _naming_its_end():
                self._pipe.send((image, seen))
        self.followed = len(seen)

    def update(self, image: Image) -> dict[int, FloatArray]:
        """Finds the objects again, see `CorrelationTrackers`."""
        if not self.followed or not self._pipe:
            return {}
        with _naming_its_end():
            self._pipe.send((image, None))
            boxes: dict[int, FloatArray] = self._pipe.recv()
        self.followed = len(boxes)
        return boxes


def _begin() -> "Connection[Any, Any]":
    """Returns the line to a new process."""
    # A fork would copy the locks of the other threads as they are.
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    # With its only other end, the line ends for each when the other has gone.
    there.close()
    return here


@contextlib.contextmanager
def _naming_its_end() -> Iterator[None]:
    try:
        yield
    except (EOFError, ConnectionError) as error:
        raise InputError(
            "dlib",
            "its process was killed, as a system does that is short of memory",
            remedy="count with --detect-every 1, which needs no dlib",
        ) from error


def _serve(pipe: "Connection[Any, Any]") -> None:
    """Does what comes over the line until it ends."""
    # Ctrl-C is for the process that counts: it ends in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    trackers = CorrelationTrackers()
    while True:
        try:
            image, tracks = pipe.recv()
        except EOFError:
            return
        if tracks is None:
            pipe.send(trackers.update(image))
        else:
            trackers.start(image, tracks)
