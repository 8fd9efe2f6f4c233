"""One image's Example: the keys, the boxes and whose frame they are in."""

import hashlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crossline.annotations.table import Annotation
from crossline.errors import InputError
from crossline.records import example
from crossline.records.label_map import LabelMap
from tests.records.pictures import (
    HEIGHT,
    WIDTH,
    example_of,
    negative,
    row,
    save,
)

STREET = LabelMap.from_names(["person", "car"])
PROJECT = Path(__file__).parents[2]


def features(
    folder: Path, *rows: Annotation, orientation: int = 1
) -> dict[str, list[Any]]:
    path = save(folder / "a.jpg", orientation=orientation)
    made = example_of(rows, path, STREET)
    kinds = {
        key: getattr(feature, feature.WhichOneof("kind"))
        for key, feature in made.features.feature.items()
    }
    return {key: list(kind.value) for key, kind in kinds.items()}


def boxes(found: dict[str, list[Any]]) -> Any:
    """Returns ``(n, 4)``, normalised: xmin, ymin, xmax, ymax."""
    return np.transpose([found[key] for key in example.BOX_EDGES.values()])


def test_holds_what_the_api_expects(tmp_path: Path) -> None:
    found = features(
        tmp_path,
        row(image_id="17"),
        row("a.jpg", "person", (0, 0, 8, 6), is_crowd=True, area=12.5),
        row("a.jpg", "person", (0, 0, 8, 60), difficult=True),
    )
    data = (tmp_path / "a.jpg").read_bytes()
    edges = [found.pop(key) for key in sorted(example.BOX_EDGES.values())]
    assert found == {
        "image/height": [60],
        "image/width": [80],
        "image/filename": [b"a.jpg"],
        "image/source_id": [b"17"],
        "image/key/sha256": [hashlib.sha256(data).hexdigest().encode()],
        "image/encoded": [data],
        "image/format": [b"jpeg"],
        "image/object/class/text": [b"car", b"person", b"person"],
        "image/object/class/label": [2, 1, 1],
        "image/object/is_crowd": [0, 1, 0],
        "image/object/difficult": [0, 0, 1],
        # A mask's, where there is one; else the box's, in square pixels.
        "image/object/area": [32 * 24, 12.5, 8 * 60],
    }
    xmax, xmin, ymax, ymin = edges
    np.testing.assert_allclose(xmin, [0.1, 0, 0])
    np.testing.assert_allclose(ymin, [0.1, 0, 0])
    np.testing.assert_allclose(xmax, [0.5, 0.1, 0.1])
    np.testing.assert_allclose(ymax, [0.5, 0.1, 1])


def test_an_image_without_an_id_goes_by_its_name(tmp_path: Path) -> None:
    assert features(tmp_path, row())["image/source_id"] == [b"a.jpg"]


def test_a_negative_has_no_objects(tmp_path: Path) -> None:
    found = features(tmp_path, negative("a.jpg"))
    of_objects = [key for key in found if key.startswith("image/object/")]
    assert len(of_objects) == 9
    assert all(found[key] == [] for key in of_objects)


def test_boxes_are_clipped_to_the_image(tmp_path: Path) -> None:
    found = features(tmp_path, row(box=(-0.5, 6, 80.25, 60.5)))
    np.testing.assert_allclose(boxes(found), [[0, 0.1, 1, 1]])


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        # BOX is 8, 6, 40, 30 of 80 x 60: a tenth and a half of each side.
        pytest.param(5, [0.1, 0.1, 0.5, 0.5], id="5: over the diagonal"),
        pytest.param(6, [0.5, 0.1, 0.9, 0.5], id="6: clockwise"),
        pytest.param(7, [0.5, 0.5, 0.9, 0.9], id="7: over the other one"),
        pytest.param(8, [0.1, 0.5, 0.5, 0.9], id="8: anticlockwise"),
    ],
)
def test_boxes_of_the_stored_picture_turn_along(
    orientation: int, expected: list[float], tmp_path: Path
) -> None:
    found = features(tmp_path, row(), orientation=orientation)
    np.testing.assert_allclose(boxes(found), [expected])
    assert (found["image/width"], found["image/height"]) == ([60], [80])
    assert found["image/object/area"] == [32 * 24]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_boxes_of_the_upright_picture_stay(
    orientation: int, tmp_path: Path
) -> None:
    lies = orientation >= 5
    width, height = (HEIGHT, WIDTH) if lies else (WIDTH, HEIGHT)
    box = (0.1 * width, 0.2 * height, 0.3 * width, 0.4 * height)
    upright = row(width=width, height=height, box=box)
    found = features(tmp_path, upright, orientation=orientation)
    np.testing.assert_allclose(boxes(found), [[0.1, 0.2, 0.3, 0.4]])


@pytest.mark.parametrize(
    ("size", "orientation"),
    [
        pytest.param((160, 120), 1, id="another picture"),
        pytest.param((60, 80), 1, id="turned without EXIF"),
        pytest.param((60, 80), 3, id="EXIF turns it by half"),
    ],
)
def test_another_size_is_refused(
    size: tuple[int, int], orientation: int, tmp_path: Path
) -> None:
    width, height = size
    annotated = row(width=width, height=height)
    with pytest.raises(InputError) as refusal:
        features(tmp_path, annotated, orientation=orientation)
    assert str(refusal.value) == (
        f"a.jpg: is 80x60 pixels (upright), annotated are {width}x{height}; "
        "correct the annotation or the image"
    )


def test_the_keys_are_written_in_one_place() -> None:
    files = [
        path
        for folder in ("crossline", "scripts")
        for path in (PROJECT / folder).rglob("*.py")
        if re.search('"image/(?!jpeg|png|svg)', path.read_text("utf-8"))
    ]
    assert files == [PROJECT / "crossline" / "records" / "example.py"]
