"""One object, one box."""

import numpy as np
import pytest

from crossline.detect.merge import concatenate, merge
from crossline.geometry import Detections
from tests.detect.boxes import Seen, seen

WHOLE = (60, 10, 120, 40)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [(WHOLE, 0.6, 1), (WHOLE, 0.9, 1)],
            [(WHOLE, 0.9, 1)],
            id="twice the same",
        ),
        # 45 of 75 columns are common: IoU 0.6, and a weight of 0.25 * 0.6
        # beside one of 0.6.
        pytest.param(
            [(WHOLE, 0.6, 1), ((75, 10, 135, 40), 0.25, 1)],
            [((63, 10, 123, 40), 0.6, 1)],
            id="nearly the same: between them, nearer to the surer",
        ),
        pytest.param(
            [(WHOLE, 0.6, 1), (WHOLE, 0.9, 2)],
            [(WHOLE, 0.9, 2), (WHOLE, 0.6, 1)],
            id="of another class",
        ),
        pytest.param(
            [(WHOLE, 0.6, 1), ((60, 10, 72, 40), 0.5, 1)],
            [(WHOLE, 0.6, 1)],
            id="a part has no say in where the whole is",
        ),
        pytest.param(
            [(WHOLE, 0.6, 1), ((110, 10, 170, 40), 0.5, 1)],
            [(WHOLE, 0.6, 1), ((110, 10, 170, 40), 0.5, 1)],
            id="neighbours that overlap a little",
        ),
        pytest.param(
            [((5, 5, 5, 5), 0.6, 1)], [((5, 5, 5, 5), 0.6, 1)], id="no area"
        ),
    ],
)
def test_merging(rows: list[Seen], expected: list[Seen]) -> None:
    for order in (rows, rows[::-1]):
        found, wanted = merge(seen(*order)), seen(*expected)
        np.testing.assert_allclose(found.boxes, wanted.boxes, rtol=1e-5)
        np.testing.assert_array_equal(found.scores, wanted.scores)
        np.testing.assert_array_equal(found.class_ids, wanted.class_ids)


def test_nothing_is_merged_to_nothing() -> None:
    assert len(merge(Detections.of([], [], []))) == 0


def test_views_are_put_one_behind_the_other() -> None:
    first, second = seen((WHOLE, 0.6, 1)), seen((WHOLE, 0.9, 2))
    both = concatenate([first, second])
    np.testing.assert_array_equal(both.class_ids, [1, 2])
    np.testing.assert_array_equal(both.boxes, [WHOLE, WHOLE])
