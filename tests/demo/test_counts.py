from pathlib import Path

import pytest

from crossline.demo.counts import (
    Count,
    CountedVideo,
    Crossing,
    compare_counts,
    read_crossings,
    require_lines,
    unpaired,
)
from crossline.errors import InputError

TRUE = {
    "main": {"right": {"car": 2, "person": 1}, "left": {}},
    "road": {"right": {}, "left": {"car": 1}},
}


def crossing(
    time_s: float = 1,
    class_name: str = "car",
    line: str = "main",
    direction: str = "right",
) -> Crossing:
    frame = round(25 * time_s)
    return Crossing(time_s, frame, class_name, line, direction, 240, 200)


def counted_at(**lines: tuple[float, ...]) -> CountedVideo:
    return CountedVideo(lines, {}, [], "street.mp4", "", 60)


def test_every_class_has_a_count_at_every_line_both_ways() -> None:
    counts = compare_counts(TRUE, TRUE)
    assert len(counts) == 2 * 2 * 2
    assert all(count.is_equal for count in counts)
    assert Count("road", "person", "left", counted=0, true=0) in counts


def test_what_differs_is_said_where_it_differs() -> None:
    counted = {
        "main": {"right": {"car": 3, "bus": 1}, "left": {}},
        "road": {"right": {}, "left": {"car": 1}},
    }
    wrong = [
        each for each in compare_counts(counted, TRUE) if each[3:] != (0, 0)
    ]
    assert [count for count in wrong if not count.is_equal] == [
        Count("main", "bus", "right", counted=1, true=0),
        Count("main", "car", "right", counted=3, true=2),
        Count("main", "person", "right", counted=0, true=1),
    ]


@pytest.mark.parametrize(
    ("counted", "true", "missed", "invented"),
    [
        pytest.param([1.5], [1.0], [], [], id="a little later"),
        pytest.param([3.5], [1.0], [1.0], [3.5], id="much later: another"),
        pytest.param([], [1.0, 2.0], [1.0, 2.0], [], id="nothing counted"),
        pytest.param([1.0, 1.2], [1.0], [], [1.2], id="counted twice"),
        pytest.param([1.9], [1.0, 2.0], [1.0], [], id="the nearer one"),
    ],
)
def test_crossings_are_paired_by_time(
    counted: list[float],
    true: list[float],
    missed: list[float],
    invented: list[float],
) -> None:
    found = unpaired(
        [crossing(time_s) for time_s in counted],
        [crossing(time_s) for time_s in true],
    )
    assert found == (
        [crossing(time_s) for time_s in missed],
        [crossing(time_s) for time_s in invented],
    )


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(crossing(class_name="bus"), id="class"),
        pytest.param(crossing(line="road"), id="line"),
        pytest.param(crossing(direction="left"), id="direction"),
    ],
)
def test_only_crossings_of_a_kind_are_paired(other: Crossing) -> None:
    assert unpaired([other], [crossing()]) == ([crossing()], [other])


def test_lines_that_are_the_same_but_for_rounding_pass() -> None:
    require_lines(
        counted_at(main=(240, 0, 240, 360), other=(0, 0, 1, 1)),
        counted_at(main=(240.3, 0, 240, 360)),
    )


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        pytest.param({}, "was not counted", id="missing"),
        pytest.param(
            {"main": (200, 0, 200, 360)},
            "was counted at [200, 0, 200, 360]",
            id="elsewhere",
        ),
    ],
)
def test_a_line_of_the_truth_that_was_not_counted(
    lines: dict[str, tuple[float, ...]], problem: str
) -> None:
    with pytest.raises(InputError) as error:
        require_lines(counted_at(**lines), counted_at(main=(240, 0, 240, 360)))
    assert str(error.value) == (
        f"street.mp4: line main of the truth {problem}; "
        "count with --line main=240,0,240,360"
    )


def test_a_file_that_holds_no_crossings(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("time_s,frame\n1.0,25\n")
    with pytest.raises(InputError, match="is no list of crossings"):
        read_crossings(path)
