"""COCO's instances.json to the annotation table and back."""

import contextlib
import io
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO

from crossline.annotations.coco import read_coco, write_coco
from crossline.annotations.table import has_box, rows_of
from crossline.errors import InputError
from tests.annotations.rows import (
    boxes_of,
    classes_of,
    empty,
    require_shared,
    row,
    table,
)

STREET = {
    "images": [
        {"id": 9, "file_name": "a.jpg", "width": 100, "height": 80},
        {"id": 4, "file_name": "none.jpg", "width": 50, "height": 40},
    ],
    "categories": [{"id": 3, "name": "car"}, {"id": 90, "name": "person"}],
    "annotations": [
        {
            "id": 1,
            "image_id": 9,
            "category_id": 90,
            "bbox": [10.25, 20, 30.5, 40],
            "area": 600.5,
            "iscrowd": 1,
            "segmentation": [],
        },
        {"id": 2, "image_id": 9, "category_id": 3, "bbox": [0, 0, 5, 6]},
    ],
}


def street(**sections: Any) -> dict[str, Any]:
    return {**STREET, **sections}


def annotation(**fields: Any) -> dict[str, Any]:
    box = [1, 2, 3, 4]
    return {"id": 7, "image_id": 9, "category_id": 3, "bbox": box, **fields}


def saved(tmp_path: Path, document: Any) -> Path:
    path = tmp_path / "instances.json"
    path.write_text(json.dumps(document))
    return path


def test_reads_boxes_as_edges_with_ids_crowd_and_area(tmp_path: Path) -> None:
    found, left_out = read_coco(saved(tmp_path, STREET))
    crowd, car, negative = rows_of(found)
    assert crowd == row(
        "a.jpg",
        "person",
        (10.25, 20, 40.75, 60),
        class_id=90,
        image_id="9",
        is_crowd=True,
        area=600.5,
    )
    assert (car.xmax, car.ymax, car.class_id) == (5, 6, 3)
    assert not car.is_crowd
    assert math.isnan(car.area)
    assert (negative.filename, negative.class_name) == ("none.jpg", "")
    assert (negative.width, negative.height) == (50, 40)
    assert (negative.image_id, negative.class_id) == ("4", 0)
    assert not left_out


def test_counts_what_it_leaves_out(tmp_path: Path) -> None:
    boxes = [[0, 0, 101, 5], [3, 3, 0, 5], [3, 3, -2, 5], [0, 0, 100.4, 80]]
    document = street(
        annotations=[
            annotation(id=id_, bbox=box) for id_, box in enumerate(boxes)
        ]
    )
    found, left_out = read_coco(saved(tmp_path, document))
    assert boxes_of(found) == [(0, 0, 100, 80)]
    assert left_out == {
        "box outside the image": 1,
        "box inside out or without area": 2,
    }


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        pytest.param([], "has no list 'images'", id="a list"),
        pytest.param(
            street(annotations=None),
            "has no list 'annotations'; expected COCO's instances format",
            id="no annotations",
        ),
        pytest.param(
            street(annotations=[annotation(), 5]),
            "annotations item 2, id ?: is not as COCO writes it",
            id="no object",
        ),
        pytest.param(
            street(annotations=[{"id": 7, "image_id": 9}]),
            "annotations item 1, id 7: has no 'bbox'",
            id="no box",
        ),
        pytest.param(
            street(annotations=[annotation(bbox=[1, 2, 3])]),
            "annotations item 1, id 7: is not as COCO writes it",
            id="three numbers",
        ),
        pytest.param(
            street(annotations=[annotation(bbox=["a", 2, 3, 4])]),
            "could not convert string to float: 'a'",
            id="text",
        ),
        pytest.param(
            street(annotations=[annotation(bbox=[10**400, 2, 3, 4])]),
            "annotations item 1, id 7: is not as COCO writes it (int too",
            id="beyond float",
        ),
        pytest.param(
            street(annotations=[annotation(image_id=8)]),
            "annotation 7: image_id 8 is not in the file",
            id="unknown image",
        ),
        pytest.param(
            street(annotations=[annotation(category_id=2)]),
            "annotation 7: category_id 2 is not in the file",
            id="unknown category",
        ),
        pytest.param(
            street(images=[{"id": 9, "file_name": "a.jpg", "width": 1.5}]),
            "images item 1, id 9: is not as COCO writes it "
            "(1.5 is not a whole number)",
            id="width 1.5",
        ),
        pytest.param(
            street(images=STREET["images"] * 2),
            "image_id 9 occurs twice",
            id="image twice",
        ),
        pytest.param(
            street(
                images=[STREET["images"][0], STREET["images"][0] | {"id": 1}]
            ),
            "filename a.jpg occurs twice",
            id="file name twice",
        ),
        pytest.param(
            street(
                images=[
                    {"id": 9, "file_name": "a.jpg", "width": 0, "height": 9}
                ]
            ),
            "image a.jpg: image size below 1 pixel",
            id="no width",
        ),
    ],
)
def test_refuses_with_place_and_reason(
    document: Any, complaint: str, tmp_path: Path
) -> None:
    path = saved(tmp_path, document)
    with pytest.raises(InputError) as error:
        read_coco(path)
    assert str(error.value).startswith(str(path))
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param(
            '{"images": [\n {"id": 1,',
            "bad.json line 2 column 11: is not JSON",
            id="cut",
        ),
        pytest.param("9" * 5000, "bad.json: is not JSON", id="endless number"),
        pytest.param("[" * 99999, "bad.json: is not JSON", id="endless depth"),
    ],
)
def test_malformed_json_is_told_with_its_place(
    text: str, complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(InputError, match=complaint):
        read_coco(tmp_path / "bad.json")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=3,
)


