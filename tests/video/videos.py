"""Small videos, written with PyAV alone, not with what is tested."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from crossline.geometry import Image


def grey_frames(count: int, width: int = 64, height: int = 48) -> list[Image]:
    """Frame k has the grey level 10 k, modulo 256."""
    return [
        np.full((height, width, 3), 10 * k % 256, np.uint8)
        for k in range(count)
    ]


def noise_frames(count: int, width: int = 64, height: int = 48) -> list[Image]:
    """Frames that no codec makes small."""
    rng = np.random.default_rng(1)
    return list(rng.integers(0, 256, (count, height, width, 3), np.uint8))


def write_video(
    path: Path,
    images: Sequence[Image],
    *,
    fps: Fraction | int = 25,
    stamps: Sequence[int] | None = None,
    codec: str = "libx264",
    container_options: dict[str, str] | None = None,
) -> Path:
    """Writes the images; `stamps` are their times, counted in frames."""
    height, width = images[0].shape[:2]
    options = {"bf": "0", "crf": "5"} if codec == "libx264" else {}
    with av.open(
        str(path), "w", container_options=container_options or {}
    ) as container:
        stream = container.add_stream(codec, rate=fps, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = width, height
        stream.pix_fmt = "rgb24" if codec == "png" else "yuv420p"
        for number, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = stamps[number] if stamps else number
            frame.time_base = 1 / Fraction(fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
