"""The hard cases are what they are called, whatever the seed."""

from collections.abc import Callable

import numpy as np
import pytest

from crossline.sample.detector_faults import detect
from crossline.sample.hard_cases import GATE, PLANS, cast
from crossline.sample.hard_truth import Moment, crossings, moments
from crossline.sample.hard_videos import draw
from crossline.sample.places import HEIGHT, WIDTH
from crossline.sample.video import FPS, TrackRow

X = WIDTH / 2


def ways(name: str, seed: int) -> dict[int, str]:
    """Who crosses, which way in turn; r and l as if it were not mirrored."""
    case = cast(PLANS[name], seed)
    planned = PLANS[name].walks[0].stops[0].across
    is_mirrored = (case.movers[0].path[0].x > 0) != (planned > 0)
    found: dict[int, str] = {}
    for crossing in crossings(case):
        letter = crossing.direction[0]
        if is_mirrored:
            letter = {"r": "l", "l": "r"}[letter]
        found[crossing.track_id] = found.get(crossing.track_id, "") + letter
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("crossing_paths", ["r", "l", "r", "l", "l", "r", "r", "l"]),
        ("behind_posts", ["l", "r", "l", "r", "l", "r"]),
        ("waiting_on_the_line", ["r", "r", "r", "r", ""]),
        ("u_turns", ["", "rl", "rl", "", "rlr"]),
        (
            "entering_at_once",
            ["r", "l", "l", "r", "l", "l", "r", "r", "r", "l"],
        ),
        ("camera_jitter", ["r", "l", "r", "l", "r", "l"]),
    ],
)
@pytest.mark.parametrize("seed", range(4))
def test_who_crosses_which_way_follows_from_the_paths(
    name: str, expected: list[str], seed: int
) -> None:
    found = ways(name, seed)
    assert [found.get(key + 1, "") for key in range(len(expected))] == expected


def frames_of(name: str) -> list[Moment]:
    return list(moments(cast(PLANS[name], 1)))


def rows_of(name: str) -> list[TrackRow]:
    return [row for moment in frames_of(name) for row in moment.rows]


def longest(rows: list[TrackRow], holds: Callable[[TrackRow], bool]) -> float:
    """Seconds for which one object is so."""
    by_id: dict[int, int] = {}
    for row in rows:
        by_id[row.track_id] = by_id.get(row.track_id, 0) + holds(row)
    return max(by_id.values()) / FPS


def test_posts_hide_walkers_at_the_line_and_elsewhere() -> None:
    hidden = [row for row in rows_of("behind_posts") if row.visibility < 0.2]
    walkers = {row.track_id for row in hidden if row.kind == "person"}
    assert len(walkers) == 3
    assert any(abs((row.xmin + row.xmax) / 2 - X) < 10 for row in hidden)


def test_who_waits_stands_on_the_line() -> None:
    rows = rows_of("waiting_on_the_line")
    assert (
        longest(rows, lambda row: abs((row.xmin + row.xmax) / 2 - X) < 8) > 3
    )


def test_several_enter_within_a_moment() -> None:
    first: dict[int, int] = {}
    for row in rows_of("entering_at_once"):
        first.setdefault(row.track_id, row.frame)
    for one, other in ((1, 2), (5, 6), (9, 10)):
        assert abs(first[one] - first[other]) <= 6


def test_a_camera_shakes_all_boxes_alike_and_changes_no_crossing() -> None:
    plan = PLANS["camera_jitter"]
    still, shaken = cast(plan._replace(shake=0.0), 1), cast(plan, 1)
    assert crossings(still) == crossings(shaken)
    shifts = []
    for calm, moment in zip(moments(still), moments(shaken), strict=True):
        places = {row.track_id: (row.xmin, row.ymin) for row in calm.rows}
        for row in moment.rows:
            if row.xmin > 0 and row.xmax < WIDTH:
                x, y = places[row.track_id]
                if x > 0:
                    assert (row.xmin - x, row.ymin - y) == moment.shift
        shifts.append(moment.shift)
    assert np.std(shifts, axis=0) == pytest.approx((3, 3), abs=1)


def test_boxes_lie_where_the_picture_has_the_object() -> None:
    case = cast(PLANS["waiting_on_the_line"], 1)
    every = list(moments(case))
    with_person = next(
        moment
        for moment in every
        if len(moment.rows) == 1 and moment.rows[0].xmin > 50
    )
    random = np.random.default_rng(1)
    empty = Moment([], [], (0.0, 0.0))
    picture, street = draw(case, [with_person, empty], random)
    (row,) = with_person.rows
    changed = np.abs(picture.astype(int) - street).max(axis=2) > 40
    rows, columns = np.nonzero(changed)
    assert columns.min() == pytest.approx(row.xmin, abs=3)
    assert columns.max() == pytest.approx(row.xmax, abs=3)
    assert rows.min() == pytest.approx(row.ymin, abs=3)


def test_faults_come_at_their_rates() -> None:
    random = np.random.default_rng(1)
    every = [moment.rows for moment in frames_of("entering_at_once")]
    seen = sum(row.visibility >= 0.5 for rows in every for row in rows)
    found = [detect(rows, random, 0.1, 0.0) for rows in every]
    assert sum(map(len, found)) == pytest.approx(0.9 * seen, rel=0.03)
    false = [detect(rows, random, 1.0, 0.05) for rows in every]
    assert sum(map(len, false)) == pytest.approx(0.05 * seen, rel=0.3)
    boxes = np.concatenate([each.boxes for each in false])
    assert (boxes >= 0).all()
    assert (boxes <= [WIDTH, HEIGHT, WIDTH, HEIGHT]).all()


def test_the_line_is_upright_in_the_middle() -> None:
    assert (GATE.start, GATE.end) == ((X, 0), (X, HEIGHT))
