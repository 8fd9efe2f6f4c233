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
        AR100: recall with 100 detections an image, mean over IoU.
        objects: how many there are to find, crowds left out.
    """

    AP: float | None
    AP50: float | None
    AP75: float | None
    AR100: float | None
    objects: int


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
    # Threshold, recall, class, area range, detections; 0 is "all", -1 is 100.
    precision = evaluator.eval["precision"][:, :, :, 0, -1]
    recall = evaluator.eval["recall"][:, :, 0, -1]
    thresholds = evaluator.params.iouThrs
    return Metrics(
        summary,
        {
            area_range: sum(
                matches.object_count(name, area_range)
                for name in matches.class_names
            )
            for area_range in AREA_RANGES
        },
        {
            name: ClassMetrics(
                AP=_mean(precision[:, :, k]),
                AP50=_mean(precision[np.isclose(thresholds, 0.50), :, k]),
                AP75=_mean(precision[np.isclose(thresholds, 0.75), :, k]),
                AR100=_mean(recall[:, k]),
                objects=matches.object_count(name),
            )
            for k, name in enumerate(matches.class_names)
        },
    )


def _mean(scores: npt.NDArray[np.float64]) -> float | None:
    there = scores[scores > -1]
    return float(there.mean()) if there.size else None


def _score(value: float) -> float | None:
    return None if value < 0 else float(value)
