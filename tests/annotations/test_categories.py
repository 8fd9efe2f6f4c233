"""Classes by name, id or supercategory."""

import json
from pathlib import Path

import pytest

from crossline.annotations.categories import (
    COCO_SUPERCATEGORIES,
    Category,
    find_classes,
    table_categories,
)
from crossline.annotations.coco import read_coco
from crossline.errors import InputError
from tests.annotations.rows import empty, require_shared, row, table

STREET = [
    Category("person", 1, "person"),
    Category("car", 3, "vehicle"),
    Category("bus", 6, "vehicle"),
    Category("vehicle", 90),
    Category("7", 91, "odd"),
    Category("seven", 7, "odd"),
]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param([], [c.name for c in STREET], id="all"),
        pytest.param(["bus", "person"], ["person", "bus"], id="their order"),
        pytest.param(["3", "bus"], ["car", "bus"], id="id and name"),
        pytest.param(["odd"], ["7", "seven"], id="supercategory"),
        pytest.param(["odd", "seven"], ["7", "seven"], id="twice named"),
        pytest.param(["vehicle"], ["vehicle"], id="name before supercategory"),
        pytest.param(["7"], ["7"], id="name before id"),
    ],
)
def test_finds(asked: list[str], expected: list[str]) -> None:
    assert find_classes(asked, STREET, "x") == expected


@pytest.mark.parametrize("word", ["cra", "99", ""])
def test_refuses_what_is_not_there(word: str) -> None:
    with pytest.raises(InputError, match=r"x: has no class .*; it has person"):
        find_classes(["car", word], STREET, "x")


def test_a_table_s_classes_have_coco_s_supercategories() -> None:
    rows = table(row(class_name="moped"), row(class_name="bus", class_id=6))
    assert table_categories(rows) == [
        Category("bus", 6, "vehicle"),
        Category("moped", 0),
    ]
    assert table_categories(table(empty())) == []


def test_a_source_s_own_supercategories_go_first(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    image = {"id": 1, "file_name": "a.jpg", "width": 9, "height": 9}
    box = {"image_id": 1, "bbox": [1, 1, 2, 2]}
    document = {
        "images": [image],
        "annotations": [
            {**box, "id": id_, "category_id": id_} for id_ in (1, 2, 3)
        ],
        "categories": [
            {"id": 1, "name": "car", "supercategory": "four wheels"},
            {"id": 2, "name": "bus", "supercategory": ""},
            {"id": 3, "name": "moped"},
        ],
    }
    path.write_text(json.dumps(document))
    own, _ = read_coco(path)
    found = {each.name: each.supercategory for each in table_categories(own)}
    assert found == {"bus": "vehicle", "car": "four wheels", "moped": ""}


def test_coco_s_supercategories_are_coco_s() -> None:
    path = require_shared("coco/instances.json")
    categories = json.loads(path.read_text())["categories"]
    assert {
        each["name"]: each["supercategory"] for each in categories
    } == COCO_SUPERCATEGORIES
