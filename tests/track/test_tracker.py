"""Stories, told frame by frame, of who keeps an identity."""

from collections.abc import Sequence

import numpy as np
import pytest

from crossline.geometry import Detections
from crossline.track.candidate import center_of
from crossline.track.tracker import CentroidTracker, Track, TrackerSettings

CAR, TRUCK = 1, 2
STEP = 0.1
"""Seconds from frame to frame."""


def seen(
    *centers: tuple[float, float],
    scores: float | Sequence[float] = 0.9,
    class_ids: int | Sequence[int] = CAR,
    size: float = 40.0,
) -> Detections:
    """Detections of squares around `centers`."""
    boxes = [
        (x - size / 2, y - size / 2, x + size / 2, y + size / 2)
        for x, y in centers
    ]
    count = len(boxes)
    return Detections.of(
        boxes,
        np.broadcast_to(scores, count),
        np.broadcast_to(class_ids, count),
    )


def follow(
    frames: Sequence[Detections], settings: TrackerSettings | None = None
) -> list[list[Track]]:
    """Returns the tracks of each frame."""
    tracker = CentroidTracker(settings)
    return [
        tracker.update(detections, number * STEP)
        for number, detections in enumerate(frames)
    ]


def ids(tracks: Sequence[Track]) -> list[int]:
    return [track.track_id for track in tracks]


def test_a_track_is_confirmed_by_its_third_detection() -> None:
    frames = follow([seen((50 + 4 * k, 50)) for k in range(4)])
    assert [ids(tracks) for tracks in frames] == [[], [], [1], [1]]
    assert len(frames[2][0].earlier) == 2
    assert frames[3][0].earlier == ()


def test_a_false_box_of_one_frame_makes_no_track_and_costs_no_id() -> None:
    frames = [seen((50, 50)) for _ in range(3)]
    frames.insert(0, seen((300, 300)))
    assert ids(follow(frames)[-1]) == [1]


def test_ids_start_at_one_in_every_tracker() -> None:
    story = [seen((50, 50))] * 3
    assert ids(follow(story)[-1]) == ids(follow(story)[-1]) == [1]


def test_two_who_cross_paths_keep_their_ids() -> None:
    frames = follow(
        [seen((20 + 8 * k, 100), (340 - 8 * k, 130)) for k in range(40)]
    )
    first, last = frames[3], frames[-1]
    by_id = {track.track_id: track for track in last}
    assert sorted(by_id) == [1, 2]
    for track in first:
        moved = by_id[track.track_id].center[0] - track.center[0]
        rightwards = track.center[1] < 115
        assert (moved > 200) == rightwards


def test_a_gap_is_bridged_along_the_way() -> None:
    frames = [seen((20 + 6 * k, 50)) for k in range(30)]
    frames[12:20] = [seen()] * 8
    tracks = follow(frames)
    assert ids(tracks[15]) == [1]
    assert not tracks[15][0].is_seen
    assert tracks[15][0].center[0] == pytest.approx(20 + 6 * 15, abs=8)
    assert ids(tracks[-1]) == [1]
    assert tracks[-1][0].is_seen


def test_a_track_dies_after_its_memory_and_its_id_with_it() -> None:
    settings = TrackerSettings(memory=0.5)
    gone = [seen()] * 7
    story = [seen((50, 50))] * 3 + gone + [seen((50, 50))] * 3
    frames = follow(story, settings)
    assert ids(frames[7]) == [1]
    assert ids(frames[9]) == []
    assert ids(frames[-1]) == [2]


def test_a_class_may_need_another_score() -> None:
    settings = TrackerSettings(class_scores={1: 0.8})
    for class_id, tracks in ((1, 0), (2, 1)):
        sighting = seen((50, 50), scores=0.7, class_ids=class_id)
        assert len(follow([sighting] * 5, settings)[-1]) == tracks
    person = seen((50, 50), scores=0.9)
    weaker = [seen((50, 50), scores=score) for score in (0.72, 0.68)]
    reports = follow([person] * 3 + weaker, settings)
    assert [tracks[0].is_seen for tracks in reports[3:]] == [True, False]


def test_a_weak_detection_prolongs_a_track_but_begins_none() -> None:
    strong, weak = seen((50, 50)), seen((50, 50), scores=0.4)
    assert follow([weak] * 5)[-1] == []
    track = follow([strong] * 3 + [weak])[-1][0]
    assert track.is_seen
    assert track.score == pytest.approx(0.4)


def test_the_class_is_the_majority() -> None:
    story = [seen((50, 50), class_ids=CAR)] * 4
    story[2] = seen((50, 50), class_ids=TRUCK)
    (track,) = follow(story)[-1]
    assert (track.track_id, track.class_id) == (1, CAR)


def test_one_object_seen_as_two_classes_is_one_track() -> None:
    doubled = seen(
        (50, 50), (52, 50), scores=[0.6, 0.7], class_ids=[TRUCK, CAR]
    )
    (track,) = follow([doubled] * 4)[-1]
    assert track.class_id == CAR


def nested(x: float, whole: float, part: float) -> Detections:
    """A standing person, and the upper half of the same one."""
    return Detections.of(
        [(x, 100, x + 40, 200), (x + 2, 98, x + 38, 150)],
        [whole, part],
        [CAR, CAR],
    )


