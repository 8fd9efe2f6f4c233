import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crossline.errors import InputError
from crossline.evaluate.coco_results import (
    detect_all,
    read_results,
    require_known_classes,
    write_results,
)
from crossline.evaluate.ground_truth import GroundTruth
from crossline.geometry import Detections
from tests.evaluate.scenes import FakeDetector, row, truth_of

IMAGE = np.zeros((480, 640, 3), np.uint8)


@pytest.fixture
def truth() -> GroundTruth:
    return truth_of(
        row("a.jpg", "car", class_id=3, image_id="7"),
        row("b.jpg", "person", class_id=1, image_id="5"),
    )


def test_classes_are_told_by_name(truth: GroundTruth) -> None:
    detector = FakeDetector(
        [
            Detections.of([[1, 2, 31, 62.5]], [0.5], [1]),
            Detections.of([[0, 0, 9, 9], [0, 0, 8, 8]], [0.25, 1e-6], [2, 9]),
        ],
        {1: "person", 2: "car", 9: "zebra"},
    )
    results = detect_all(detector, [("a.jpg", IMAGE), ("b.jpg", IMAGE)], truth)
    assert results == [
        {
            "image_id": 7,
            "category_id": 1,
            "bbox": [1, 2, 30, 60.5],
            "score": 0.5,
            "file_name": "a.jpg",
            "category_name": "person",
        },
        {
            "image_id": 5,
            "category_id": 3,
            "bbox": [0, 0, 9, 9],
            "score": 0.25,
            "file_name": "b.jpg",
            "category_name": "car",
        },
    ]


def test_outputs_without_a_class_are_left_out(truth: GroundTruth) -> None:
    gap = Detections.of([[0, 0, 9, 9]], [0.9], [12])
    detector = FakeDetector([gap], {1: "person", 3: "car"})
    assert detect_all(detector, [("a.jpg", IMAGE)], truth) == []


def test_written_and_read_back(truth: GroundTruth, tmp_path: Path) -> None:
    boxes = np.random.default_rng(0).uniform(0, 400, (50, 4))
    scores = np.random.default_rng(1).uniform(0, 1e-3, 50)
    detector = FakeDetector(
        [Detections.of(boxes, scores, [1] * 50)], {1: "car"}
    )
    results = detect_all(detector, [("a.jpg", IMAGE)], truth)
    write_results(results, tmp_path / "found.json")
    assert read_results(tmp_path / "found.json", truth) == results


def result(**others: Any) -> dict[str, Any]:
    plain = {
        "image_id": 7,
        "category_id": 3,
        "bbox": [1, 2, 3, 4],
        "score": 0.5,
    }
    return {**plain, **others}


def read(
    values: object, truth: GroundTruth, folder: Path
) -> list[tuple[str, str]]:
    """Returns the images and classes of what was read."""
    path = folder / "found.json"
    path.write_text(json.dumps(values))
    return [
        (found["file_name"], found["category_name"])
        for found in read_results(path, truth)
    ]


def test_other_tools_results_go_by_id(
    truth: GroundTruth, tmp_path: Path
) -> None:
    plain = [result(), result(category_id=90)]
    assert read(plain, truth, tmp_path) == [("a.jpg", "car")]


def test_names_go_before_ids(truth: GroundTruth, tmp_path: Path) -> None:
    named = [result(file_name="b.jpg", category_name="person")]
    assert read(named, truth, tmp_path) == [("b.jpg", "person")]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"annotations": []}, "found.json: is not in COCO's results format"),
        ([result(), 5], "found.json result 2: is not in COCO's results"),
        ([result(bbox=[1, 2, 3])], "found.json result 1: is not in COCO's"),
        ([result(score=float("nan"))], "found.json result 1: is not in"),
        ([result(image_id=8)], "result 1: image 8 is not in val.csv"),
    ],
)
def test_bad_results(
    values: object, message: str, truth: GroundTruth, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as error:
        read(values, truth, tmp_path)
    assert message in str(error.value)


def test_a_class_that_the_model_does_not_know() -> None:
    with pytest.raises(InputError) as error:
        require_known_classes(["car"], ["bus", "car", "truck"], "m.tflite")
    assert str(error.value) == (
        "m.tflite: does not know the class bus, truck; "
        "judge it by others; it knows car"
    )
