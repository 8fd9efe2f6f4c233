"""A file, a stream or a camera, opened once by FFmpeg."""

import logging
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import av.container
import numpy as np

from crossline.errors import InputError
from crossline.files import require_file
from crossline.geometry import Image
from crossline.video.clock import HIGHEST_FPS

FALLBACK_FPS = Fraction(25)
TIMEOUT_S = 10.0
"""For how long a camera or a server may be silent."""

_UNTIMED = ("mjpeg", "mpjpeg")
"""Formats whose frames carry no times."""

_LOG = logging.getLogger(__name__)


class Connection:
    """What FFmpeg knows of a source, and its frames as they are decoded.

    Headers are not believed: the frame rate of a file may be 0, not a number
    or 90000, and it may hold fewer frames than it says.

    Args:
        source: a file, a URL, or the index of a webcam.

    Attributes:
        name: of the source, for people; without a URL's password.
        fps: frames per second, 25 when the source tells nothing usable.
        frame_count: what the header promises; None if it promises nothing.
        is_live: whether it goes on by itself, and without an end.
        has_clock: whether its frames carry times.
        first: its first frame, PyAV's.
        damaged: packets that could not be decoded so far.
        break_off: why it ended before its end; empty if it did not.

    Raises:
        InputError: there is no such source, or no video in it, or not a
            frame of it can be decoded.
    """

    def __init__(self, source: str) -> None:
        self.name = public_name(source)
        self.damaged = 0
        self.break_off = ""
        self._container = _open(source, self.name)
        try:
            self._stream = _video_stream(self._container, self.name)
            self.is_live = _is_live(source, self._container)
            self.has_clock = self._container.format.name not in _UNTIMED
            self.fps = self._usable_fps()
            self.frame_count = self._stream.frames or None
            self._decoded = self._decode()
            first = next(self._decoded, None)
            if first is None:
                raise InputError(
                    self.name, "not one frame of its video can be decoded"
                )
        except InputError:
            self.close()
            raise
        self.first: Any = first

    def frames(self) -> Iterator[Any]:
        """Yields PyAV's frames, once; what is damaged is left out."""
        yield self.first
        yield from self._decoded

    def close(self) -> None:
        """Lets go of the file, the connection or the camera."""
        self._container.close()

    def _decode(self) -> Iterator[Any]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError as error:
                self.break_off = _reason(error)
                # Asks the decoder for what it still holds.
                packet, packets = av.Packet(), iter(())
                packet.stream = self._stream
                packet.time_base = self._stream.time_base
            if packet is None:
                return
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self.damaged += 1

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


def _video_stream(container: "av.container.InputContainer", name: str) -> Any:
    if not container.streams.video:
        raise InputError(name, "holds no video")
    stream = container.streams.video[0]
    codec: Any = stream.codec_context
    if codec is None:
        raise InputError(
            name,
            "its video is of a codec that FFmpeg does not know",
            remedy="convert it to H.264",
        )
    return stream


class Upright:
    """Turns PyAV's frames into RGB pictures, all of one size.

    Args:
        first: frame of the source, which gives the size.

    Attributes:
        width: of the pictures, pixels.
        height: likewise.
    """

    def __init__(self, first: Any) -> None:
        # A stream may change its size midway; what follows cannot.
        self._coded = {"width": first.width, "height": first.height}
        self.height, self.width = self(first).shape[:2]

    def __call__(self, frame: Any) -> Image:
        """Returns the picture, turned as the display matrix says."""
        # In one thread: other stages have use for the other cores.
        rgb = frame.reformat(format="rgb24", threads=1, **self._coded)
        # The display matrix, which phones write, turns counter-clockwise.
        turned = np.rot90(rgb.to_ndarray(), round(frame.rotation / 90))
        return np.ascontiguousarray(turned)


def usable_fps(stated: Fraction | float | None) -> Fraction | None:
    """Returns a header's frame rate, or None where it cannot be one."""
    if stated is None or not math.isfinite(stated):
        return None
    return Fraction(stated) if 0 < stated <= HIGHEST_FPS else None


def public_name(source: str) -> str:
    """Returns the source without the user and password of its URL."""
    user, at, _ = urlsplit(source).netloc.rpartition("@")
    return source.replace(user + at, "", 1) if "://" in source else source


def _is_live(source: str, container: Any) -> bool:
    """Tells a camera from a file that somebody serves, which has a size."""
    if source.isdecimal():
        return True
    if "://" not in source:
        return False
    is_file = container.duration is not None or container.size > 0
    return not (source.startswith(("http", "file")) and is_file)


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
