"""Videos as upright RGB frames with true times: files, streams, webcams."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from crossline.video.clock import Clock
from crossline.video.connection import Connection, Upright
from crossline.video.frame import Frame, Video

_LOG = logging.getLogger(__name__)


class VideoReader:
    """A file, or a URL of one: no frame is left out. See `Video`.

    Damage does not end it: what cannot be decoded is left out, counted, and
    named in one warning at the end.

    Args:
        source: a file or a URL, or the index of a webcam.
        connection: to it, if there is one already.

    Raises:
        InputError: there is no such source, or no video in it.
    """

    dropped = 0

    def __init__(
        self, source: str, connection: Connection | None = None
    ) -> None:
        self._connection = connection or Connection(source)
        self.name = self._connection.name
        self.fps = self._connection.fps
        self.frame_count = self._connection.frame_count
        self.is_truncated = False
        self._upright = Upright(self._connection.first)
        self.width, self.height = self._upright.width, self._upright.height

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.close()

    def __iter__(self) -> Iterator[Frame]:
        clock = Clock(self.fps)
        number = -1
        for number, frame in enumerate(self._connection.frames()):
            image = self._upright(frame)
            yield Frame(image, number, clock.time_of(frame.time))
        self._report(number + 1)

    def _report(self, decoded: int) -> None:
        connection = self._connection
        if connection.break_off:
            _LOG.warning(
                "%s: breaks off (%s)", self.name, connection.break_off
            )
        missing = max((self.frame_count or 0) - decoded, 0)
        if missing or connection.damaged:
            _LOG.warning(
                "%s: %d frames read, %d more promised, %d packets damaged",
                self.name,
                decoded,
                missing,
                connection.damaged,
            )
        self.is_truncated = bool(
            missing or connection.damaged or connection.break_off
        )


def open_video(
    source: str, is_stopped: Callable[[], bool] = lambda: False
) -> Video:
    """Opens whatever can be watched.

    Args:
        source: a file, a folder of images, the index of a webcam such as
            ``0``, or an ``rtsp://`` or ``http://`` URL.
        is_stopped: asked while a camera is silent or away, which is waited
            for as long as this is false.

    Raises:
        InputError: there is no such source, or no video in it.
    """
    if Path(source).is_dir():
        from crossline.video.folder_reader import FolderReader

        return FolderReader(Path(source))
    connection = Connection(source)
    if connection.is_live:
        from crossline.video.live_reader import LiveReader

        return LiveReader(source, connection, is_stopped)
    return VideoReader(source, connection)
