"""What is a crossing of a line, and which way it goes."""

from collections import Counter
from collections.abc import Sequence

import pytest

from crossline.count.lines import (
    Crossing,
    Line,
    LineCounter,
)
from crossline.track.tracker import Point
from tests.count.tracks import track, walked

UPRIGHT = Line("gate", (100, 0), (100, 200), ("right", "left"))


def walk(
    xs: Sequence[float], line: Line = UPRIGHT, y: float = 100
) -> list[Crossing]:
    """Lets one track stand at each x, a frame each."""
    return walked(LineCounter([line]).update, [(x, y) for x in xs])


@pytest.mark.parametrize(
    ("xs", "directions"),
    [
        pytest.param([90, 95, 103], ["right"], id="rightwards"),
        pytest.param([110, 105, 97], ["left"], id="leftwards"),
        pytest.param([90, 101, 99, 102, 101], [], id="waits on the line"),
        pytest.param(
            [90, 99, 101, 102, 98, 103], ["right"], id="trembles, then goes"
        ),
        pytest.param([90, 102, 90], [], id="turns round inside the band"),
        pytest.param(
            [90, 110, 90, 110], ["right", "left", "right"], id="thrice"
        ),
        pytest.param([10, 190], ["right"], id="in one leap"),
        pytest.param([100, 110], [], id="appears on the line"),
    ],
)
def test_crossings(xs: list[float], directions: list[str]) -> None:
    assert [crossing.direction for crossing in walk(xs)] == directions


def test_a_crossing_tells_when_where_and_who() -> None:
    (crossing,) = walk([90, 110])
    assert crossing == Crossing(
        time_s=0.1,
        frame=1,
        track_id=1,
        class_id=3,
        line="gate",
        direction="right",
        x=100.0,
        y=100.0,
        score=0.8,
    )


def test_only_the_segment_counts() -> None:
    short = Line("door", (100, 0), (100, 50), ("in", "out"))
    assert walk([90, 110], short, y=100) == []
    assert len(walk([90, 110], short, y=40)) == 1


@pytest.mark.parametrize(
    ("start", "end", "before", "after", "direction"),
    [
        ((100, 0), (100, 200), (90, 100), (110, 100), "positive"),
        ((100, 200), (100, 0), (90, 100), (110, 100), "positive"),
        ((0, 100), (200, 100), (100, 90), (100, 110), "positive"),
        ((200, 100), (0, 100), (100, 110), (100, 90), "negative"),
        ((0, 0), (200, 200), (120, 80), (80, 120), "negative"),
    ],
)
def test_direction_is_by_growing_x_or_y_however_the_line_is_drawn(
    start: Point, end: Point, before: Point, after: Point, direction: str
) -> None:
    counter = LineCounter([Line("a", start, end, ("positive", "negative"))])
    counter.update([track(before)], 0, 0.0)
    (crossing,) = counter.update([track(after)], 1, 0.1)
    assert crossing.direction == direction


def test_a_way_before_confirmation_counts() -> None:
    counter = LineCounter([UPRIGHT])
    late = track((120, 100), earlier=((80, 100), (100, 100)))
    assert len(counter.update([late], 0, 0.0)) == 1


def test_where_a_track_is_predicted_to_be_counts_only_once_it_is_seen() -> (
    None
):
    counter = LineCounter([UPRIGHT])
    counter.update([track((90, 100))], 0, 0.0)
    assert counter.update([track((110, 100), is_seen=False)], 1, 0.1) == []
    assert len(counter.update([track((115, 100))], 2, 0.2)) == 1


@pytest.mark.parametrize(
    ("followed", "measured", "directions"),
    [
        pytest.param(
            [90, 104, 90], [90, 99, 90], [], id="a track that overshoots"
        ),
        pytest.param(
            [90, 99, 90], [90, 104, 90], [], id="a detection that trembles"
        ),
        pytest.param(
            [90, 104, 108], [90, 99, 106], ["right"], id="both, by and by"
        ),
    ],
)
def test_neither_track_nor_detection_crosses_alone(
    followed: list[float], measured: list[float], directions: list[str]
) -> None:
    counter = LineCounter([UPRIGHT])
    crossings = [
        crossing
        for frame, (x, detected_x) in enumerate(
            zip(followed, measured, strict=True)
        )
        for crossing in counter.update(
            [track((x, 100), measured=(detected_x, 100))], frame, frame / 10
        )
    ]
    assert [crossing.direction for crossing in crossings] == directions


def test_a_box_that_is_no_number_decides_nothing() -> None:
    path = [(90, 100), (float("nan"), 100), (110, float("inf")), (120, 100)]
    (crossing,) = walked(LineCounter([UPRIGHT]).update, path)
    assert (crossing.frame, crossing.x) == (3, 100)


@pytest.mark.parametrize(
    ("path", "directions"),
    [
        pytest.param([(90, 40), (110, 60)], ["in"], id="through it"),
        pytest.param([(90, 45), (110, 65)], [], id="diagonally past its end"),
        pytest.param(
            [(90, 40), (99, 49), (99, 60), (110, 60)], [], id="round its end"
        ),
        pytest.param(
            [(90, 40), (101, 40), (101, 70), (110, 70)],
            ["in"],
            id="through it, then past its end inside the band",
        ),
        pytest.param(
            [(90, 40), (101, 40), (99, 60), (90, 60)],
            [],
            id="through it and back past its end inside the band",
        ),
        pytest.param(
            [(90, 40), (110, 40), (110, 70), (90, 70)],
            ["in"],
            id="through it and back around it",
        ),
    ],
)
def test_at_the_end_of_a_line(
    path: list[Point], directions: list[str]
) -> None:
    door = Line("door", (100, 0), (100, 50.5), ("in", "out"))
    crossings = walked(LineCounter([door]).update, path)
    assert [crossing.direction for crossing in crossings] == directions


def test_once_is_per_track_line_and_direction() -> None:
    counter = LineCounter([UPRIGHT], once=True)
    xs = [90, 110, 90, 110, 90]
    crossings = walked(counter.update, [(x, 100) for x in xs])
    assert [each.direction for each in crossings] == ["right", "left"]
    for frame, x in enumerate(xs[:2], 10):
        later = counter.update([track((x, 100), track_id=2)], frame, 1.0)
    assert [each.track_id for each in later] == [2]


def test_a_track_counts_as_the_class_that_it_is_by_then() -> None:
    counter = LineCounter([UPRIGHT])
    for x, class_id in ((90, 1), (110, 2), (90, 2)):
        counter.update([track((x, 100), class_id=class_id)], 0, 0.0)
    assert counter.totals["gate"] == {
        "right": Counter({2: 1}),
        "left": Counter({2: 1}),
    }


def test_a_track_that_is_gone_is_forgotten() -> None:
    counter = LineCounter([UPRIGHT])
    counter.update([track((90, 100))], 0, 0.0)
    counter.update([], 1, 0.1)
    assert counter.update([track((110, 100))], 2, 0.2) == []


def test_totals_hold_every_line_and_direction_from_the_start() -> None:
    other = Line("road", (150, 0), (150, 200), ("down the hill", "up"))
    counter = LineCounter([UPRIGHT, other])
    counter.update([track((90, 100)), track((110, 50), 2)], 0, 0.0)
    counter.update([track((120, 100)), track((90, 50), 2)], 1, 0.1)
    assert counter.totals == {
        "gate": {"right": Counter({3: 1}), "left": Counter({3: 1})},
        "road": {"down the hill": Counter(), "up": Counter()},
    }
