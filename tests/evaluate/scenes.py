"""Seeded street scenes as tables, and detectors that look at them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from crossline.annotations.table import Annotation, table_of
from crossline.evaluate.coco_results import CocoResult, results_of
from crossline.evaluate.ground_truth import GroundTruth, ground_truth_of
from crossline.evaluate.matching import match
from crossline.evaluate.outcomes import Outcomes, outcomes_of
from crossline.geometry import Detections, Image

CLASSES = {1: "person", 3: "car", 4: "motorcycle"}
SOURCE = Path("val.csv")


def row(
    filename: str = "a.jpg",
    class_name: str = "car",
    box: tuple[float, float, float, float] = (10, 10, 60, 60),
    **others: object,
) -> Annotation:
    """One object on a 640 x 480 image."""
    values = {"xmin": box[0], "ymin": box[1], "xmax": box[2], "ymax": box[3]}
    return Annotation(filename, 640, 480, class_name, **{**values, **others})  # type: ignore[arg-type]


def empty(filename: str = "z.jpg", image_id: str = "") -> Annotation:
    """An image without objects."""
    return Annotation(filename, 640, 480, image_id=image_id)


def truth_of(*rows: Annotation) -> GroundTruth:
    return ground_truth_of(table_of(rows), SOURCE)


def street(images: int = 20, seed: int = 0) -> pd.DataFrame:
    """Random objects of all sizes, some of them crowds or masks."""
    generator = np.random.default_rng(seed)
    rows = [empty("empty.jpg", str(1000))]
    for image in range(images):
        for _ in range(generator.integers(1, 6)):
            class_id = int(generator.choice(list(CLASSES)))
            side = generator.uniform(12, 200, 2)
            x, y = generator.uniform(0, (640 - side[0], 480 - side[1]))
            rows.append(
                row(
                    f"{image}.jpg",
                    CLASSES[class_id],
                    (x, y, x + side[0], y + side[1]),
                    class_id=class_id,
                    image_id=str(500 - 7 * image),
                    is_crowd=bool(generator.random() < 0.1),
                    area=float(generator.choice([np.nan, 0.6 * side.prod()])),
                )
            )
    return table_of(rows)


def noisy_results(
    truth: GroundTruth, seed: int = 0, noise: float = 0.05, decimals: int = 2
) -> list[CocoResult]:
    """Finds most objects, shakes their boxes, and sees things.

    Scores of two decimals make ties, within and across images.
    """
    generator = np.random.default_rng(seed)
    names = {id_: name for name, id_ in truth.category_ids.items()}
    results = []
    for filename, image_id in truth.image_ids.items():
        objects = truth.coco.imgToAnns[image_id]
        seen = [each for each in objects if generator.random() < 0.9]
        sides = [each["bbox"] for each in seen]
        ids = [each["category_id"] for each in seen]
        for _ in range(generator.integers(0, 130)):
            sides.append([*generator.uniform(0, 300, 2), *[50.0, 70.0]])
            ids.append(int(generator.choice(list(names))))
        boxes = np.array(sides).reshape(-1, 4)
        boxes += noise * generator.normal(size=boxes.shape) * boxes[:, [2]]
        boxes[:, 2:] = boxes[:, :2] + np.abs(boxes[:, 2:])
        scores = generator.uniform(0, 0.7, len(ids))
        scores[: len(seen)] += 0.3
        scores = scores.round(decimals)
        results += results_of(
            Detections.of(boxes, scores, ids), filename, names, truth
        )
    return results


def perfect_results(truth: GroundTruth) -> list[CocoResult]:
    """Finds every object exactly, crowds too."""
    files = {id_: name for name, id_ in truth.image_ids.items()}
    names = {id_: name for name, id_ in truth.category_ids.items()}
    return [
        CocoResult(
            image_id=each["image_id"],
            category_id=each["category_id"],
            bbox=each["bbox"],
            score=0.9,
            file_name=files[each["image_id"]],
            category_name=names[each["category_id"]],
        )
        for each in truth.coco.anns.values()
    ]


class FakeDetector:
    """Returns what it was given for the k-th image."""

    def __init__(
        self, found: list[Detections], class_names: Mapping[int, str]
    ) -> None:
        self.class_names = class_names
        self._found = iter(found)

    def detect(self, image: Image) -> Detections:
        return next(self._found)


def seen(
    truth: GroundTruth,
    box: tuple[float, ...] = (10, 10, 60, 60),
    class_name: str = "car",
    score: float = 0.9,
    filename: str = "a.jpg",
) -> CocoResult:
    """One detection of one of the classes of `truth`."""
    (result,) = results_of(
        Detections.of([box], [score], [truth.category_ids[class_name]]),
        filename,
        {id_: name for name, id_ in truth.category_ids.items()},
        truth,
    )
    return result


def outcomes(truth: GroundTruth, results: Sequence[CocoResult]) -> Outcomes:
    """What became of them, as the report gets it."""
    return outcomes_of(truth, results, match(truth, results))
