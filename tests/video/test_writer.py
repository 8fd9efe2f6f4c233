"""What is written is H.264 that browsers play, whole or cut short."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from crossline.video.writer import VideoWriter
from tests.video.videos import grey_frames


def write(
    path: Path,
    times: list[float],
    *,
    width: int = 64,
    height: int = 48,
    fps: Fraction | int = 10,
) -> Path:
    images = grey_frames(len(times), width, height)
    with VideoWriter(path, width, height, Fraction(fps)) as writer:
        for image, time_s in zip(images, times, strict=True):
            writer.write(image, time_s)
    return path


def frame_times(path: Path) -> list[float | None]:
    with av.open(str(path)) as container:
        return [frame.time for frame in container.decode(video=0)]


def top_level_boxes(path: Path) -> list[str]:
    """Names the parts of an MP4 in their order (ISO 14496-12, 4.2)."""
    content = path.read_bytes()
    names, at = [], 0
    while at < len(content):
        names.append(content[at + 4 : at + 8].decode())
        at += int.from_bytes(content[at : at + 4])
    return names


def test_writes_h264_of_the_true_rate(tmp_path: Path) -> None:
    ntsc = Fraction(30000, 1001)
    times = [k / float(ntsc) for k in range(30)]
    path = write(tmp_path / "folder" / "a.mp4", times, fps=ntsc)
    with av.open(str(path)) as container:
        (stream,) = container.streams
        assert isinstance(stream, av.VideoStream)
        assert stream.codec_context.name == "h264"
        assert stream.pix_fmt == "yuv420p"
        assert stream.average_rate == ntsc
        assert stream.frames == 30
        assert stream.start_time == 0
    assert frame_times(path) == pytest.approx(times)


def test_frames_keep_order_and_colour(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", [0, 0.1, 0.2, 0.3])
    with av.open(str(path)) as container:
        levels = [
            frame.to_ndarray(format="rgb24").mean()
            for frame in container.decode(video=0)
        ]
    np.testing.assert_allclose(levels, [0, 10, 20, 30], atol=2)


def test_colours_are_told_in_full(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", [0, 0.1], width=1280, height=720)
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        # SMPTE 170M is 6 (5 being its twin BT.470BG), limited range is 1.
        assert context.colorspace in (5, 6)
        assert context.color_primaries == 6
        assert context.color_trc == 6
        assert context.color_range == 1


def test_frames_are_shown_at_their_own_times(tmp_path: Path) -> None:
    times = [0, 0.1, 0.25, 1.2]
    path = write(tmp_path / "a.mp4", times)
    assert frame_times(path) == pytest.approx(times, abs=1e-4)


def test_frames_of_one_time_follow_each_other(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", [0, 0.1, 0.1, 0.1])
    assert len(set(frame_times(path))) == 4


@pytest.mark.parametrize(
    ("width", "height", "written"),
    [(64, 48, (64, 48)), (63, 47, (64, 48)), (65, 48, (66, 48))],
)
def test_sizes_become_even(
    width: int, height: int, written: tuple[int, int], tmp_path: Path
) -> None:
    path = write(tmp_path / "a.mp4", [0, 0.1], width=width, height=height)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == written


def test_a_finished_file_is_a_plain_mp4(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", [k / 10 for k in range(18)])
    assert [name for name in top_level_boxes(path) if name != "free"] == [
        "ftyp",
        "mdat",
        "moov",
    ]


def fail_after_one_frame(path: Path) -> None:
    with VideoWriter(path, 64, 48, Fraction(10)) as writer:
        writer.write(grey_frames(1)[0], 0)
        raise RuntimeError


def test_an_error_midway_leaves_a_valid_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with pytest.raises(RuntimeError):
        fail_after_one_frame(path)
    assert len(frame_times(path)) == 1


KILLED = """
import os, signal, sys
from fractions import Fraction
from pathlib import Path
import numpy as np
from crossline.video.writer import VideoWriter
writer = VideoWriter(Path(sys.argv[1]), 64, 48, Fraction(10))
rng = np.random.default_rng(1)
for k in range(100):
    image = rng.integers(0, 256, (48, 64, 3), np.uint8)
    writer.write(image, k / 10)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_leaves_all_but_the_last_seconds(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.mp4"
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    # A fragment of 1 s, and what the encoder looks ahead.
    assert len(frame_times(path)) >= 60


def test_no_frames_make_no_video(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", [])
    assert not path.exists()


def test_an_unwritable_path_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(IsADirectoryError) as refused:
        VideoWriter(tmp_path / "a.mp4", 64, 48, Fraction(10))
    assert refused.value.filename == str(tmp_path / "a.mp4")
