"""Lines and zones as somebody gives them: what they become, or why not."""

import pytest

from crossline.count.lines import Line
from crossline.count.scene import Scene, parse_line, parse_zone
from crossline.count.zones import Zone
from crossline.errors import InputError

SIZE = (640, 240)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "main=10,20,30,200",
            Line("main", (10, 20), (30, 200), ("right", "left")),
            id="pixels",
        ),
        pytest.param(
            "main=0.5,0,0.5,1",
            Line("main", (320, 0), (320, 240), ("right", "left")),
            id="fractions",
        ),
        pytest.param(
            "kerb=0,100,640,110",
            Line("kerb", (0, 100), (640, 110), ("down", "up")),
            id="nearer to the horizontal",
        ),
        pytest.param(
            "bridge=0.5,0,0.5,1:to town/to the sea",
            Line("bridge", (320, 0), (320, 240), ("to town", "to the sea")),
            id="directions of one's own",
        ),
        pytest.param(
            "edge=-5,-5,645,245",
            Line("edge", (-5, -5), (645, 245), ("down", "up")),
            id="through the frame, ends outside",
        ),
    ],
)
def test_parse_line(text: str, expected: Line) -> None:
    assert parse_line(text, *SIZE) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("0.5,0,0.5,1", "is not NAME=", id="no name"),
        pytest.param(" =0,0,1,1", "is not NAME=", id="blank name"),
        pytest.param("a=1,2,3", "is not NAME=", id="three numbers"),
        pytest.param("a=1,2,3,x", "points are pairs", id="no number"),
        pytest.param("a=1,2,3,4:down", "is not NAME=", id="one direction"),
        pytest.param("a=1,2,3,9:b/b", "of one name, 'b'", id="both alike"),
        pytest.param("a=1e,2,3,4", "points are pairs", id="half a number"),
        pytest.param("a=nan,2,3,4", "a point at nan", id="nan"),
        pytest.param("a=1,2,inf,4", "a point at inf", id="infinite"),
        pytest.param("a=5,5,5,5", "has no length", id="a point"),
        pytest.param(
            "a=0.5,0,0.5,1.2", "is 1.2 pixels long", id="a wrong fraction"
        ),
        pytest.param("a=700,0,700,90", "outside the frame", id="right of it"),
        pytest.param("a=0,-9,90,-1", "outside the frame", id="above it"),
        pytest.param(
            "a=-50,100,100,-50", None, id="past the corner, still in"
        ),
        pytest.param("a=-90,50,50,-90", "outside the frame", id="past it"),
    ],
)
def test_parse_line_refuses(text: str, problem: str | None) -> None:
    if problem is None:
        parse_line(text, *SIZE)
        return
    with pytest.raises(InputError, match=problem):
        parse_line(text, *SIZE)


@pytest.mark.parametrize(
    ("text", "corners"),
    [
        pytest.param(
            "yard=10,10,90,10,90,80",
            ((10, 10), (90, 10), (90, 80)),
            id="pixels",
        ),
        pytest.param(
            "yard=0,0,0.5,0,0.5,0.5",
            ((0, 0), (320, 0), (320, 120)),
            id="fractions",
        ),
        pytest.param(
            "yard=10,10,90,10,90,80,10,10",
            ((10, 10), (90, 10), (90, 80)),
            id="closed",
        ),
        pytest.param(
            "yard=-9,-9,999,-9,999,999,-9,999",
            ((-9, -9), (999, -9), (999, 999), (-9, 999)),
            id="holds all of the frame",
        ),
    ],
)
def test_parse_zone(text: str, corners: tuple[tuple[int, int], ...]) -> None:
    zone = parse_zone(text, *SIZE)
    assert zone.name == "yard"
    assert sorted(zone.corners) == sorted(corners)


@pytest.mark.parametrize(
    ("numbers", "problem"),
    [
        pytest.param("1,1,9,9", "has 2 different points", id="two points"),
        pytest.param("1,1,9,9,1,1", "has 2 different", id="there and back"),
        pytest.param("1,1,9,9,5", "is not NAME=", id="odd"),
        pytest.param("1,1,5,5,9,9", "has no area", id="on one line"),
        pytest.param("0,0,90,90,90,0,0,90", "crosses itself", id="bow tie"),
        pytest.param(
            "0,0,90,0,90,90,50,90,50,0,40,90",
            "crosses itself",
            id="touches its own edge",
        ),
        pytest.param("700,0,800,0,800,90", "outside the frame", id="right"),
        pytest.param("0,0,90,0,nan,9", "a point at nan", id="nan"),
    ],
)
def test_parse_zone_refuses(numbers: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        parse_zone(f"yard={numbers}", *SIZE)


def test_two_of_one_name_are_refused() -> None:
    gate = Line("gate", (100, 0), (100, 200), ("right", "left"))
    zone = Zone("gate", ((0, 0), (9, 0), (9, 9)))
    with pytest.raises(InputError, match="'gate': is given 2 times"):
        Scene((gate, gate))
    with pytest.raises(InputError, match="'gate': is given 2 times"):
        Scene((gate,)) + Scene(zones=(zone,))