def test_a_torso_in_a_person_is_no_second_person() -> None:
    frames = follow([nested(50 + 4 * k, 0.9, 0.7) for k in range(5)])
    assert [ids(tracks) for tracks in frames] == [[], [], [1], [1], [1]]


def test_whole_and_torso_by_turns_are_one_track() -> None:
    scores = [(0.9, 0.0), (0.9, 0.0), (0.9, 0.0), (0.6, 0.7), (0.9, 0.6)]
    frames = [nested(50 + 4 * k, *pair) for k, pair in enumerate(scores * 3)]
    assert {id_ for tracks in follow(frames) for id_ in ids(tracks)} == {1}


def test_neighbours_that_overlap_are_two_tracks() -> None:
    assert ids(follow([seen((50, 50), (74, 50))] * 4)[-1]) == [1, 2]


def test_detection_in_every_third_frame_keeps_the_ids() -> None:
    tracker = CentroidTracker()
    found: set[int] = set()
    for number in range(60):
        time_s = number * STEP
        truth = seen((20 + 5 * number, 80), (380 - 5 * number, 160))
        tracks = (
            tracker.update(truth, time_s)
            if number % 3 == 0
            else tracker.predict(time_s)
        )
        found.update(ids(tracks))
    assert found == {1, 2}


def test_boxes_that_another_tracker_carries_move_a_track() -> None:
    tracker = CentroidTracker()
    for number in range(3):
        tracker.update(seen((50, 50)), number * STEP)
    carried = {1: seen((90, 50)).boxes[0], 99: seen((0, 0)).boxes[0]}
    (track,) = tracker.follow(carried, 0.4)
    assert track.track_id == 1
    assert track.is_seen
    assert track.center[0] > 70


def test_who_stops_is_overshot_but_measured_where_it_is() -> None:
    stop = 100
    frames = follow([seen((min(20 + 8 * k, stop), 50)) for k in range(16)])
    (track,) = max(frames[9:], key=lambda tracks: tracks[0].center[0])
    assert track.center[0] > stop + 1
    assert track.measured is not None
    assert center_of(track.measured) == (stop, 50)


def test_boxes_that_are_no_numbers_are_ignored() -> None:
    story = [
        Detections.of(
            [[np.nan, 0.0, 10.0, 10.0], [30.0, 30.0, 70.0, 70.0]],
            [0.9, 0.9],
            [CAR, CAR],
        )
    ] * 3
    (track,) = follow(story)[-1]
    assert track.center == pytest.approx((50, 50))


def test_a_clock_that_jumps_back_moves_nothing() -> None:
    tracker = CentroidTracker()
    for number in range(4):
        tracker.update(seen((50 + 5 * number, 50)), number * STEP)
    (track,) = tracker.update(seen((70, 50)), 0.1)
    assert track.track_id == 1
    assert track.center[0] == pytest.approx(68, abs=4)


def test_a_clock_that_jumps_back_lets_nobody_live_for_longer() -> None:
    tracker = CentroidTracker(TrackerSettings(memory=0.55))
    for number in range(4):
        tracker.update(seen((50, 50)), 1000 + number * STEP)
    live = [ids(tracker.update(seen(), number * STEP)) for number in range(8)]
    assert live == [[1]] * 6 + [[]] * 2


def test_a_clock_that_leaps_ahead_ends_who_is_gone_and_takes_who_comes() -> (
    None
):
    tracker = CentroidTracker()
    for number in range(4):
        tracker.update(seen((50 + 5 * number, 50)), number * STEP)
    times = [1e9 + number * STEP for number in range(4)]
    live = [tracker.update(seen((300, 50)), time_s) for time_s in times]
    assert [ids(tracks) for tracks in live] == [[], [], [2], [2]]
    assert live[-1][0].center == pytest.approx((300, 50))


def test_weak_detections_alone_prolong_a_track_for_a_while_only() -> None:
    weak = [seen((50, 50), scores=0.4)] * 12
    frames = follow([seen((50, 50))] * 3 + weak, TrackerSettings(doubt=0.8))
    assert ids(frames[10]) == [1]
    assert ids(frames[11]) == []


def test_who_leaves_the_view_is_soon_forgotten() -> None:
    story = [seen((240 + 10 * k, 50)) for k in range(5)] + [seen()] * 10
    tracker = CentroidTracker(view=(300, 100))
    live = [
        ids(tracker.update(detections, number * STEP))
        for number, detections in enumerate(story)
    ]
    assert live[5] == [1]
    assert live[9] == [], "its middle is on the edge"
    assert ids(follow(story)[-1]) == [1], "in a view without edges it lives"


def test_a_car_that_enters_where_another_class_leaves_is_another() -> None:
    tracker = CentroidTracker(view=(480, 360))
    last: dict[int, int] = {}
    for number in range(60):
        right_of_truck, right_of_car = 120 - 3 * number, 5 * (number - 32)
        boxes, classes = [], []
        if right_of_truck > 10:
            left = max(right_of_truck - 30, 0)
            boxes.append((left, 185, right_of_truck, 221))
            classes.append(TRUCK)
        if right_of_car > 25:
            left = max(right_of_car - 95, 0)
            boxes.append((left, 167, right_of_car, 223))
            classes.append(CAR)
        found = Detections.of(boxes, [0.9] * len(boxes), classes)
        for each in tracker.update(found, number / 25):
            last[each.track_id] = each.class_id
    assert last == {1: TRUCK, 2: CAR}
