"""What holds for every path, whatever line or zone it meets."""

import itertools
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossline.count.lines import Line, LineCounter
from crossline.count.zones import Zone, ZoneCounter
from crossline.track.tracker import Point
from tests.count.tracks import track, walked

# Whole pixels: none lies on the edge of a band, which is half a pixel off.
PLACES = st.integers(-12, 12).map(float)
PATHS = st.lists(st.tuples(PLACES, PLACES), max_size=12)
LONG = ((0.0, -1000.0), (0.0, 1000.0))
# No path from whole pixel to whole pixel meets these ends.
SHORT = ((0.0, -5.1234567), (0.0, 5.1234567))
SQUARE = ((-6.0, -6.0), (6.0, -6.0), (6.0, 6.0), (-6.0, 6.0))
SWAPPED = {"right": "left", "left": "right", "in": "out", "out": "in"}


def at_line(ends: Sequence[Point], path: Sequence[Point]) -> list[str]:
    start, end = ends
    line = Line("gate", start, end, ("right", "left"))
    crossings = walked(LineCounter([line]).update, path)
    return [crossing.direction for crossing in crossings]


def at_zone(corners: Sequence[Point], path: Sequence[Point]) -> list[str]:
    counter = ZoneCounter([Zone("yard", tuple(corners))])
    return [crossing.direction for crossing in walked(counter.update, path)]


def moved(points: Sequence[Point], across: float, down: float) -> list[Point]:
    return [(x + across, y + down) for x, y in points]


def turned(points: Sequence[Point], degrees: float) -> list[Point]:
    turn = complex(math.cos(math.radians(degrees)), 0) + 1j * math.sin(
        math.radians(degrees)
    )
    rotated = [complex(x, y) * turn for x, y in points]
    return [(point.real, point.imag) for point in rotated]


@given(PATHS)
def test_one_track_goes_to_and_fro(path: list[Point]) -> None:
    ways = at_line(LONG, path)
    assert abs(ways.count("right") - ways.count("left")) <= 1
    assert all(a != b for a, b in itertools.pairwise(ways))


@given(PATHS)
def test_a_zone_is_entered_and_left_in_turn(path: list[Point]) -> None:
    ways = at_zone(SQUARE, path)
    assert all(a != b for a, b in itertools.pairwise(ways))


@pytest.mark.parametrize("line", [LONG, SHORT], ids=["long", "short"])
@given(path=PATHS)
def test_the_way_back_is_counted_the_other_way(
    line: tuple[Point, Point], path: list[Point]
) -> None:
    there = at_line(line, path)
    assert at_line(line, path[::-1]) == [SWAPPED[way] for way in there[::-1]]


@given(PATHS)
def test_the_way_back_leaves_the_zones_it_entered(path: list[Point]) -> None:
    there = at_zone(SQUARE, path)
    back = [SWAPPED[way] for way in there[::-1]]
    assert at_zone(SQUARE, path[::-1]) == back


@given(PATHS, st.integers(-500, 500), st.integers(-500, 500))
def test_where_it_happens_does_not_matter(
    path: list[Point], across: int, down: int
) -> None:
    there = moved(path, across, down)
    assert at_line(moved(SHORT, across, down), there) == at_line(SHORT, path)
    assert at_zone(moved(SQUARE, across, down), there) == at_zone(SQUARE, path)


@given(PATHS, st.integers(0, 359))
def test_the_angle_does_not_matter(path: list[Point], degrees: int) -> None:
    line, there = turned(LONG, degrees), turned(path, degrees)
    ways = at_line(LONG, path)
    # Towards growing x, or growing y for lines nearer to the horizontal.
    if 45 < degrees <= 135 or degrees < 45 or degrees > 315:
        expected = ways
    else:
        expected = [SWAPPED[way] for way in ways]
    if degrees % 90 != 45:
        assert at_line(line, there) == expected
    assert at_zone(turned(SQUARE, degrees), there) == at_zone(SQUARE, path)


@given(st.lists(PATHS, min_size=2, max_size=4))
def test_tracks_do_not_mind_each_other(paths: list[list[Point]]) -> None:
    counter = LineCounter([Line("gate", *LONG, ("right", "left"))])
    together: dict[int, list[str]] = {k: [] for k in range(len(paths))}
    for frame in range(12):
        tracks = [
            track(path[frame], track_id)
            for track_id, path in enumerate(paths)
            if frame < len(path)
        ]
        for crossing in counter.update(tracks, frame, frame / 10):
            together[crossing.track_id].append(crossing.direction)
    assert list(together.values()) == [at_line(LONG, path) for path in paths]


@given(PATHS)
def test_once_is_once_per_direction(path: list[Point]) -> None:
    line = Line("gate", *LONG, ("right", "left"))
    crossings = walked(LineCounter([line], once=True).update, path)
    ways = [crossing.direction for crossing in crossings]
    assert ways == list(dict.fromkeys(at_line(LONG, path)))
