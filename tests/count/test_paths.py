"""How many tracks came through each part of the frame."""

from collections.abc import Sequence

import numpy as np
import pytest

from crossline.count.paths import CELL, PathGrid
from crossline.track.tracker import Point
from tests.count.tracks import track

WIDTH, HEIGHT = 10 * CELL, 3 * CELL


def passed(*ways: Sequence[Point]) -> list[list[int]]:
    """Lets each track go its way of columns and rows; returns the cells."""
    grid = PathGrid(WIDTH, HEIGHT)
    for track_id, way in enumerate(ways):
        for x, y in way:
            middle = (x + 0.5) * CELL, (y + 0.5) * CELL
            grid.update([track(middle, track_id)])
    found: list[list[int]] = grid.tracks.tolist()
    return found


@pytest.mark.parametrize(
    "way",
    [
        pytest.param([(2, 1), (3, 1), (4, 1)], id="step by step"),
        pytest.param([(2, 1), (4, 1)], id="unseen in between"),
        pytest.param([(2, 1)] * 9 + [(4, 1)], id="stands first"),
        pytest.param([(2, 1), (3, 1), (2, 1), (4, 1)], id="trembles"),
    ],
)
def test_a_track_counts_once_in_each_cell_of_its_way(
    way: list[Point],
) -> None:
    assert passed(way) == [[0] * 10, [0, 0, 1, 1, 1] + [0] * 5, [0] * 10]


def test_tracks_add_up() -> None:
    cells = passed([(0, 0), (9, 0)], [(5, 0), (5, 2)])
    assert cells[0] == [1, 1, 1, 1, 1, 2, 1, 1, 1, 1]
    assert [row[5] for row in cells] == [2, 1, 1]


def test_what_lies_outside_is_left_out() -> None:
    assert np.sum(passed([(-5, 1), (-3, 1)])) == 0
    assert passed([(-5, 1), (1e30, 1)])[1] == [1] * 10


def test_unseen_and_impossible_boxes_are_nowhere() -> None:
    grid = PathGrid(WIDTH, HEIGHT)
    grid.update([track((6, 6), is_seen=False), track((float("nan"), 6), 2)])
    assert not grid.tracks.any()


def test_the_way_before_confirmation_counts() -> None:
    grid = PathGrid(WIDTH, HEIGHT)
    grid.update([track((34, 6), earlier=((2, 6), (18, 6)))])
    assert grid.tracks[1].tolist() == [1] * 9 + [0]


def test_a_frame_that_is_no_multiple_of_cells_is_covered() -> None:
    assert PathGrid(WIDTH + 1, HEIGHT - 1).tracks.shape == (3, 11)
