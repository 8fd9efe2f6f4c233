"""COCO files that are malformed, contradictory, or something else."""

import json
from typing import Any

import pytest

from tests.bad_input.conftest import Given, Lay, Refuses

IMAGE = {"id": 9, "file_name": "a.jpg", "width": 100, "height": 80}
BOX = {"id": 7, "image_id": 9, "category_id": 3, "bbox": [1, 2, 30, 40]}
CATEGORY = {"id": 3, "name": "car"}


def coco(
    images: Any = (IMAGE,),
    annotations: Any = (BOX,),
    categories: Any = (CATEGORY,),
) -> Given:
    document = {
        "images": images,
        "annotations": annotations,
        "categories": categories,
    }
    return {"all.json": json.dumps(document)}


@pytest.mark.parametrize(
    ("given", "line"),
    [
        pytest.param({}, "all.json: no such file", id="missing"),
        pytest.param({"all.json": ""}, "all.json: is empty", id="empty"),
        pytest.param(
            {"all.json/": ""}, "all.json: is not a file", id="folder"
        ),
        pytest.param(
            {"all.json": '{"images": [\n {"id": 1,'},
            "all.json line 2 column 11: is not JSON (Expecting property "
            "name enclosed in double quotes)",
            id="malformed",
        ),
        pytest.param(
            {"all.json": '{"images": "é"'.encode("latin-1")},
            "all.json: is not UTF-8 (invalid continuation byte)",
            id="not UTF-8",
        ),
        pytest.param(
            {"all.json": "[" * 99_999},
            "all.json: is not JSON (...)",
            id="endless",
        ),
        pytest.param(
            {"all.json": '{"images": [], "images": [], "annotations": []}'},
            "all.json: is not JSON (an object has two values of 'images')",
            id="a key twice",
        ),
        pytest.param(
            {"all.json": "[]"},
            "all.json: has no list 'images'; expected COCO's instances format",
            id="results, not instances",
        ),
        pytest.param(
            coco(annotations=[{**BOX, "image_id": 8}]),
            "all.json annotation 7: image_id 8 is not in the file",
            id="unknown image",
        ),
        pytest.param(
            coco(annotations=[{**BOX, "category_id": 4}]),
            "all.json annotation 7: category_id 4 is not in the file",
            id="unknown category",
        ),
        pytest.param(
            coco(annotations=[{**BOX, "bbox": [1, 2, 30]}]),
            "all.json annotations item 1, id 7: is not as COCO writes it "
            "(not enough values to unpack (expected 4, got 3))",
            id="three numbers",
        ),
        pytest.param(
            coco(annotations=[{**BOX, "bbox": [1, 2, None, 4]}]),
            "all.json annotations item 1, id 7: is not as COCO writes it "
            "(...)",
            id="null for a number",
        ),
        pytest.param(
            coco(images=[IMAGE, {**IMAGE, "file_name": "b.jpg"}]),
            "all.json: image_id 9 occurs twice",
            id="image id twice",
        ),
        pytest.param(
            coco(images=[IMAGE, {**IMAGE, "id": 1}]),
            "all.json: filename a.jpg occurs twice",
            id="two images of one name",
        ),
        pytest.param(
            coco(categories=[CATEGORY, {"id": 3, "name": "bus"}]),
            "all.json: class_id 3 occurs twice",
            id="category id twice",
        ),
        pytest.param(
            coco(images=[{**IMAGE, "width": 0}]),
            "all.json image a.jpg: image size below 1 pixel: ...",
            id="no width",
        ),
        pytest.param(
            coco(annotations=[]),
            "all.json: no box is left; ...",
            id="no box",
        ),
        pytest.param(
            coco(annotations=[{**BOX, "bbox": [1, 2, 3000, 4]}]),
            "all.json: no box is left; ...",
            id="bad boxes alone",
        ),
    ],
)
def test_coco(given: Given, line: str, lay: Lay, refuses: Refuses) -> None:
    lay(given)
    refuses("coco_to_csv all.json --output all.csv", line)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        pytest.param(
            "--classes cars",
            "all.json: has no class 'cars', did you mean 'car'?; it has car",
            id="unknown class",
        ),
        pytest.param(
            "--rename cars=bus",
            "all.json: has no class 'cars', did you mean 'car'?; it has car",
            id="unknown class to rename",
        ),
    ],
)
def test_classes(options: str, line: str, lay: Lay, refuses: Refuses) -> None:
    lay(coco())
    refuses(f"coco_to_csv all.json {options}", line)
