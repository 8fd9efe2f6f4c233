"""LinkedAI's JSON to the annotation table."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossline.annotations.linkedai import read_linkedai
from crossline.errors import InputError
from tests.annotations.rows import empty, row, table
from tests.annotations.test_coco import json_values


def item(*tags: Any, **fields: Any) -> dict[str, Any]:
    size = {"width": 100, "height": 80}
    return {"id": "i1", "image": "a.jpg", **size, "tags": [*tags], **fields}


def tag(x: Any = 10, y: Any = 20, w: Any = 20, h: Any = 30) -> dict[str, Any]:
    position = {"x": x, "y": y, "w": w, "h": h}
    return {"pos": position, "name": "car", "type": "bounding_box"}


def saved(tmp_path: Path, document: Any) -> Path:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(item(tag()), id="numbers"),
        pytest.param(
            item(tag("10", "20.0", "20", "30"), width="100", height="80"),
            id="numbers as strings",
        ),
        pytest.param(
            item(tag(), image="https://host/bucket/a.jpg?sig=a%2Fb"), id="URL"
        ),
    ],
)
def test_reads_position_and_size_as_edges(
    image: dict[str, Any], tmp_path: Path
) -> None:
    found, left_out = read_linkedai(saved(tmp_path, [image]))
    expected = table(row("a.jpg", "car", (10, 20, 30, 50), image_id="i1"))
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert not left_out


def test_a_file_name_is_no_url(tmp_path: Path) -> None:
    found, _ = read_linkedai(saved(tmp_path, [item(image="day 1/a#1.jpg")]))
    assert found["filename"].tolist() == ["day 1/a#1.jpg"]


def test_counts_what_it_leaves_out(tmp_path: Path) -> None:
    polygon = {"type": "polygon", "points": []}
    images = [
        item(tag(), tag(x=95), polygon, polygon),
        item(polygon, id="i2", image="b.jpg"),
    ]
    found, left_out = read_linkedai(saved(tmp_path, images))
    expected = table(row(image_id="i1"), empty("b.jpg", image_id="i2"))
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert left_out == {"tag of type polygon": 3, "box outside the image": 1}


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        pytest.param({}, "is a dict, expected a list of images", id="object"),
        pytest.param(
            [item(), {"id": 1}],
            "item 2: is not as LinkedAI writes it (KeyError('image')); "
            "expected {id, image, width, height, tags",
            id="no image",
        ),
        pytest.param(
            [item(tag(x="left"))],
            "could not convert string to float: 'left'",
            id="text",
        ),
        pytest.param([item(None)], "item 1: is not as", id="tag is null"),
        pytest.param([item(width=None)], "item 1: is not as", id="no width"),
        pytest.param([item(), item()], "item 2: a.jpg was item 1", id="twice"),
        pytest.param(
            [item(width=0)], "image a.jpg: image size below 1", id="width 0"
        ),
    ],
)
def test_refuses_with_place_and_reason(
    document: Any, complaint: str, tmp_path: Path
) -> None:
    path = saved(tmp_path, document)
    with pytest.raises(InputError) as error:
        read_linkedai(path)
    assert str(error.value).startswith(str(path))
    assert complaint in str(error.value)


@given(json_values, st.sampled_from(["id", "image", "width", "tags"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_wild_value_is_read_or_refused(
    tmp_path: Path, value: Any, field: str
) -> None:
    with contextlib.suppress(InputError):
        read_linkedai(saved(tmp_path, [item(tag(), **{field: value})]))