@given(
    st.sampled_from(["images", "categories", "annotations"]),
    st.integers(0, 1),
    st.data(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_wild_value_is_read_or_refused(
    tmp_path: Path, section: str, item: int, data: st.DataObject
) -> None:
    document = json.loads(json.dumps(STREET))
    field = data.draw(st.sampled_from(sorted(document[section][item])))
    document[section][item][field] = data.draw(json_values)
    with contextlib.suppress(InputError):
        read_coco(saved(tmp_path, document))


def test_writes_what_pycocotools_reads(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    write_coco(
        table(
            row("b.jpg", "person", (10.25, 20, 40.75, 60), is_crowd=True),
            row("b.jpg", "car", (0, 0, 5, 6), area=17.5),
            empty("none.jpg"),
        ),
        path,
    )
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(path))
    assert [(i["id"], i["file_name"]) for i in coco.loadImgs([1, 2])] == [
        (1, "b.jpg"),
        (2, "none.jpg"),
    ]
    person, car = coco.loadAnns(coco.getAnnIds(imgIds=[1]))
    assert person["bbox"] == [10.25, 20, 30.5, 40]
    assert (person["area"], person["iscrowd"]) == (30.5 * 40, 1)
    assert (car["area"], car["iscrowd"]) == (17.5, 0)
    names = coco.loadCats([person["category_id"], car["category_id"]])
    assert [category["name"] for category in names] == ["person", "car"]
    assert coco.getAnnIds(imgIds=[2]) == []


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        pytest.param(("139", "9"), [139, 9], id="COCO's are kept"),
        pytest.param(("139", ""), [1, 2], id="one is missing"),
        pytest.param(("7", "7"), [1, 2], id="not of its own"),
        pytest.param(("x1", "x2"), [1, 2], id="no numbers"),
    ],
)
def test_image_ids_of_numbers_are_kept(
    ids: tuple[str, str], expected: list[int], tmp_path: Path
) -> None:
    first, second = ids
    rows = table(row("a.jpg", image_id=first), row("b.jpg", image_id=second))
    write_coco(rows, tmp_path / "out.json")
    document = json.loads((tmp_path / "out.json").read_text())
    assert [image["id"] for image in document["images"]] == expected


def test_a_table_survives_the_way_to_coco_and_back(tmp_path: Path) -> None:
    rows = table(
        row("a.jpg", "car", class_id=1, image_id="1", area=600.0),
        row("a.jpg", "bus", class_id=2, image_id="1", area=5.0, is_crowd=True),
        empty("none.jpg", image_id="2"),
    )
    rows["class_id"] = [2, 1, 0]  # As numbered by name.
    write_coco(rows, tmp_path / "out.json")
    found, _ = read_coco(tmp_path / "out.json")
    pd.testing.assert_frame_equal(found, rows, check_dtype=False)


def test_reads_real_coco_as_pycocotools_does() -> None:
    path = require_shared("coco/instances.json")
    found, left_out = read_coco(path)
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(path))
    assert found["filename"].nunique() == len(coco.imgs) == 482
    assert has_box(found).sum() == len(coco.anns) == 4211
    assert left_out == {
        "segmentation of an annotation": 4211,
        **{
            f"{field} of an image": 482
            for field in ("license", "coco_url", "date_captured", "flickr_url")
        },
    }
    names = {id_: item["name"] for id_, item in coco.cats.items()}
    theirs = Counter(
        (
            coco.imgs[item["image_id"]]["file_name"],
            names[item["category_id"]],
            item["iscrowd"],
            round(item["area"]),
            round(sum(item["bbox"])),
        )
        for item in coco.anns.values()
    )
    ours = Counter(
        (
            found.filename,
            found.class_name,
            int(found.is_crowd),
            round(found.area),
            round(found.xmax + found.ymax),
        )
        for found in rows_of(found[has_box(found)])
    )
    # Clipping by less than half a pixel may move a rounded sum.
    assert (theirs - ours).total() <= 0.01 * len(coco.anns)
    assert len(classes_of(found)) == 4215
