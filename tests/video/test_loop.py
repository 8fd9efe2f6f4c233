"""Detect, track, count and draw, with detectors that follow a script."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from crossline.count.counter import SceneCounter
from crossline.count.lines import Line
from crossline.count.scene import Scene
from crossline.geometry import Detections, Image
from crossline.video.draw import Painter
from crossline.video.frame import Frame
from crossline.video.loop import (
    Seen,
    WatchSettings,
    annotate,
    blur,
    count_crossings,
    detect,
    track,
)
from crossline.video.schedule import Schedule

WIDTH, HEIGHT = 200, 100
FRAME_S = 0.1
GATE = Line("gate", (100, 0), (100, 100), ("right", "left"))
Box = tuple[float, float, float, float]


def walker(number: int) -> Box:
    """A box that walks 4 pixels a frame to the right."""
    left = 20.0 + 4 * number
    return left, 30, left + 30, 70


def frames(count: int) -> list[Frame]:
    """The walker is textured, which correlation trackers need."""
    texture = np.random.default_rng(1).integers(0, 256, (40, 30, 3), np.uint8)
    result = []
    for number in range(count):
        image = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
        left = round(walker(number)[0])
        image[30:70, left : left + 30] = texture
        image[0, 0] = number  # For the detector that follows a script.
        result.append(Frame(image, number, number / 10))
    return result


class ScriptedDetector:
    """Sees what the script says; notes which frames it was asked about."""

    def __init__(
        self, script: Callable[[int], Sequence[tuple[Box, float, int]]]
    ) -> None:
        self.class_names: Mapping[int, str] = {1: "person", 2: "car"}
        self._script = script
        self.asked: list[int] = []

    def detect(self, image: Image) -> Detections:
        number = int(image[0, 0, 0])
        self.asked.append(number)
        seen = self._script(number)
        return Detections.of(
            [box for box, _, _ in seen],
            [score for _, score, _ in seen],
            [class_id for _, _, class_id in seen],
        )


def watched(
    count: int,
    script: Callable[[int], Sequence[tuple[Box, float, int]]],
    **settings: Any,
) -> tuple[list[Seen], ScriptedDetector]:
    detector = ScriptedDetector(script)
    defaults = {"class_ids": [1, 2], "min_score": 0.5, "detect_every": 1}
    wanted = WatchSettings(**{**defaults, **settings})
    schedule = Schedule(wanted.detect_every, FRAME_S)
    detected = detect(frames(count), detector, wanted, schedule)
    counted = count_crossings(
        track(detected, wanted, (WIDTH, HEIGHT), schedule),
        SceneCounter(Scene((GATE,))),
    )
    return list(counted), detector


def crossings(seen: Sequence[Seen]) -> list[tuple[int, int, str]]:
    return [
        (crossing.frame, crossing.class_id, crossing.direction)
        for each in seen
        for crossing in each.crossings
    ]


def test_a_walker_crosses_once() -> None:
    seen, detector = watched(30, lambda k: [(walker(k), 0.9, 1)])
    assert detector.asked == list(range(30))
    # Its centre is at 35 + 4 k and decided 2.5 pixels past the line.
    assert crossings(seen) == [(17, 1, "right")]
    assert [len(each.detections) for each in seen] == [1] * 30


def test_totals_are_those_of_their_own_frame() -> None:
    """Who looks at a frame later than its counter does must see them so."""
    seen, _ = watched(30, lambda k: [(walker(k), 0.9, 1)])
    right = [each.totals["gate"]["right"].total() for each in seen]
    assert right == [0] * 17 + [1] * 13


def test_correlation_carries_it_between_detections() -> None:
    seen, detector = watched(
        30, lambda k: [(walker(k), 0.9, 1)], detect_every=3
    )
    assert detector.asked == list(range(0, 30, 3))
    assert [direction for _, _, direction in crossings(seen)] == ["right"]
    # Confirmed by the third detection, it is in every frame from then on.
    for each in seen[6:]:
        (box,) = each.detections.boxes
        np.testing.assert_allclose(box, walker(each.frame.number), atol=4)


def test_a_slow_detector_is_asked_less_often_and_counts_the_same() -> None:
    def slow(number: int) -> list[tuple[Box, float, int]]:
        time.sleep(0.15)
        return [(walker(number), 0.9, 1)]

    seen, detector = watched(36, slow, detect_every="auto")
    assert detector.asked[:5] == [0, 1, 2, 3, 4]
    assert len(detector.asked) < 30
    assert [direction for _, _, direction in crossings(seen)] == ["right"]
    assert {track.track_id for each in seen for track in each.tracks} == {1}


def test_other_classes_are_ignored() -> None:
    seen, _ = watched(30, lambda k: [(walker(k), 0.9, 1)], class_ids=[2])
    assert crossings(seen) == []
    assert not any(len(each.detections) for each in seen)


@pytest.mark.parametrize(
    ("min_score", "tracks"),
    [pytest.param(0.5, 0, id="above"), pytest.param(0.1, 1, id="below")],
)
def test_weak_detections_begin_no_track(min_score: float, tracks: int) -> None:
    seen, _ = watched(
        30, lambda k: [(walker(k), 0.15, 1)], min_score=min_score
    )
    assert len(crossings(seen)) == tracks
    assert len(seen[-1].tracks) == tracks
    assert len(seen[-1].detections) == tracks


def test_a_weak_moment_does_not_end_a_track() -> None:
    def script(number: int) -> list[tuple[Box, float, int]]:
        return [(walker(number), 0.4 if 10 <= number < 20 else 0.9, 1)]

    seen, _ = watched(30, script)
    assert crossings(seen) == [(17, 1, "right")]
    assert {track.track_id for each in seen for track in each.tracks} == {1}
    # But it is not shown as a detection.
    assert [len(each.detections) for each in seen[10:20]] == [0] * 10


def test_boxes_that_are_no_numbers_are_left_out() -> None:
    nan, inf = float("nan"), float("inf")

    def script(number: int) -> list[tuple[Box, float, int]]:
        return [
            (walker(number), 0.9, 1),
            ((nan, 10, 60, 60), 0.9, 1),
            ((10, 10, inf, 60), 0.9, 1),
        ]

    seen, _ = watched(24, script)
    assert {len(each.tracks) for each in seen[2:]} == {1}
    (crossing,) = [each for frame in seen for each in frame.crossings]
    assert crossing.direction == "right"
    painter = Painter({1: "person"}, WIDTH, HEIGHT)
    for each in seen:
        painter.detections(each.frame.image.copy(), each.detections)


def test_nothing_to_see_is_nothing() -> None:
    seen, _ = watched(5, lambda _: [])
    assert [each.frame.number for each in seen] == [0, 1, 2, 3, 4]
    assert crossings(seen) == []


def drawn(lines: list[Line]) -> list[Image]:
    detector = ScriptedDetector(lambda k: [(walker(k), 0.9, 1)])
    counter = SceneCounter(Scene(tuple(lines)))
    wanted = WatchSettings([1], 0.5)
    schedule = Schedule(1, FRAME_S)
    detected = detect(frames(20), detector, wanted, schedule)
    seen = count_crossings(
        track(detected, wanted, (WIDTH, HEIGHT), schedule), counter
    )
    painter = Painter(detector.class_names, WIDTH, HEIGHT)
    annotated = annotate(seen, painter, counter.scene)
    return [each.frame.image for each in annotated]


def test_lines_are_drawn_and_light_up_for_half_a_second() -> None:
    on_line = [image[95, 100].tolist() for image in drawn([GATE])]
    white = [255, 255, 255]
    assert on_line[:17] == [white] * 17
    assert white not in on_line[17:20]


def test_without_lines_boxes_alone_are_drawn() -> None:
    with_lines, without = drawn([GATE])[10], drawn([])[10]
    assert without[95, 100].tolist() == [90, 90, 90]
    # No panel in the corner, no id in the tag: less is drawn.
    changed = (without != frames(20)[10].image).any(axis=2)
    assert not changed[:15].any()
    assert (with_lines[:15, :50] != 90).any()


def texture_left(image: Image, number: int) -> float:
    """Returns how much a walker still differs from pixel to pixel."""
    left = round(walker(number)[0])
    there = image[30:70, left : left + 30].astype(float)
    return float(np.abs(np.diff(there, axis=1)).mean())


@pytest.mark.parametrize(
    ("script", "settings"),
    [
        pytest.param(lambda _: 0.9, {}, id="tracked"),
        pytest.param(lambda _: 0.42, {}, id="weakly detected"),
        pytest.param(lambda _: 0.9, {"class_ids": [2]}, id="not looked for"),
        pytest.param(
            lambda k: 0.9 if k % 4 < 2 else 0, {}, id="missed at times"
        ),
        pytest.param(lambda _: 0.9, {"detect_every": 3}, id="carried"),
    ],
)
def test_what_is_to_be_blurred_is_in_every_frame(
    script: Callable[[int], float], settings: dict[str, Any]
) -> None:
    seen, _ = watched(
        20,
        lambda k: [(walker(k), script(k), 1)],
        blurred_ids=[1],
        **settings,
    )
    plain = [texture_left(each.image, each.number) for each in frames(20)]
    assert min(plain) > 50
    blurred = [
        texture_left(each.frame.image, each.frame.number)
        for each in blur(seen, [1])
    ]
    assert max(blurred) < 20


def test_others_are_not_blurred() -> None:
    seen, _ = watched(9, lambda k: [(walker(k), 0.9, 1)], blurred_ids=[2])
    for each, frame in zip(blur(seen, [2]), frames(9), strict=True):
        np.testing.assert_array_equal(each.frame.image, frame.image)
