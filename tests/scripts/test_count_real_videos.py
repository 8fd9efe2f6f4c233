"""One preset for all videos: real roads, counted by eye."""

import json
from pathlib import Path

from scripts.count_video import main

Totals = dict[str, dict[str, int]]


def counted(video: Path, output: Path) -> Totals:
    """Returns how many of each class crossed the middle, by direction."""
    options = ["--preset", "accurate", "--no-video", "--line", "x=.5,0,.5,1"]
    assert main([str(video), *options, "--output", str(output)]) == 0
    totals: dict[str, Totals]
    totals = json.loads((output / "summary.json").read_text())["totals"]
    return totals["x"]


def test_seven_cars_go_left(shared_videos: Path, tmp_path: Path) -> None:
    totals = counted(shared_videos / "7_cars.mp4", tmp_path)
    assert totals == {"right": {}, "left": {"car": 7}}


def test_motorcycles_are_no_people(
    shared_videos: Path, tmp_path: Path
) -> None:
    """About 13 motorcycles go right, and two people on foot left."""
    totals = counted(shared_videos / "motors.mp4", tmp_path)
    assert set(totals["right"]) == {"motorcycle"}
    assert 11 <= totals["right"]["motorcycle"] <= 15
    assert set(totals["left"]) == {"person"}
