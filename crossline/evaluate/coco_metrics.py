"""COCO's metrics, overall and per class, by pycocotools."""

import contextlib
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crossline.evaluate.matching import AREA_RANGES, Matches

SUMMARY_NAMES = (
    "AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large",
    "AR1", "AR10", "AR100", "AR_small", "AR_medium", "AR_large",
)  # fmt: skip
"""COCO's twelve numbers, in pycocotools' order."""


@dataclass(frozen=True)
class ClassMetrics:
    """One class; None where there is no object to find.

    Attributes:
        AP: average precision, mean over IoU 0.50 to 0.95.
        AP50: at IoU 0.50.
        AP75: at IoU 0.75.
        AP_small: AP of objects below 32 x 32 pixels.
        AP_medium: up to 96 x 96.
        AP_large: above.
        AR100: recall with 100 detections an image, mean over IoU.
        objects: how many there are to find, crowds left out.
        objects_by_size: likewise, by `AREA_RANGES` but for "all".
    """

    AP: float | None
    AP50: float | None
    AP75: float | None
    AP_small: float | None
    AP_medium: float | None
    AP_large: float | None
    AR100: float | None
    objects: int
    objects_by_size: Mapping[str, int]


@dataclass(frozen=True)
class Metrics:
    """What COCO says of a model.

    Attributes:
        summary: by `SUMMARY_NAMES`, 0 to 1. None where no object of that
            size is there to find: COCO writes -1, which is no score.
        objects: how many there are to find, by `AREA_RANGES`.
        per_class: by class name, in the order of the category ids.
    """

    summary: Mapping[str, float | None]
    objects: Mapping[str, int]
    per_class: Mapping[str, ClassMetrics]


def metrics_of(matches: Matches) -> Metrics:
    """Accumulates and summarizes what `match` found."""
    evaluator = matches.evaluator
    with contextlib.redirect_stdout(io.StringIO()):
        evaluator.accumulate()
        evaluator.summarize()
    summary = {
        name: _score(value)
        for name, value in zip(SUMMARY_NAMES, evaluator.stats, strict=True)
    }
    return Metrics(
        summary,
        {
            area_range: sum(
                matches.object_count(name, area_range)
                for name in matches.class_names
            )
            for area_range in AREA_RANGES
        },
        {name: _class_metrics(matches, name) for name in matches.class_names},
    )


def _class_metrics(matches: Matches, name: str) -> ClassMetrics:
    k = matches.class_names.index(name)
    evaluator = matches.evaluator
    # Threshold, recall, class, area range, detections; 0 is "all", -1 is 100.
    precision = evaluator.eval["precision"][:, :, k, :, -1]
    recall = evaluator.eval["recall"][:, k, 0, -1]
    thresholds = evaluator.params.iouThrs
    sizes = AREA_RANGES[1:]
    return ClassMetrics(
        AP=_mean(precision[:, :, 0]),
        AP50=_mean(precision[np.isclose(thresholds, 0.50), :, 0]),
        AP75=_mean(precision[np.isclose(thresholds, 0.75), :, 0]),
        AP_small=_mean(precision[:, :, 1]),
        AP_medium=_mean(precision[:, :, 2]),
        AP_large=_mean(precision[:, :, 3]),
        AR100=_mean(recall),
        objects=matches.object_count(name),
        objects_by_size={
            size: matches.object_count(name, size) for size in sizes
        },
    )


def _mean(scores: npt.NDArray[np.float64]) -> float | None:
    there = scores[scores > -1]
    return float(there.mean()) if there.size else None


def _score(value: float) -> float | None:
    return None if value < 0 else float(value)
