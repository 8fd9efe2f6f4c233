"""A long video of which everything is known."""

from fractions import Fraction
from pathlib import Path

import av

from crossline.geometry import Image
from tests.tiny_detector import scene
from tests.video.videos import write_video

WIDTH, HEIGHT, FPS = 96, 64, 25
LINE = "gate=0.5,0,0.5,1"
LOOP = 2 * FPS
"""Frames. In the first half red crosses rightwards, then green leftwards."""
CROSSINGS = 2
"""In a loop."""


def write_street(path: Path, loops: int) -> Path:
    """Writes the loop again and again, encoded once."""
    loop = write_video(
        path.with_name("loop.mp4"), [picture(k) for k in range(LOOP)], fps=FPS
    )
    with av.open(str(loop)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        packets = [p for p in source.demux(stream) if p.dts is not None]
        for number in range(loops * LOOP):
            packet = packets[number % LOOP]
            packet.stream = copy
            packet.time_base = Fraction(1, FPS)
            packet.pts = packet.dts = number
            packet.duration = 1
            target.mux(packet)
    loop.unlink()
    return path


def picture(number: int) -> Image:
    at = 3 * (number % FPS)
    if number % FPS == FPS - 1:
        return scene(WIDTH, HEIGHT)
    if number < FPS:
        return scene(WIDTH, HEIGHT, red=(6 + at, 6, 20 + at, 28))
    return scene(WIDTH, HEIGHT, green=(76 - at, 36, 90 - at, 58))
