"""An object is told once, by whichever views of the frame show it."""

from collections.abc import Mapping

import numpy as np
import pytest

from crossline.detect.tiles import TiledDetector, may_be_cut, tiles
from crossline.geometry import Detections, Image
from tests.tiny_detector import scene


@pytest.mark.parametrize(
    ("size", "grid", "expected"),
    [
        # 2 tiles of w that share 0.2 w: 1.8 w is the width.
        pytest.param(
            (180, 90),
            (2, 2),
            [
                (0, 0, 100, 50),
                (80, 0, 180, 50),
                (0, 40, 100, 90),
                (80, 40, 180, 90),
            ],
            id="2x2",
        ),
        # 2.6 w.
        pytest.param(
            (260, 100),
            (3, 1),
            [(0, 0, 100, 100), (80, 0, 180, 100), (160, 0, 260, 100)],
            id="3x1",
        ),
        pytest.param((7, 5), (1, 1), [(0, 0, 7, 5)], id="one"),
    ],
)
def test_tiles_overlap_and_cover_the_image(
    size: tuple[int, int],
    grid: tuple[int, int],
    expected: list[tuple[int, int, int, int]],
) -> None:
    assert tiles(*size, *grid) == expected


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        pytest.param((20, 10, 60, 30), False, id="inside"),
        pytest.param((70, 10, 100, 30), True, id="at the inner right edge"),
        pytest.param((70, 10, 99, 30), True, id="a pixel before it"),
        pytest.param((70, 10, 97, 30), False, id="three pixels before it"),
        pytest.param((20, 30, 60, 50), True, id="at the inner lower edge"),
        pytest.param((0, 0, 30, 30), False, id="at the image's own edges"),
    ],
)
def test_boxes_at_inner_edges_may_be_cut(
    box: tuple[int, int, int, int], expected: bool
) -> None:
    first, boxes = (0, 0, 100, 50), np.array([box], np.float32)
    assert may_be_cut(boxes, first, 180, 90).tolist() == [expected]


class _SmallEyes:
    """Sees what is red."""

    def __init__(self) -> None:
        self.class_names: Mapping[int, str] = {1: "red"}

    def detect(self, image: Image) -> Detections:
        rows, columns = np.nonzero(image[..., 0])
        if not len(rows):
            return Detections.of([], [], [])
        box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        # As surely as it is large in what it sees.
        score = (box[2] - box[0]) / image.shape[1]
        return Detections.of([box], [score], [1])


def test_small_objects_are_surer_in_a_tile() -> None:
    image = scene(180, 90, red=(130, 60, 150, 70))
    found = TiledDetector(_SmallEyes(), 2, 2).detect(image)
    np.testing.assert_allclose(found.boxes, [[130, 60, 150, 70]], rtol=1e-6)
    np.testing.assert_allclose(found.scores, [0.2])


def test_what_a_tile_cuts_is_left_to_who_sees_it_whole() -> None:
    """Its left half is larger in its tile than the whole in the image."""
    image = scene(180, 90, red=(60, 10, 120, 30))
    found = TiledDetector(_SmallEyes(), 2, 2).detect(image)
    np.testing.assert_allclose(found.boxes, [[60, 10, 120, 30]], rtol=1e-6)
    np.testing.assert_allclose(found.scores, [60 / 180])


def test_nothing_is_found_in_nothing() -> None:
    found = TiledDetector(_SmallEyes(), 3, 2).detect(scene(180, 90))
    assert len(found) == 0
