"""Boxes against boxes, worked out by hand."""

import numpy as np
import pytest

from crossline.geometry import iou_matrix, smaller_share_matrix

SQUARE = (0.0, 0.0, 10.0, 10.0)


@pytest.mark.parametrize(
    ("other", "iou", "smaller_share"),
    [
        pytest.param(SQUARE, 1, 1, id="the same"),
        pytest.param((20, 0, 30, 10), 0, 0, id="apart"),
        pytest.param((10, 0, 20, 10), 0, 0, id="edge to edge"),
        pytest.param((5, 0, 15, 10), 1 / 3, 1 / 2, id="half over"),
        pytest.param((2, 2, 7, 7), 1 / 4, 1, id="inside"),
        pytest.param((-10, -10, 30, 30), 1 / 16, 1, id="around"),
        pytest.param((5, 5, 5, 9), 0, 0, id="without area"),
        pytest.param((9, 9, 1, 1), 0, 0, id="inside out"),
    ],
)
def test_shares_of_two_boxes(
    other: tuple[float, ...], iou: float, smaller_share: float
) -> None:
    one, two = np.array([SQUARE], np.float32), np.array([other], np.float32)
    for first, second in ((one, two), (two, one)):
        assert iou_matrix(first, second) == pytest.approx(iou)
        assert smaller_share_matrix(first, second) == pytest.approx(
            smaller_share
        )


def test_shapes_are_pairs() -> None:
    boxes = np.zeros((3, 4), np.float32)
    assert iou_matrix(boxes, boxes[:2]).shape == (3, 2)
    assert smaller_share_matrix(boxes[:0], boxes).shape == (0, 3)
