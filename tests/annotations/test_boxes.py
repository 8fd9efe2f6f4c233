"""Other people's boxes: taken, clipped or left out with a reason."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossline.annotations.boxes import usable_boxes
from crossline.annotations.table import check_table
from tests.annotations.rows import (
    SHARED,
    Box,
    boxes_of,
    classes_of,
    empty,
    row,
    table,
)

NAN = math.nan
OUTSIDE = "box outside the image"
DEGENERATE = "box inside out or without area"
NO_NUMBER = "box with a coordinate that is no number"


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        pytest.param((10, 20, 30, 50), (10, 20, 30, 50), id="inside"),
        pytest.param((0, 0, 100, 80), (0, 0, 100, 80), id="the whole image"),
        pytest.param((-0.5, -0.2, 9, 9), (0, 0, 9, 9), id="clipped top left"),
        pytest.param(
            (9, 9, 100.5, 80.1), (9, 9, 100, 80), id="clipped bottom right"
        ),
        pytest.param((-0.51, 0, 9, 9), OUTSIDE, id="left of the image"),
        pytest.param((0, 0, 9, 80.6), OUTSIDE, id="below the image"),
        pytest.param((200, 9, 300, 20), OUTSIDE, id="beside the image"),
        pytest.param((100.1, 9, 100.4, 20), DEGENERATE, id="only overshoot"),
        pytest.param((9, 9, 9, 20), DEGENERATE, id="without width"),
        pytest.param((9, 20, 30, 9), DEGENERATE, id="inside out"),
        pytest.param((NAN, 0, 9, 9), NO_NUMBER, id="no number"),
        pytest.param((0, 0, math.inf, 9), NO_NUMBER, id="infinite"),
    ],
)
def test_a_box_is_taken_or_counted(box: Box, expected: Box | str) -> None:
    fitting, left_out = usable_boxes(table(row(box=box)))
    if isinstance(expected, str):
        assert boxes_of(fitting) == []
        assert left_out == {expected: 1}
    else:
        assert boxes_of(fitting) == [expected]
        assert not left_out


def test_an_image_that_loses_its_last_box_keeps_a_row() -> None:
    bad = (9, 9, 9, 9)
    given_rows = table(
        row("a.jpg"),
        row("a.jpg", box=bad),
        row("b.jpg", box=bad, area=7.0, is_crowd=True, class_id=3),
        row("b.jpg", box=bad),
        empty(),
    )
    before = given_rows.copy()
    fitting, left_out = usable_boxes(given_rows)
    assert classes_of(fitting) == [
        ("a.jpg", "car"),
        ("b.jpg", ""),
        ("none.jpg", ""),
    ]
    assert left_out == {DEGENERATE: 3}
    assert given_rows.equals(before)
    assert fitting.loc[1, ["class_id", "is_crowd"]].tolist() == [0, False]
    assert math.isnan(fitting.loc[1, "area"])


@given(st.lists(st.tuples(*[st.floats(-200, 200) | st.floats()] * 4)))
def test_whatever_comes_the_table_is_possible(boxes: list[Box]) -> None:
    fitting, left_out = usable_boxes(table(*[row(box=box) for box in boxes]))
    check_table(fitting, SHARED)
    assert len(boxes_of(fitting)) + left_out.total() == len(boxes)
