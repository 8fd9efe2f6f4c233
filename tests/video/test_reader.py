"""Frames come in order, upright, in RGB, at their times; damage is told."""

import functools
import http.server
import logging
import socket
import struct
import threading
import wave
from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crossline.errors import InputError
from crossline.video.connection import public_name, usable_fps
from crossline.video.reader import VideoReader
from tests.video.videos import grey_frames, noise_frames, write_video


def times(path: Path) -> list[float]:
    with VideoReader(str(path)) as reader:
        return [frame.time_s for frame in reader]


def test_frames_come_in_order_with_number_and_time(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", grey_frames(10), fps=10)
    with VideoReader(str(path)) as reader:
        frames = list(reader)
    assert (reader.width, reader.height) == (64, 48)
    assert reader.fps == 10
    assert reader.frame_count == 10
    assert not reader.is_truncated
    assert [frame.number for frame in frames] == list(range(10))
    assert [frame.time_s for frame in frames] == pytest.approx(
        [k / 10 for k in range(10)]
    )
    levels = [frame.image.mean() for frame in frames]
    np.testing.assert_allclose(levels, range(0, 100, 10), atol=2)


def test_images_are_rgb(tmp_path: Path) -> None:
    image = np.zeros((48, 64, 3), np.uint8)
    image[:] = (230, 120, 30)
    path = write_video(tmp_path / "a.mp4", [image])
    (frame,) = VideoReader(str(path))
    np.testing.assert_allclose(frame.image.mean((0, 1)), image[0, 0], atol=4)
    assert frame.image.dtype == np.uint8


def test_times_are_the_frames_own(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "a.mp4", grey_frames(4), fps=10, stamps=[0, 1, 5, 6]
    )
    assert times(path) == pytest.approx([0, 0.1, 0.5, 0.6])


def test_times_count_from_the_first_frame(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "a.mkv", grey_frames(3), fps=10, stamps=[70, 71, 72]
    )
    assert times(path) == pytest.approx([0, 0.1, 0.2])


def test_times_without_timestamps_follow_the_frame_rate(
    tmp_path: Path,
) -> None:
    path = write_video(tmp_path / "raw.h264", grey_frames(3), fps=10)
    with VideoReader(str(path)) as reader:
        step = float(1 / reader.fps)
        assert [f.time_s for f in reader] == pytest.approx([0, step, 2 * step])


def test_ntsc_rate_stays_exact(tmp_path: Path) -> None:
    ntsc = Fraction(30000, 1001)
    path = write_video(tmp_path / "a.mp4", grey_frames(9), fps=ntsc)
    with VideoReader(str(path)) as reader:
        assert reader.fps == ntsc
        assert [f.time_s for f in reader][8] == pytest.approx(8 * 1001 / 30000)


@pytest.mark.parametrize(
    ("stated", "usable"),
    [
        pytest.param(None, None, id="unknown"),
        pytest.param(0, None, id="zero"),
        pytest.param(-25, None, id="negative"),
        pytest.param(float("nan"), None, id="not a number"),
        pytest.param(float("inf"), None, id="endless"),
        pytest.param(90000, None, id="a time base"),
        pytest.param(1000, 1000, id="high-speed camera"),
        pytest.param(Fraction(1, 60), Fraction(1, 60), id="time lapse"),
        pytest.param(29.5, Fraction(59, 2), id="float"),
    ],
)
def test_frame_rates_that_cannot_be(
    stated: Any, usable: Fraction | None
) -> None:
    assert usable_fps(stated) == usable


def test_an_absurd_frame_rate_is_taken_for_25(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_video(tmp_path / "a.mp4", grey_frames(3), fps=90000)
    with VideoReader(str(path)) as reader:
        assert reader.fps == 25
        assert [f.time_s for f in reader] == pytest.approx([0, 0.04, 0.08])
    (warning,) = caplog.messages
    assert warning == f"{path}: frame rate is 90000; taken for 25"


def test_a_phones_video_is_turned_upright(tmp_path: Path) -> None:
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :32] = 255  # left half white
    path = write_video(tmp_path / "a.mp4", [image] * 2)
    content = bytearray(path.read_bytes())
    # The track header's matrix, as a phone writes it: turn right by 90.
    matrix = content.index(b"tkhd") + 4 + 40
    one = 0x10000
    content[matrix : matrix + 36] = struct.pack(
        ">9i", 0, one, 0, -one, 0, 0, 48 * one, 0, 0x40000000
    )
    path.write_bytes(content)
    with VideoReader(str(path)) as reader:
        frame = next(iter(reader))
        assert (reader.width, reader.height) == (48, 64)
    assert frame.image.shape == (64, 48, 3)
    assert frame.image[:28].mean() > 250
    assert frame.image[-28:].mean() < 5


def test_a_truncated_file_ends_with_a_counted_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_video(
        tmp_path / "a.mp4",
        noise_frames(20),
        container_options={"movflags": "faststart"},
    )
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with VideoReader(str(path)) as reader:
        decoded = len(list(reader))
    assert 5 < decoded < 15
    assert reader.is_truncated
    (warning,) = caplog.messages
    assert f"{decoded} frames read, {20 - decoded} more promised" in warning


def test_leaving_early_is_not_truncation(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_video(tmp_path / "a.mp4", grey_frames(9))
    with VideoReader(str(path)) as reader:
        for frame in reader:
            if frame.number == 3:
                break
    assert not reader.is_truncated
    assert not caplog.messages


def test_damaged_packets_are_left_out_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_video(tmp_path / "a.avi", grey_frames(5), codec="png")
    head, *pictures = path.read_bytes().split(b"\x89PNG")
    # Without its header, the third picture swallows the fourth.
    pictures[2] = bytes(20) + pictures[2][20:]
    path.write_bytes(b"\x89PNG".join([head, *pictures]))
    with VideoReader(str(path)) as reader:
        levels = {f.time_s: f.image.mean() for f in reader}
    assert levels == pytest.approx({0: 0, 0.04: 10, 0.16: 40}, abs=1)
    assert reader.is_truncated
    (warning,) = caplog.messages
    assert "3 frames read, 2 more promised, 1 packets damaged" in warning


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_reads_over_http(tmp_path: Path, served: str) -> None:
    write_video(tmp_path / "a.ts", grey_frames(5), fps=10)
    with VideoReader(f"{served}/a.ts") as reader:
        # A transport stream starts at 1.4 s by its own clock.
        assert [f.time_s for f in reader] == pytest.approx(
            [0, 0.1, 0.2, 0.3, 0.4]
        )


def test_a_missing_url_is_refused(served: str) -> None:
    with pytest.raises(InputError, match=r"/none.mp4: cannot be read .*404"):
        VideoReader(f"{served}/none.mp4")


def test_a_silent_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossline.video.connection.TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/live"
        with pytest.raises(InputError, match=r"\(silent for 0.3 s\)"):
            VideoReader(url)


def test_an_absent_camera_is_refused_without_its_password() -> None:
    with pytest.raises(InputError) as refused:
        VideoReader("rtsp://admin:secret@127.0.0.1:9/live")
    assert str(refused.value) == (
        "rtsp://127.0.0.1:9/live: cannot be read as a video "
        "(Connection refused)"
    )


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("street.mp4", "street.mp4"),
        ("a@b.mp4", "a@b.mp4"),
        ("0", "0"),
        ("rtsp://cam/live", "rtsp://cam/live"),
        ("rtsp://me:p@ss@cam:554/live", "rtsp://cam:554/live"),
    ],
)
def test_names_hide_passwords(source: str, name: str) -> None:
    assert public_name(source) == name


