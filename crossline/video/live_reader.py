"""Cameras and streams: never behind, and back after each break."""

import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

from crossline.errors import InputError
from crossline.video.clock import HIGHEST_FPS, Clock
from crossline.video.connection import Connection, Upright
from crossline.video.frame import Frame

_MOST_WAITING = 25
"""Frames: about a second."""
_POLL_S = 0.2
_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 10.0
"""Before connecting again."""

_LOG = logging.getLogger(__name__)


class LiveReader:
    """A camera or a stream. See `crossline.video.frame.Video`.

    A thread of its own decodes all that comes. Frames of a second may wait,
    since networks deliver in bursts; the oldest are dropped when there are
    more, so that nobody falls further behind. Frames are numbered as they are
    taken. Where the source ends, breaks off or falls silent it is connected
    again, for as long as it takes; numbers and times go on.

    Args:
        source: the index of a webcam, or a URL.
        connection: to it.
        is_stopped: ends the waiting for frames.
    """

    frame_count: int | None = None
    is_truncated = False

    def __init__(
        self,
        source: str,
        connection: Connection,
        is_stopped: Callable[[], bool],
    ) -> None:
        self.name = connection.name
        self.fps = connection.fps
        self.dropped = 0
        self._upright = Upright(connection.first)
        self.width, self.height = self._upright.width, self._upright.height
        self._source = source
        self._connection = connection
        self._is_stopped = is_stopped
        self._clock = Clock(self.fps)
        self._stamp = 0.0
        self._waiting: deque[tuple[Any, float]] = deque()
        self._changed = threading.Condition()
        self._is_over = threading.Event()
        self._error: BaseException | None = None
        # It may be deep in FFmpeg, waiting for a camera, when all else ends.
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_over.set()
        if self._thread.ident is None:
            self._connection.close()
        else:
            self._thread.join(_POLL_S)

    def __iter__(self) -> Iterator[Frame]:
        self._thread.start()
        for number in itertools.count():
            taken = self._take()
            if taken is None:
                return
            frame, time_s = taken
            yield Frame(self._upright(frame), number, time_s)

    def _take(self) -> tuple[Any, float] | None:
        """Waits for a frame and its time; None when it was stopped."""
        with self._changed:
            while not self._waiting:
                if self._error:
                    raise self._error
                if self._is_stopped():
                    return None
                self._changed.wait(_POLL_S)
            return self._waiting.popleft()

    def _read(self) -> None:
        """Decodes, in the thread, until it is over."""
        try:
            while not self._is_over.is_set():
                for frame in self._connection.frames():
                    self._put(frame)
                    if self._is_over.is_set():
                        break
                self._connection.close()
                self._connect_again()
        except BaseException as error:
            self._error = error

    def _put(self, frame: Any) -> None:
        arrived = time.monotonic()
        if self._connection.has_clock:
            time_s = self._clock.time_of(frame.time, arrived)
        else:
            # Network and decoder may hand out several at once.
            self._stamp = max(arrived, self._stamp + 1 / HIGHEST_FPS)
            time_s = self._clock.time_of(self._stamp, arrived)
        with self._changed:
            if len(self._waiting) == _MOST_WAITING:
                self._waiting.popleft()
                self.dropped += 1
            self._waiting.append((frame, time_s))
            self._changed.notify()

    def _connect_again(self) -> None:
        lost, wait_s = time.monotonic(), _FIRST_WAIT_S
        reason = self._connection.break_off or "it ended"
        is_told = False
        while not self._is_over.wait(wait_s):
            try:
                self._connection = Connection(self._source)
            except InputError as error:
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
                if not is_told:
                    _LOG.warning("%s; it is tried again", error)
                    is_told = True
                continue
            _LOG.warning(
                "%s: broke off (%s), and is back after %.1f s",
                self.name,
                reason,
                time.monotonic() - lost,
            )
            return
