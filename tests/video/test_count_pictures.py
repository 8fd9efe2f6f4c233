"""The heat map, and the plot of counts over time."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.container import BarContainer

from crossline.video.count_plot import bin_width, plot_counts
from crossline.video.heat_map import draw_heat

HEADER = "time_s,frame,track_id,class,line,direction,x,y,score\n"
COLORS = {"car": (255, 0, 0), "bus": (0, 255, 0)}


@pytest.mark.parametrize(
    ("duration_s", "width"),
    [
        (0, 1),
        (60, 1),
        (61, 2),
        (600, 10),
        (3600, 60),
        (86400, 1800),
        (30 * 86400, 86400),
        (365 * 86400, 7 * 86400),
    ],
)
def test_bars_are_few_and_of_round_width(
    duration_s: float, width: int
) -> None:
    assert bin_width(duration_s) == width


def test_one_direction_goes_up_and_the_other_down(tmp_path: Path) -> None:
    events = tmp_path / "events.csv"
    rows = [
        "0.5,5,1,car,gate,in,1,1,0.9",
        "0.9,9,2,bus,gate,in,1,1,0.9",
        "9.9,99,3,car,gate,out,1,1,0.9",
    ]
    events.write_text(HEADER + "\n".join(rows) + "\n")
    occupancy = tmp_path / "occupancy.csv"
    occupancy.write_text(
        "time_s,frame,zone,car,bus\n0.0,0,yard,0,0\n4.0,40,yard,2,1\n"
    )
    ways = {"gate": ["in", "out"], "yard": ["in", "out"]}
    figure = plot_counts(events, occupancy, ways, COLORS, 10.0)
    gate, yard = figure.axes
    assert gate.get_title("left") == "gate: 2 in, 1 out"
    assert yard.get_title("left") == "yard: 0 in, 0 out"
    bars = [
        (bar.get_x(), bar.get_width(), bar.get_y(), bar.get_height())
        for container in gate.containers
        if isinstance(container, BarContainer)
        for bar in container
        if bar.get_height()  # The legend's have none.
    ]
    # A car and a bus on it in the first second, a car in the tenth.
    assert bars == [(0, 1, 0, 1), (0, 1, 1, 1), (9, 1, 0, -1)]
    (inside,) = (
        patch for patch in yard.patches if patch.get_label() == "inside"
    )
    assert inside.get_data().values.tolist() == [0, 3]  # type: ignore[attr-defined]
    assert inside.get_data().edges.tolist() == [0, 4, 10]  # type: ignore[attr-defined]


def test_nothing_that_crossed_is_a_plot_too(tmp_path: Path) -> None:
    events = tmp_path / "events.csv"
    events.write_text(HEADER)
    figure = plot_counts(events, None, {"gate": ["in", "out"]}, COLORS, 0.0)
    figure.savefig(tmp_path / "plot.png")
    assert figure.axes[0].get_title("left") == "gate: 0 in, 0 out"


def test_heat_is_where_the_tracks_went() -> None:
    tracks = np.zeros((60, 80), np.int64)
    tracks[30] = 1
    tracks[30, 40:] = 9
    image = np.full((239, 318, 3), 100, np.uint8)
    heat = draw_heat(image, tracks, 4)
    assert heat.shape == image.shape
    assert (heat[20, 20] == 45).all(), "dark and grey where nobody went"
    few, many = heat[121, 40].astype(int), heat[121, 280].astype(int)
    assert few[2] > few[0], "few are bluer"
    assert many[0] > 220, "many are yellow"
    assert many[2] < 60


@pytest.mark.parametrize("size", [(1, 1), (40, 30)])
def test_without_tracks_heat_is_the_place_alone(size: tuple[int, int]) -> None:
    width, height = size
    image = np.full((height, width, 3), 100, np.uint8)
    cells = np.zeros((-(-height // 4), -(-width // 4)), np.int64)
    assert (draw_heat(image, cells, 4) == 45).all()