def _sound(path: Path) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000))


def _without_index(path: Path) -> None:
    write_video(path, noise_frames(9))
    path.write_bytes(path.read_bytes()[:-5000])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "is not a file"),
        (lambda path: path.touch(), "is empty"),
        (lambda path: path.write_text("x" * 999), "cannot be read as a video"),
        (_without_index, "cannot be read as a video (Invalid data found"),
        (_sound, "holds no video"),
    ],
)
def test_what_is_no_video_is_refused(
    make: Any, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "clip.mp4"
    make(path)
    with pytest.raises(InputError) as refused:
        VideoReader(str(path))
    assert str(refused.value).startswith(f"{path}: {message}")


def test_a_missing_webcam_is_refused() -> None:
    with pytest.raises(InputError, match="webcam 77: cannot be opened"):
        VideoReader("77")


@pytest.mark.parametrize(
    ("file", "size", "fps", "frames", "is_truncated"),
    [
        ("vtest.avi", (768, 576), 10, 795, False),
        ("7_cars.mp4", (640, 480), 10, 99, False),
        ("motors.mp4", (640, 480), 10, 99, False),
        ("truncated.mp4", (768, 432), 12, 459, True),
    ],
)
def test_real_videos(
    file: str,
    size: tuple[int, int],
    fps: int,
    frames: int,
    is_truncated: bool,
    shared_videos: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        caplog.at_level(logging.WARNING),
        VideoReader(str(shared_videos / file)) as reader,
    ):
        last = deque(reader, maxlen=1)[0]
    assert (reader.width, reader.height) == size
    assert reader.fps == fps
    assert last.number == frames - 1
    assert last.time_s == pytest.approx((frames - 1) / fps)
    assert reader.is_truncated == is_truncated
    assert len(caplog.messages) == is_truncated
