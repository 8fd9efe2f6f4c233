"""The tables that grow: counts per minute, and who is in a zone."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from crossline.count.events import OccupancyLog
from crossline.count.lines import Crossing
from crossline.count.minutes import MinuteLog

NAMES = {1: "car", 4: "bus"}
TOTALS = {
    "gate": {"in": Counter[int](), "out": Counter[int]()},
    "yard": {"in": Counter[int](), "out": Counter[int]()},
}


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def crossing(class_id: int = 1, direction: str = "in") -> Crossing:
    return Crossing(0, 0, 1, class_id, "gate", direction, 5, 5, 0.9)


def test_a_minute_is_there_when_it_is_over(tmp_path: Path) -> None:
    path = tmp_path / "minutes.csv"
    with MinuteLog(path, TOTALS, NAMES) as log:
        log.write(0.0, [crossing(), crossing(4)])
        log.write(59.9, [crossing(), crossing(1, "out")])
        assert rows(path) == [["minute", "line", "direction", "car", "bus"]]
        log.write(60.0, [])
        assert rows(path)[1:] == [
            ["0", "gate", "in", "2", "1"],
            ["0", "gate", "out", "1", "0"],
            ["0", "yard", "in", "0", "0"],
            ["0", "yard", "out", "0", "0"],
        ]
    assert rows(path)[5] == ["1", "gate", "in", "0", "0"], "cut short, too"


@pytest.mark.parametrize(
    ("times", "minutes"),
    [
        pytest.param([], [], id="no frame"),
        pytest.param([10, 190], [0, 3], id="a stream was down"),
        pytest.param([10, 10**9], [0, 10**9 // 60], id="a clock leapt ahead"),
        pytest.param([70, 10, 75], [1, 0, 1], id="a clock leapt back"),
    ],
)
def test_a_minute_without_a_frame_has_no_row(
    times: list[float], minutes: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "minutes.csv"
    with MinuteLog(path, {"gate": {"in": Counter()}}, NAMES) as log:
        for time_s in times:
            log.write(time_s, [crossing()])
    assert rows(path)[1:] == [
        [str(minute), "gate", "in", "1", "0"] for minute in minutes
    ]


def test_occupancy_is_told_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "occupancy.csv"
    yard, road = Counter({1: 2}), Counter[int]()
    with OccupancyLog(path, NAMES) as log:
        log.write(0.0, 0, {"yard": Counter(), "road": road})
        log.write(0.1, 1, {"yard": yard, "road": road})
        log.write(0.2, 2, {"yard": Counter({1: 2}), "road": road})
        log.write(0.3, 3, {"yard": Counter({4: 1}), "road": road})
        assert rows(path) == [
            ["time_s", "frame", "zone", "car", "bus"],
            ["0.000", "0", "yard", "0", "0"],
            ["0.000", "0", "road", "0", "0"],
            ["0.100", "1", "yard", "2", "0"],
            ["0.300", "3", "yard", "0", "1"],
        ]
