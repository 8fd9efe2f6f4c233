"""H.264 videos that browsers play and that a crash does not spoil.

OpenCV's wheels cannot write H.264 and say nothing about it; PyAV's carry
libx264.
"""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.video.reformatter import (
    ColorPrimaries,
    ColorRange,
    Colorspace,
    ColorTrc,
)

from crossline.geometry import Image

# Fragments of a second while it grows, each on the disk as soon as it is
# complete; a plain MP4 once it is closed.
_CONTAINER_OPTIONS = {
    "movflags": "hybrid_fragmented+default_base_moof",
    "frag_duration": "1000000",
    "flush_packets": "1",
}
# No B-frames: they would delay the start. Browsers seek to key frames, so
# there is one every 5 s at least.
# Looking ahead would hold 30 MB of frames more.
_ENCODER_OPTIONS = {
    "preset": "veryfast",
    "crf": "23",
    "bf": "0",
    "x264-params": "rc-lookahead=0:sync-lookahead=0:mbtree=0",
}
_KEY_FRAME_EVERY_S = 5
_TICKS_PER_FRAME = 1000


class VideoWriter:
    """Writes an MP4 (H.264, 4:2:0). A context manager.

    Killed midway, it leaves a video that plays up to its last seconds.

    Args:
        path: the file, replaced if there is one; its folder is made.
        width: of the frames, in pixels; made even, as H.264 asks, by
            repeating the last column.
        height: likewise, by the last row.
        fps: nominal; each frame is shown at its own time.
        threads: of the encoder, as many as suit the machine when 0. The bytes
            depend on it: name it where they must be the same everywhere.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        fps: Fraction,
        threads: int = 0,
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # PyAV opens it with the first frame; whether it can is known now.
        path.write_bytes(b"")
        self._path = path
        # Keeps the ticks within what MP4 can hold; 30000/1001 stays exact.
        fps = fps.limit_denominator(1001)
        self._tick = 1 / (fps * _TICKS_PER_FRAME)
        self._last_tick = -1
        self._is_broken = False
        self._padding = (height % 2, width % 2)
        self._container = av.open(
            str(path), "w", format="mp4", container_options=_CONTAINER_OPTIONS
        )
        self._stream = self._container.add_stream(
            "libx264",
            rate=fps,
            options={
                **_ENCODER_OPTIONS,
                "g": str(max(1, round(fps * _KEY_FRAME_EVERY_S))),
            },
        )
        self._stream.width = width + width % 2
        self._stream.height = height + height % 2
        self._stream.pix_fmt = "yuv420p"
        self._stream.time_base = self._tick
        context = self._stream.codec_context
        context.thread_count = threads
        context.time_base = self._tick
        # What from_ndarray's RGB becomes. Told in full, since browsers take
        # large frames for BT.709 otherwise, and shift the colours.
        context.colorspace = Colorspace.ITU601
        context.color_primaries = ColorPrimaries.SMPTE170M
        context.color_trc = ColorTrc.SMPTE170M
        context.color_range = ColorRange.MPEG

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def write(self, image: Image, time_s: float) -> None:
        """Appends a frame.

        Args:
            image: RGB, of the size that the writer was made for.
            time_s: seconds from the start of the video, growing.
        """
        rows, columns = self._padding
        if rows or columns:
            image = np.pad(image, ((0, rows), (0, columns), (0, 0)), "edge")
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame.pts = max(round(time_s / self._tick), self._last_tick + 1)
        frame.time_base = self._tick
        self._last_tick = frame.pts
        self._encode(frame)

    def close(self) -> None:
        """Writes what the encoder still holds, and the index.

        No frames make no video: the file is removed. After a frame that
        could not be written, it stays as it is.
        """
        if self._last_tick < 0:
            self._path.unlink()
            return
        if self._is_broken:
            return
        self._encode(None)
        self._container.close()

    def _encode(self, frame: av.VideoFrame | None) -> None:
        """Encodes and writes; FFmpeg would crash on more after a failure."""
        self._is_broken = True
        self._container.mux(self._stream.encode(frame))
        self._is_broken = False
