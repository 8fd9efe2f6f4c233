"""Cameras on the network: breaks are bridged, nobody falls behind."""

import itertools
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from crossline.geometry import Image
from crossline.video.frame import Frame, Video
from crossline.video.live_reader import LiveReader
from crossline.video.reader import open_video
from tests.video.streams import (
    MOTION_JPEG,
    TRANSPORT_STREAM,
    camera,
    motion_jpeg,
    transport_stream,
)
from tests.video.videos import grey_frames

LONGEST_S = 60.0


def take(video: Video, count: int) -> list[Frame]:
    """Takes frames until so many have come or were dropped."""
    taken: list[Frame] = []
    for frame in video:
        taken.append(frame)
        if len(taken) + video.dropped >= count:
            break
    return taken


def levels(frames: Sequence[Frame]) -> list[int]:
    return [round(float(frame.image.mean()) / 10) for frame in frames]


def until(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


@pytest.mark.parametrize(
    ("encode", "content_type"),
    [
        pytest.param(motion_jpeg, MOTION_JPEG, id="motion JPEG"),
        pytest.param(transport_stream, TRANSPORT_STREAM, id="MPEG-TS"),
    ],
)
def test_a_stream_that_hangs_up_goes_on(
    encode: Callable[[Sequence[Image]], list[bytes]],
    content_type: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    images = grey_frames(24)
    parts = [encode(images[k : k + 8]) for k in (0, 8, 16)]
    with (
        camera(parts, content_type, 0.02) as url,
        open_video(url, until(LONGEST_S)) as video,
    ):
        assert isinstance(video, LiveReader)
        assert (video.width, video.height) == (64, 48)
        frames = take(video, 23)
    seen = levels(frames)
    assert seen == sorted(set(seen))
    assert len(seen) + video.dropped >= 23
    assert [frame.number for frame in frames] == [*range(len(frames))]
    times = [frame.time_s for frame in frames]
    assert times[0] == 0
    assert all(one < other for one, other in itertools.pairwise(times))
    assert sum("and is back" in line for line in caplog.messages) == 2


def test_a_stream_goes_on_by_its_own_clock() -> None:
    images = grey_frames(16)
    parts = [transport_stream(images[k : k + 8], k) for k in (0, 8)]
    with (
        camera(parts, TRANSPORT_STREAM, 0.02) as url,
        open_video(url, until(LONGEST_S)) as video,
    ):
        frames = take(video, 15)
    for frame, level in zip(frames, levels(frames), strict=True):
        assert frame.time_s == pytest.approx(level / 25)


def test_who_is_slow_misses_frames_and_is_not_behind() -> None:
    pictures = [np.full((48, 64, 3), 2 * k, np.uint8) for k in range(100)]
    with (
        camera([motion_jpeg(pictures)], MOTION_JPEG, 0.005) as url,
        open_video(url, until(LONGEST_S)) as video,
    ):
        seen = []
        for frame in video:
            seen.append(round(float(frame.image.mean()) / 2))
            time.sleep(0.05)
            if seen[-1] == 99:
                break
    assert video.dropped > 0
    assert seen == sorted(set(seen))
    assert len(seen) + video.dropped == 100


def test_waiting_for_a_camera_that_is_gone_can_be_stopped() -> None:
    with (
        camera([motion_jpeg(grey_frames(3))], MOTION_JPEG, 0) as url,
        open_video(url, until(1.0)) as video,
    ):
        assert levels([*video]) == [0, 1, 2]
