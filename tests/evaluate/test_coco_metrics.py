import contextlib
import io
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from crossline.evaluate.coco_metrics import SUMMARY_NAMES, metrics_of
from crossline.evaluate.coco_results import CocoResult, write_results
from crossline.evaluate.ground_truth import GroundTruth, ground_truth_of
from crossline.evaluate.matching import match
from tests.evaluate.scenes import (
    SOURCE,
    empty,
    noisy_results,
    row,
    street,
    truth_of,
)


def pycocotools_alone(
    truth: GroundTruth,
    results: list[CocoResult],
    category_ids: list[int],
    folder: Path,
) -> list[float]:
    """Judges by pycocotools' own way, through files."""
    (folder / "truth.json").write_text(json.dumps(truth.coco.dataset))
    write_results(results, folder / "results.json")
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(folder / "truth.json"))
        found = coco.loadRes(str(folder / "results.json"))
        evaluator = COCOeval(coco, found, "bbox")
        evaluator.params.catIds = category_ids
        evaluator.evaluate()
        evaluator.accumulate()
        evaluator.summarize()
    return list(evaluator.stats)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("classes", [None, ["motorcycle", "person"]])
def test_the_numbers_of_pycocotools(
    seed: int, classes: list[str] | None, tmp_path: Path
) -> None:
    truth = ground_truth_of(street(seed=seed), SOURCE)
    results = noisy_results(truth, seed)
    summary = metrics_of(match(truth, results, classes)).summary
    ids = [truth.category_ids[name] for name in classes or truth.category_ids]
    expected = pycocotools_alone(truth, results, ids, tmp_path)
    assert tuple(summary) == SUMMARY_NAMES
    assert [-1 if x is None else x for x in summary.values()] == expected


def test_a_class_alone_is_its_row(tmp_path: Path) -> None:
    truth = ground_truth_of(street(), SOURCE)
    results = noisy_results(truth)
    together = metrics_of(match(truth, results)).per_class
    for name, id_ in truth.category_ids.items():
        alone = pycocotools_alone(truth, results, [id_], tmp_path)
        row = together[name]
        found = [row.AP, row.AP50, row.AP75, row.AR100]
        assert found == pytest.approx([*alone[:3], alone[8]], rel=1e-12)


def found_at(
    box: tuple[float, float, float, float],
    score: float = 0.9,
    image: str = "a.jpg",
    name: str = "car",
) -> CocoResult:
    return CocoResult(
        image_id={"a.jpg": 1, "b.jpg": 2}[image],
        category_id={"car": 1, "person": 2}[name],
        bbox=[box[0], box[1], box[2] - box[0], box[3] - box[1]],
        score=score,
        file_name=image,
        category_name=name,
    )


def test_all_found_exactly() -> None:
    truth = truth_of(row())
    metrics = metrics_of(match(truth, [found_at((10, 10, 60, 60))]))
    assert metrics.summary["AP"] == pytest.approx(1)
    # 50 x 50 pixels are medium: of other sizes there is no object.
    assert metrics.summary["AP_medium"] == pytest.approx(1)
    assert metrics.summary["AP_small"] is None
    assert metrics.summary["AR_large"] is None
    assert metrics.objects == {"all": 1, "small": 0, "medium": 1, "large": 0}


def test_nothing_found_is_zero_not_missing() -> None:
    metrics = metrics_of(match(truth_of(row(), empty()), []))
    assert metrics.summary["AP"] == 0
    assert metrics.per_class["car"].AR100 == 0


def test_half_overlap_counts_at_low_thresholds_only() -> None:
    truth = truth_of(row(box=(0, 0, 100, 100)))
    # IoU 0.6: right at 0.50, 0.55 and 0.60 of the ten thresholds.
    metrics = metrics_of(match(truth, [found_at((0, 0, 100, 60))]))
    assert metrics.summary["AP"] == pytest.approx(0.3)
    of_cars = asdict(metrics.per_class["car"])
    assert of_cars["AP50"] == pytest.approx(1)
    assert of_cars["AP75"] == 0


def test_a_false_one_on_an_empty_image_costs() -> None:
    truth = truth_of(row(), empty("b.jpg"))
    right = found_at((10, 10, 60, 60), 0.5)
    wrong = found_at((10, 10, 60, 60), 0.8, "b.jpg")
    metrics = metrics_of(match(truth, [right, wrong]))
    assert metrics.summary["AP"] == pytest.approx(0.5)


def test_a_crowd_is_neither_object_nor_mistake() -> None:
    truth = truth_of(
        row(box=(10, 10, 60, 60)),
        row(box=(200, 200, 400, 400), is_crowd=True),
        row(class_name="person", is_crowd=True),
    )
    inside = [found_at((210 + x, 210, 260 + x, 260), 0.99) for x in (0, 99)]
    metrics = metrics_of(match(truth, [found_at((10, 10, 60, 60)), *inside]))
    car = metrics.per_class["car"]
    assert [car.AP, car.objects] == pytest.approx([1, 1])
    assert metrics.per_class["person"].AP is None
    assert metrics.summary["AP"] == pytest.approx(1)


def test_mask_decides_the_size() -> None:
    truth = truth_of(row(box=(0, 0, 100, 100), area=1000))
    assert metrics_of(match(truth, [])).objects["small"] == 1


def test_classes_that_are_not_judged_do_not_count() -> None:
    truth = truth_of(row(), row(class_name="person"))
    results = [
        found_at((10, 10, 60, 60)),
        found_at((0, 0, 9, 9), 1, "a.jpg", "person"),
    ]
    metrics = metrics_of(match(truth, results, ["car"]))
    assert list(metrics.per_class) == ["car"]
    assert metrics.summary["AP"] == pytest.approx(1)


def test_matches_tell_which_met_which() -> None:
    truth = truth_of(row(), row("b.jpg", box=(0, 0, 20, 20)))
    results = [
        found_at((300, 300, 350, 350), 0.4),
        found_at((10, 10, 60, 60), 0.6),
        found_at((0, 0, 20, 20), 0.9, "b.jpg"),
    ]
    cars = match(truth, results).of_class("car")
    np.testing.assert_array_equal(cars.scores, [0.9, 0.6, 0.4])
    np.testing.assert_array_equal(cars.image_indices, [1, 0, 0])
    np.testing.assert_array_equal(cars.detection_ids, [3, 2, 1])
    np.testing.assert_array_equal(cars.object_ids[0], [2, 1, 0])
    np.testing.assert_array_equal(cars.object_counts, [1, 1])
    assert cars.is_right.sum() == 2 * 10
