"""Stages that overlap give what they give one after the other."""

import csv
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crossline.count.counter import SceneCounter
from crossline.count.lines import Crossing, Line
from crossline.count.scene import Scene
from crossline.errors import InputError
from crossline.geometry import Detections, Image
from crossline.video.connection import Upright
from crossline.video.count_video import Summary, count_video
from crossline.video.loop import (
    WatchSettings,
    count_crossings,
    detect,
    track,
)
from crossline.video.reader import VideoReader
from crossline.video.schedule import Schedule
from crossline.video.writer import VideoWriter
from tests.video.videos import write_video

WIDTH, HEIGHT, FRAMES = 96, 64, 60
SCENE = Scene((Line("gate", (48, 0), (48, HEIGHT), ("right", "left")),))
SETTINGS = WatchSettings([1], 0.5)


class BrightDetector:
    """Sees the bright rows of a frame as one person."""

    def __init__(self) -> None:
        self.class_names: Mapping[int, str] = {1: "person"}

    def detect(self, image: Image) -> Detections:
        ys, xs = np.nonzero(image[..., 1] > 128)
        if not len(xs):
            return Detections.of([], [], [])
        box = [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]
        return Detections.of([box], [0.9], [1])


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A block goes to and fro, thrice through the middle."""
    images = []
    for number in range(FRAMES):
        image = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
        left = 6 + abs(4 * number % 136 - 68)
        image[20:44, left : left + 14] = 220
        images.append(image)
    folder = tmp_path_factory.mktemp("clip")
    return write_video(folder / "clip.mp4", images, fps=10)


def in_turn(clip: Path) -> list[Crossing]:
    """Counts by the same stages in one thread."""
    counter = SceneCounter(SCENE)
    with VideoReader(str(clip)) as reader:
        schedule = Schedule(1, 0.1)
        detected = detect(reader, BrightDetector(), SETTINGS, schedule)
        watched = track(detected, SETTINGS, (WIDTH, HEIGHT), schedule)
        counted = count_crossings(watched, counter)
        return [crossing for seen in counted for crossing in seen.crossings]


def at_once(clip: Path, folder: Path, detector: Any, **more: Any) -> Summary:
    with VideoReader(str(clip)) as reader:
        return count_video(
            reader,
            detector,
            SceneCounter(SCENE),
            SETTINGS,
            folder,
            model="bright",
            **more,
        )


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("writes_video", [True, False])
def test_events_are_those_of_one_thread(
    writes_video: bool, threads: int, clip: Path, tmp_path: Path
) -> None:
    expected = in_turn(clip)
    told = at_once(
        clip,
        tmp_path,
        BrightDetector(),
        writes_video=writes_video,
        threads=threads,
    )
    with (tmp_path / "events.csv").open(newline="") as file:
        rows = [
            (int(row["frame"]), row["direction"], float(row["x"]))
            for row in csv.DictReader(file)
        ]
    assert len(rows) == 3
    assert rows == [
        (each.frame, each.direction, round(each.x, 1)) for each in expected
    ]
    assert told.frames == FRAMES


def failing(monkeypatch: pytest.MonkeyPatch, owner: type, method: str) -> None:
    """Makes a method fail when it is called for the tenth time."""
    works: Callable[..., Any] = getattr(owner, method)
    calls: list[int] = []

    def fail(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 10:
            raise InputError("stage", "broke")
        return works(*arguments)

    monkeypatch.setattr(owner, method, fail)


@pytest.mark.parametrize(
    ("owner", "method"),
    [
        pytest.param(Upright, "__call__", id="decode"),
        pytest.param(BrightDetector, "detect", id="detect"),
        pytest.param(SceneCounter, "update", id="count"),
        pytest.param(VideoWriter, "write", id="encode"),
    ],
)
def test_a_stage_that_fails_ends_all(
    owner: type,
    method: str,
    clip: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads = threading.active_count()
    failing(monkeypatch, owner, method)
    with pytest.raises(InputError, match="stage: broke"):
        at_once(clip, tmp_path, BrightDetector())
    assert threading.active_count() == threads
    assert not (tmp_path / "summary.json").exists()
