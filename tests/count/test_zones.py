"""Who is in a zone, since when, and for how long."""

from collections import Counter
from collections.abc import Sequence

import pytest

from crossline.count.lines import Crossing
from crossline.count.zones import Visits, Zone, ZoneCounter
from tests.count.tracks import track, walked

SQUARE = Zone("yard", ((100, 100), (200, 100), (200, 200), (100, 200)))
# An L: its notch is right above.
CORNER = Zone(
    "corner",
    ((0, 0), (100, 0), (100, 100), (200, 100), (200, 200), (0, 200)),
)


def acts(
    xs: Sequence[float], zone: Zone = SQUARE, y: float = 150
) -> list[str]:
    counter = ZoneCounter([zone])
    crossings = walked(counter.update, [(x, y) for x in xs])
    return [crossing.direction for crossing in crossings]


@pytest.mark.parametrize(
    ("xs", "expected"),
    [
        pytest.param([90, 110, 190, 210], ["in", "out"], id="goes through"),
        pytest.param([150, 160], [], id="appears inside"),
        pytest.param([150, 210], ["out"], id="appears inside and leaves"),
        pytest.param([50], [], id="stays outside"),
        pytest.param([90, 102, 98, 102], [], id="trembles, is never in"),
        pytest.param(
            [90, 103, 99, 101, 98, 102], ["in"], id="trembles after entering"
        ),
        pytest.param([100], [], id="appears on the edge"),
        pytest.param([90, 110, 90, 110], ["in", "out", "in"], id="returns"),
    ],
)
def test_entries_and_exits(xs: list[float], expected: list[str]) -> None:
    assert acts(xs) == expected


@pytest.mark.parametrize(
    ("x", "y", "is_in"),
    [(50, 50, True), (150, 150, True), (150, 50, False), (250, 150, False)],
)
def test_a_zone_may_have_a_notch(x: float, y: float, is_in: bool) -> None:
    counter = ZoneCounter([CORNER])
    counter.update([track((x, y))], 0, 0.0)
    assert counter.occupancy["corner"].total() == is_in


def test_an_entry_tells_when_where_and_who() -> None:
    counter = ZoneCounter([SQUARE])
    (entry,) = walked(counter.update, [(90, 150), (110, 150)])
    assert entry == Crossing(0.1, 1, 1, 3, "yard", "in", 110, 150, 0.8)


def test_the_visit_of_who_is_gone_ended_where_it_was_last_seen() -> None:
    counter = ZoneCounter([SQUARE])
    counter.update([track((150, 150))], 0, 0.0)
    counter.update([track((155, 150))], 1, 1.0)
    counter.update([track((160, 150), is_seen=False)], 2, 2.0)
    assert counter.occupancy == {"yard": Counter({3: 1})}
    assert counter.update([], 3, 3.0) == []
    assert counter.occupancy == {"yard": Counter()}
    assert counter.dwell()["yard"] == {3: Visits(1, 1.0, 1.0)}


def test_occupancy_is_per_class_and_the_most_is_kept() -> None:
    counter = ZoneCounter([SQUARE])
    people = [track((120 + 20 * k, 150), k, class_id=1) for k in range(3)]
    car = track((150, 120), 9, class_id=2)
    counter.update([*people, car], 0, 0.0)
    assert counter.occupancy == {"yard": Counter({1: 3, 2: 1})}
    counter.update([car], 1, 0.1)
    assert counter.occupancy == {"yard": Counter({2: 1})}
    assert counter.most == {"yard": 4}


def test_dwell_is_per_visit() -> None:
    counter = ZoneCounter([SQUARE])
    xs = [90, 110, 120, 130, 90, 110, 120]  # 0.3 s, and 0.1 s so far
    walked(counter.update, [(x, 150) for x in xs])
    visits = counter.dwell()["yard"][3]
    assert visits.count == 2
    assert visits.longest_s == pytest.approx(0.3)
    assert visits.mean_s == pytest.approx(0.2)


def test_asking_for_dwell_ends_no_visit() -> None:
    counter = ZoneCounter([SQUARE])
    counter.update([track((150, 150))], 0, 0.0)
    counter.dwell()
    counter.update([track((150, 150))], 1, 4.0)
    assert counter.dwell()["yard"] == {3: Visits(1, 4.0, 4.0)}


@pytest.mark.parametrize(
    "times",
    [
        pytest.param([0, 1, 2, 86402, 86403], id="a day ahead"),
        pytest.param([100, 101, 102, 2, 3], id="back"),
        pytest.param([0, 1, 2, 2, 3], id="stands still"),
    ],
)
def test_a_clock_that_jumps_lengthens_no_visit(times: list[float]) -> None:
    counter = ZoneCounter([SQUARE])
    for frame, time_s in enumerate(times):
        counter.update([track((150, 150))], frame, time_s)
    assert counter.dwell()["yard"] == {3: Visits(1, 3.0, 3.0)}


def test_who_turns_out_to_be_of_another_class_changes_it() -> None:
    counter = ZoneCounter([SQUARE])
    counter.update([track((150, 150), class_id=1)], 0, 0.0)
    counter.update([track((150, 150), class_id=2)], 1, 1.0)
    assert counter.occupancy == {"yard": Counter({2: 1})}
    assert counter.dwell()["yard"] == {2: Visits(1, 1.0, 1.0)}


def test_zones_may_overlap() -> None:
    counter = ZoneCounter([SQUARE, CORNER])
    entries = walked(counter.update, [(300, 150), (150, 150)])
    assert [entry.line for entry in entries] == ["yard", "corner"]


def test_a_track_that_overshoots_its_detection_does_not_enter() -> None:
    counter = ZoneCounter([SQUARE])
    counter.update([track((90, 150))], 0, 0.0)
    overshoots = track((104, 150), measured=(99, 150))
    assert counter.update([overshoots], 1, 0.1) == []
    (entry,) = counter.update([track((104, 150))], 2, 0.2)
    assert entry.direction == "in"


def test_a_box_that_is_no_number_is_nowhere() -> None:
    counter = ZoneCounter([SQUARE])
    counter.update([track((150, 150))], 0, 0.0)
    nowhere = track((float("nan"), 150))
    assert counter.update([nowhere], 1, 0.1) == []
    assert counter.occupancy["yard"] == Counter({3: 1})
