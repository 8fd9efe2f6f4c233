"""Movers follow their waypoints; the plan is fair to a counter."""

import numpy as np
import pytest

from crossline.sample.objects import random_look
from crossline.sample.places import VIDEO_CAMERA, WIDTH
from crossline.sample.traffic import (
    Mover,
    Position,
    View,
    Waypoint,
    plan_traffic,
)
from crossline.sample.truth import (
    Center,
    TrueLine,
    count_crossings,
    true_crossings,
)

VIEW = View(WIDTH / 2 / VIDEO_CAMERA.focal, VIDEO_CAMERA.height)
GATE = TrueLine("gate", (100, 0), (100, 50))


def mover(*path: tuple[float, float, float]) -> Mover:
    look = random_look("person", np.random.default_rng(1))
    return Mover(1, look, tuple(Waypoint(*point) for point in path))


@pytest.mark.parametrize(
    ("time_s", "expected"),
    [
        pytest.param(0.9, None, id="not there yet"),
        pytest.param(1.0, Position(0, 5, 0, False), id="starts"),
        pytest.param(2.0, Position(3, 9, 5, False), id="on its way"),
        pytest.param(4.0, Position(6, 13, 10, False), id="waits"),
        pytest.param(6.0, Position(3, 13, 13, True), id="has turned round"),
        pytest.param(7.0, None, id="gone"),
    ],
)
def test_a_mover_follows_its_waypoints(
    time_s: float, expected: Position | None
) -> None:
    walker = mover((1, 0, 5), (3, 6, 13), (5, 6, 13), (7, 0, 13))
    assert walker.at(time_s) == expected


def test_a_mover_tells_when_it_passes() -> None:
    walker = mover((0, -4, 5), (4, 4, 5))
    assert walker.time_at(0) == 2
    assert walker.time_at(5) is None


@pytest.mark.parametrize("seed", range(5))
def test_the_street_is_never_empty_and_passing_is_fair(seed: int) -> None:
    seconds = 60.0
    random = np.random.default_rng(seed)
    movers = plan_traffic(seconds, VIEW, (0.0,), random)
    ids = [each.track_id for each in movers]
    assert ids == list(range(1, len(movers) + 1))
    for time_s in np.arange(0, seconds):
        assert sum(each.at(time_s) is not None for each in movers) >= 3
    passing = [each.time_at(0.0) for each in movers]
    near_the_ends = [
        time_s
        for time_s in passing
        if time_s is not None and min(abs(time_s), abs(time_s - 60)) < 1.5
    ]
    assert not near_the_ends


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param([(0, 90, 20), (1, 101, 20), (2, 103, 20)],
                     [(2, "right", 100.0)], id="leaves the band"),
        pytest.param([(0, 103, 20), (1, 99, 20), (2, 96, 20)],
                     [(2, "left", 100.0)], id="the other way"),
        pytest.param([(0, 90, 80), (1, 110, 80)], [], id="beyond the end"),
        pytest.param([(0, 90, 20), (1, 102, 20), (2, 90, 20)], [],
                     id="turns round inside the band"),
        pytest.param([(0, 90, 20), (1, 100, 20), (9, 101, 20), (10, 99, 20),
                      (20, 110, 20)], [(20, "right", 100.0)],
                     id="waits on the line"),
        pytest.param([(0, 90, 20), (1, 110, 20), (2, 90, 20)],
                     [(1, "right", 100.0), (2, "left", 100.0)],
                     id="comes back"),
    ],
)  # fmt: skip
def test_a_crossing_goes_from_one_side_of_the_band_to_the_other(
    path: list[Center], expected: list[tuple[int, str, float]]
) -> None:
    crossings = true_crossings({1: path}, {1: "car"}, [GATE], 25)
    assert [(c.frame, c.direction, c.x) for c in crossings] == expected
    assert [c.time_s for c in crossings] == [
        frame / 25 for frame, _, _ in expected
    ]


def test_right_is_right_whichever_end_a_line_starts_from() -> None:
    upwards = TrueLine("gate", GATE.end, GATE.start)
    slanted = TrueLine("gate", (110, 0), (90, 50))
    for line in (GATE, upwards, slanted):
        assert line.distance(150, 25) > 0
        assert line.distance(50, 25) < 0
    assert GATE.distance(103, 7) == pytest.approx(3)


def test_counts_are_by_line_direction_and_class() -> None:
    paths: dict[int, list[Center]] = {
        1: [(0, 90, 20), (5, 110, 20)],
        2: [(0, 90, 30), (7, 110, 30)],
        3: [(0, 110, 30), (6, 90, 30)],
    }
    kinds = {1: "car", 2: "car", 3: "person"}
    crossings = true_crossings(paths, kinds, [GATE], 25)
    assert [each.track_id for each in crossings] == [1, 3, 2]
    assert count_crossings(crossings) == {
        "gate": {"right": {"car": 2}, "left": {"person": 1}}
    }
