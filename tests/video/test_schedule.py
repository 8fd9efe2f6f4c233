"""How often to detect, by what detecting and carrying cost."""

import pytest

from crossline.video.schedule import Schedule


def told(
    detecting_ms: float,
    carrying_ms: float,
    objects: int,
    fps: float = 25,
    threads: int = 1,
) -> Schedule:
    """One that chooses, and has seen a while of this."""
    schedule = Schedule("auto", 1 / fps, threads)
    for _ in range(20):
        if objects:
            schedule.carried(objects, objects * carrying_ms / 1000)
        schedule.detected(detecting_ms / 1000, objects)
    return schedule


@pytest.mark.parametrize(
    ("schedule", "every"),
    [
        # Of the 40 ms of a frame, 28 are for detecting and carrying.
        pytest.param(told(5, 3, 1), 1, id="a fast detector keeps up"),
        pytest.param(told(80, 3, 2), 4, id="80 / 4 + 2 x 3 is below 28"),
        pytest.param(told(80, 3, 0), 3, id="nothing to carry"),
        pytest.param(told(80, 3, 2, threads=2), 2, id="two detect at once"),
        pytest.param(told(80, 3, 2, fps=5), 1, id="a slow video"),
        pytest.param(told(80, 10, 2), 10, id="both just keep up"),
        pytest.param(told(80, 30, 2), 10, id="never keeps up: the cheaper"),
        pytest.param(told(80, 30, 3), 1, id="carrying costs more: detects"),
        pytest.param(told(5000, 3, 1), 10, id="never rarer than 0.4 s"),
        pytest.param(told(5000, 3, 1, fps=2), 1, id="nor than every frame"),
    ],
)
def test_it_detects_as_often_as_keeps_up(
    schedule: Schedule, every: int
) -> None:
    assert schedule.every == every


def test_one_slow_moment_changes_nothing() -> None:
    schedule = told(5, 3, 1)
    for _ in range(3):
        schedule.detected(2.0, 1)
        schedule.carried(1, 2.0)
    assert schedule.every == 1


def test_it_adapts_to_what_is_to_be_carried() -> None:
    schedule = told(80, 3, 2)
    for objects, every in ((5, 7), (30, 1), (2, 4)):
        schedule.detected(0.08, objects)
        assert schedule.every == every


def test_a_fixed_one_stays() -> None:
    schedule = Schedule(3, 0.04)
    for _ in range(20):
        schedule.detected(9.0, 1)
    assert schedule.every == 3
    assert [schedule.is_due(number) for number in range(4)] == [
        True,
        False,
        False,
        True,
    ]
    assert schedule.detections == 20
