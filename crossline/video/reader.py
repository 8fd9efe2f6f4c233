"""Videos as upright RGB frames with true times: files, streams, webcams.

Decoding is FFmpeg's, by PyAV. Headers are not believed: the frame rate of a
file may be 0, not a number or 90000, and it may hold fewer frames than it
says.
"""

import itertools
import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import av
import av.container
import numpy as np

from crossline.errors import InputError
from crossline.files import require_file
from crossline.geometry import Image

FALLBACK_FPS = Fraction(25)
HIGHEST_FPS = 1000
"""Above it, a frame rate is a time base that was taken for one."""
TIMEOUT_S = 10.0
"""For how long a camera or a server may be silent."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Frame:
    """One picture of a video.

    Attributes:
        image: RGB, upright.
        number: counted from 0.
        time_s: seconds since the first frame, as a player shows it.
    """

    image: Image
    number: int
    time_s: float


class VideoReader:
    """Reads a video from its start to its end, once.

    A context manager. Damage does not end it: what cannot be decoded is
    left out, counted, and named in one warning at the end.

    Args:
        source: a file, an ``rtsp://`` or ``http://`` URL, or the index of a
            webcam, such as ``0``.

    Attributes:
        name: of the source, for people; without a URL's password.
        width: of the upright frames, in pixels.
        height: of the upright frames, in pixels.
        fps: frames per second, 25 when the source tells nothing usable.
        frame_count: what the header promises; None if it promises nothing.
        is_truncated: whether less came than was promised; known at the end.

    Raises:
        InputError: there is no such source, or no video in it.
    """

    def __init__(self, source: str) -> None:
        self.name = public_name(source)
        self.is_truncated = False
        self._container = _open(source, self.name)
        if not self._container.streams.video:
            self.close()
            raise InputError(self.name, "holds no video")
        self._stream = self._container.streams.video[0]
        codec: Any = self._stream.codec_context
        if codec is None:
            self.close()
            raise InputError(
                self.name,
                "its video is of a codec that FFmpeg does not know",
                remedy="convert it to H.264",
            )
        self.fps = self._usable_fps()
        self.frame_count = self._stream.frames or None
        self._damaged_packets = 0
        decoded = self._decode()
        first = next(decoded, None)
        if first is None:
            self.close()
            raise InputError(
                self.name, "not one frame of its video can be decoded"
            )
        self._frames = itertools.chain([first], decoded)
        self._size = (first.width, first.height)
        self.height, self.width = self._image(first).shape[:2]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        clock = _Clock(self.fps)
        number = -1
        for number, frame in enumerate(self._frames):
            image = self._image(frame)
            yield Frame(image, number, clock.time_of(frame.time))
        self._report(number + 1)

    def close(self) -> None:
        """Lets go of the file, the connection or the camera."""
        self._container.close()

    def _usable_fps(self) -> Fraction:
        stated = self._stream.average_rate
        fps = usable_fps(stated) or usable_fps(self._stream.guessed_rate)
        if fps is None:
            _LOG.warning(
                "%s: frame rate is %s; taken for %s",
                self.name,
                stated or "unknown",
                FALLBACK_FPS,
            )
        return fps or FALLBACK_FPS

    def _decode(self) -> Iterator[Any]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError as error:
                _LOG.warning("%s: breaks off (%s)", self.name, _reason(error))
                self.is_truncated = True
                packet = None
            if packet is None:
                return
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self._damaged_packets += 1

    def _image(self, frame: Any) -> Image:
        # A stream may change its size midway; what follows cannot.
        width, height = self._size
        image = frame.to_ndarray(format="rgb24", width=width, height=height)
        # The display matrix, which phones write, turns counter-clockwise.
        turned = np.rot90(image, round(frame.rotation / 90))
        return np.ascontiguousarray(turned)

    def _report(self, decoded: int) -> None:
        missing = max((self.frame_count or 0) - decoded, 0)
        if missing or self._damaged_packets:
            self.is_truncated = True
            _LOG.warning(
                "%s: %d frames read, %d more promised, %d packets damaged",
                self.name,
                decoded,
                missing,
                self._damaged_packets,
            )


def usable_fps(stated: Fraction | float | None) -> Fraction | None:
    """Returns a header's frame rate, or None where it cannot be one."""
    if stated is None or not math.isfinite(stated):
        return None
    return Fraction(stated) if 0 < stated <= HIGHEST_FPS else None


def public_name(source: str) -> str:
    """Returns the source without the user and password of its URL."""
    user, at, _ = urlsplit(source).netloc.rpartition("@")
    return source.replace(user + at, "", 1) if "://" in source else source


class _Clock:
    """Turns presentation timestamps into seconds from 0 that only grow.

    A frame without one comes one frame's duration after the frame before
    it; so does one whose clock was set back (cameras do that) or stands
    still.
    """

    def __init__(self, fps: Fraction) -> None:
        self._step = float(1 / fps)
        self._last = -self._step
        self._start: float | None = None

    def time_of(self, stamp: float | None) -> float:
        following = self._last + self._step
        if stamp is None:
            self._last = following
            return following
        if (
            self._start is None
            or stamp - self._start < self._last + 1 / HIGHEST_FPS
        ):
            self._start = stamp - following
        self._last = stamp - self._start
        return self._last


def _open(source: str, name: str) -> "av.container.InputContainer":
    try:
        if source.isdecimal():
            return av.open(
                f"/dev/video{source}", format="v4l2", timeout=TIMEOUT_S
            )
        if "://" in source:
            # TCP: UDP loses packets, and each smears the picture.
            return av.open(
                source,
                timeout=TIMEOUT_S,
                options={"rtsp_transport": "tcp"},
            )
        require_file(Path(source))
        return av.open(source)
    except av.FFmpegError as error:
        if source.isdecimal():
            raise InputError(
                f"webcam {source}",
                f"cannot be opened ({_reason(error)})",
                remedy="`ls /dev/video*` lists the cameras",
            ) from error
        raise InputError(
            name, f"cannot be read as a video ({_reason(error)})"
        ) from error


def _reason(error: av.FFmpegError) -> str:
    if isinstance(error, av.error.ExitError):  # So FFmpeg calls a timeout.
        return f"silent for {TIMEOUT_S:g} s"
    return str(error.strerror)
