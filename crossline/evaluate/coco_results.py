"""Detections in COCO's results format: made, written, read.

A list of ``{image_id, category_id, bbox: [x, y, width, height], score}``,
which pycocotools' `loadRes` reads, with two more keys that it passes over:
``file_name`` and ``category_name``. Where they are there they decide: ids
that a data set does not bring along change when it grows.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from crossline.annotations.json_file import read_json
from crossline.detect.detector import Detector
from crossline.errors import InputError
from crossline.evaluate.ground_truth import GroundTruth
from crossline.files import write_text
from crossline.geometry import Detections, Image
from crossline.progress import progress


class CocoResult(TypedDict):
    """One detection; see the module."""

    image_id: int
    category_id: int
    bbox: list[float]
    score: float
    file_name: str
    category_name: str


def require_known_classes(
    known: Iterable[str], classes: Iterable[str], source: str | Path
) -> None:
    """Makes sure that a model can find what it is to be judged by.

    Args:
        known: the model's class names.
        classes: that it is judged by.
        source: the model, named in the error.

    Raises:
        InputError: it does not know one of `classes`.
    """
    names = list(known)
    missing = [name for name in classes if name not in names]
    if missing:
        raise InputError(
            source,
            f"does not know the class {', '.join(missing)}",
            remedy=f"judge it by others; it knows {', '.join(names)}",
        )


def detect_all(
    detector: Detector,
    images: Iterable[tuple[str, Image]],
    truth: GroundTruth,
) -> list[CocoResult]:
    """Runs a detector over the images of a ground truth.

    No score is too low: average precision needs the weak ones too.

    Args:
        detector: its classes are told by name; those that `truth` does not
            have are left out.
        images: filename and RGB image, each of `truth` once.
        truth: gives the ids.
    """
    results: list[CocoResult] = []
    steps = progress(images, "detect", len(truth.image_ids), "image")
    for filename, image in steps:
        results += results_of(
            detector.detect(image), filename, detector.class_names, truth
        )
    return results


def results_of(
    detections: Detections,
    filename: str,
    class_names: Mapping[int, str],
    truth: GroundTruth,
) -> list[CocoResult]:
    """Converts one image's detections, those of the classes of `truth`.

    Edges are rounded to a thousandth of a pixel (COCO itself advises a
    tenth), scores are not: rounding would make ties.
    """
    edges = detections.boxes.astype(np.float64)
    boxes = np.hstack([edges[:, :2], edges[:, 2:] - edges[:, :2]]).round(3)
    # COCO's models also have outputs for the ten ids that no class has.
    names = [class_names.get(id_, "") for id_ in detections.class_ids.tolist()]
    return [
        CocoResult(
            image_id=truth.image_ids[filename],
            category_id=truth.category_ids[name],
            bbox=box,
            score=score,
            file_name=filename,
            category_name=name,
        )
        for name, box, score in zip(
            names, boxes.tolist(), detections.scores.tolist(), strict=True
        )
        if name in truth.category_ids
    ]


def write_results(results: Sequence[CocoResult], path: Path) -> None:
    """Writes the results, whole or not at all."""
    write_text(path, json.dumps(results, ensure_ascii=False) + "\n")


def read_results(path: Path, truth: GroundTruth) -> list[CocoResult]:
    """Reads results and gives them the ids of `truth`.

    Detections of classes that `truth` does not have are left out.

    Raises:
        InputError: the file is not in COCO's results format, or speaks of
            an image that `truth` does not have.
    """
    raw = read_json(path)
    if not isinstance(raw, list):
        raise InputError(
            path,
            "is not in COCO's results format, which is a list",
            remedy="name the detections file that evaluate.py wrote",
        )
    names = {id_: name for name, id_ in truth.category_ids.items()}
    files = {id_: name for name, id_ in truth.image_ids.items()}
    results = []
    for number, values in enumerate(raw, 1):
        result = _result(values, files, names, path, f"result {number}")
        if result["file_name"] not in truth.image_ids:
            raise InputError(
                path,
                f"image {result['file_name']} is not in {truth.source}",
                place=f"result {number}",
                remedy="detections are judged on the images that they are of",
            )
        if result["category_name"] in truth.category_ids:
            result["image_id"] = truth.image_ids[result["file_name"]]
            result["category_id"] = truth.category_ids[result["category_name"]]
            results.append(result)
    return results


def _result(
    values: Any,
    files: Mapping[int, str],
    names: Mapping[int, str],
    path: Path,
    place: str,
) -> CocoResult:
    """Checks one result; fills the names that other tools do not write."""
    try:
        image_id, category_id = values["image_id"], values["category_id"]
        numbers = [
            float(value) for value in (*values["bbox"], values["score"])
        ]
        if len(numbers) != 5 or not all(map(math.isfinite, numbers)):
            raise ValueError(f"bbox and score are {numbers}")
        return CocoResult(
            image_id=image_id,
            category_id=category_id,
            bbox=numbers[:4],
            score=numbers[4],
            file_name=values.get("file_name", files.get(image_id, image_id)),
            category_name=values.get("category_name", names.get(category_id)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            path,
            f"is not in COCO's results format ({error!r})",
            place=place,
            remedy="expected image_id, category_id, bbox and score",
        ) from error
