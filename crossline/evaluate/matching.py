"""Which detection meets which object: the ground of every metric.

pycocotools' `COCOeval` does the matching, greedily by score, per class,
image, area range and IoU threshold. `Matches` keeps what it found, so that
metrics, curves and resamplings read it instead of matching again.
"""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from pycocotools.cocoeval import COCOeval

from crossline.evaluate.coco_results import CocoResult
from crossline.evaluate.ground_truth import (
    GroundTruth,
    indexed,
    judged_classes,
)
from crossline.geometry import IntArray

ScoreArray = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_Cell = dict[str, Any] | None
"""What COCOeval says of a class on one image; None where it has neither."""

AREA_RANGES = ("all", "small", "medium", "large")
"""COCO's: any, below 32 x 32, up to 96 x 96, above, in square pixels."""


@dataclass(frozen=True)
class ClassMatches:
    """One class in one area range: its d detections, best score first.

    Of equal scores the one on the image with the lower id stands first, as
    in COCOeval. There are t IoU thresholds (0.50, 0.55 ... 0.95) and n
    images.

    Attributes:
        scores: ``(d,)`` float64.
        image_indices: ``(d,)`` int64, into `Matches.image_ids`.
        detection_ids: ``(d,)`` int64, from 1, the place in the results.
        object_ids: ``(t, d)`` int64, annotation ids; 0 is no match.
        is_ignored: ``(t, d)`` bool; neither right nor wrong: matched with a
            crowd or an object outside the range, or outside it itself.
        object_counts: ``(n,)`` int64, objects to be found on each image.
    """

    scores: ScoreArray
    image_indices: IntArray
    detection_ids: IntArray
    object_ids: IntArray
    is_ignored: Mask
    object_counts: IntArray

    def __len__(self) -> int:
        return len(self.scores)

    @cached_property
    def is_right(self) -> Mask:
        """``(t, d)``: whether each is a true positive."""
        return (self.object_ids > 0) & ~self.is_ignored

    @cached_property
    def right_places(self) -> npt.NDArray[np.intp]:
        """Ascending: those that are right at any threshold."""
        return np.flatnonzero(self.is_right.any(axis=0))

    @cached_property
    def ignored_places(self) -> npt.NDArray[np.intp]:
        """Ascending: those that are ignored at any threshold."""
        return np.flatnonzero(self.is_ignored.any(axis=0))


@dataclass(frozen=True)
class Matches:
    """All classes that are judged.

    Attributes:
        class_names: in the order of their category ids.
        image_ids: in the order of `ClassMatches.image_indices`.
        evaluator: pycocotools' own, after its `evaluate()`.
    """

    class_names: tuple[str, ...]
    image_ids: tuple[int, ...]
    evaluator: COCOeval

    def of_class(self, name: str, area_range: str = "all") -> ClassMatches:
        """Returns the matches of one class in one of `AREA_RANGES`."""
        thresholds = len(self.evaluator.params.iouThrs)
        return _joined(self._cells(name, area_range), thresholds)

    def object_count(self, name: str, area_range: str = "all") -> int:
        """Returns how many objects there are to find, crowds left out."""
        return int(_object_counts(self._cells(name, area_range)).sum())

    def _cells(self, name: str, area_range: str) -> list[_Cell]:
        # evalImgs runs over categories, area ranges, images.
        block = self.class_names.index(name) * len(AREA_RANGES)
        block += AREA_RANGES.index(area_range)
        count = len(self.image_ids)
        cells: list[_Cell] = self.evaluator.evalImgs
        return cells[block * count : (block + 1) * count]


def match(
    truth: GroundTruth,
    results: Sequence[CocoResult],
    classes: Sequence[str] | None = None,
) -> Matches:
    """Matches detections with objects as COCO does.

    Args:
        truth: the objects.
        results: the detections; classes that are not judged are left out.
        classes: the ones to judge; all of `truth` without it.

    Raises:
        InputError: a class that is wanted has no object in `truth`.
    """
    names = judged_classes(truth, classes)
    found = indexed(
        {
            **truth.coco.dataset,
            "annotations": [
                {
                    **result,
                    "id": id_,
                    "area": result["bbox"][2] * result["bbox"][3],
                    "iscrowd": 0,
                }
                for id_, result in enumerate(results, 1)
            ],
        }
    )
    evaluator = COCOeval(truth.coco, found, "bbox")
    evaluator.params.catIds = [truth.category_ids[name] for name in names]
    with contextlib.redirect_stdout(io.StringIO()):
        evaluator.evaluate()
    image_ids = tuple(map(int, evaluator.params.imgIds))
    return Matches(tuple(names), image_ids, evaluator)


def _object_counts(cells: Sequence[_Cell]) -> IntArray:
    return np.array(
        [np.sum(cell["gtIgnore"] == 0) if cell else 0 for cell in cells],
        np.int64,
    )


def _joined(cells: Sequence[_Cell], thresholds: int) -> ClassMatches:
    """Joins what COCOeval says of each image; None is an empty one."""
    filled = [(i, cell) for i, cell in enumerate(cells) if cell]

    def column(key: str, dtype: type) -> npt.NDArray[Any]:
        parts: list[Any] = [np.asarray(cell[key], dtype) for _, cell in filled]
        return np.concatenate([np.zeros(0, dtype), *parts])

    def rows(key: str, dtype: type) -> npt.NDArray[Any]:
        parts: list[Any] = [np.asarray(cell[key], dtype) for _, cell in filled]
        return np.hstack([np.zeros((thresholds, 0), dtype), *parts])

    scores = column("dtScores", np.float64)
    order = np.argsort(-scores, kind="mergesort")
    lengths = [len(cell["dtScores"]) for _, cell in filled]
    images = np.repeat([i for i, _ in filled], lengths).astype(np.int64)
    return ClassMatches(
        scores=scores[order],
        image_indices=images[order],
        detection_ids=column("dtIds", np.int64)[order],
        object_ids=rows("dtMatches", np.int64)[:, order],
        is_ignored=rows("dtIgnore", np.bool_)[:, order],
        object_counts=_object_counts(cells),
    )
