"""What became of every detection and every object, at IoU 0.50.

`Matches` looks at one class at a time, as COCO does. Whatever asks across
classes (confusions, kinds of errors) reads these flat arrays instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from crossline.evaluate.coco_results import CocoResult
from crossline.evaluate.ground_truth import GroundTruth
from crossline.evaluate.matching import Mask, Matches, ScoreArray
from crossline.geometry import IntArray

NO_OBJECT = -1


@dataclass(frozen=True)
class Objects:
    """The o objects to be found, crowds left out.

    Attributes:
        class_indices: ``(o,)`` int64, into `Outcomes.class_names`.
        image_indices: ``(o,)`` int64, into `Outcomes.filenames`.
        boxes: ``(o, 4)`` float64, edges in pixels.
        areas: ``(o,)`` float64, square pixels, of the masks where known.
    """

    class_indices: IntArray
    image_indices: IntArray
    boxes: ScoreArray
    areas: ScoreArray

    def __len__(self) -> int:
        return len(self.class_indices)


@dataclass(frozen=True)
class Outcomes:
    """Objects, and d detections in COCO's order: by class, best score first.

    Detections that meet a crowd are neither right nor wrong, and left out.

    Attributes:
        class_names: that are judged, in the order of their category ids.
        filenames: of the images, in the order of their ids.
        objects: to be found.
        class_indices: ``(d,)`` int64, into `class_names`.
        image_indices: ``(d,)`` int64, into `filenames`.
        scores: ``(d,)`` float64.
        boxes: ``(d, 4)`` float64, edges in pixels.
        met: ``(d,)`` int64, the object of its class that each has found;
            `NO_OBJECT` for false ones.
    """

    class_names: tuple[str, ...]
    filenames: tuple[str, ...]
    objects: Objects
    class_indices: IntArray
    image_indices: IntArray
    scores: ScoreArray
    boxes: ScoreArray
    met: IntArray

    def __len__(self) -> int:
        return len(self.scores)

    @cached_property
    def is_right(self) -> Mask:
        """``(d,)``: whether each is a true positive."""
        is_right: Mask = self.met != NO_OBJECT
        return is_right

    @cached_property
    def is_found(self) -> Mask:
        """``(o,)``: whether each object is met by a detection."""
        found = np.zeros(len(self.objects), np.bool_)
        found[self.met[self.is_right]] = True
        return found

    def above(self, min_score: float) -> "Outcomes":
        """Returns the same without weaker detections.

        COCO lets the better score choose first, so that the stronger ones
        meet what they met before.
        """
        kept = self.scores >= min_score
        return replace(
            self,
            class_indices=self.class_indices[kept],
            image_indices=self.image_indices[kept],
            scores=self.scores[kept],
            boxes=self.boxes[kept],
            met=self.met[kept],
        )


def outcomes_of(
    truth: GroundTruth, results: Sequence[CocoResult], matches: Matches
) -> Outcomes:
    """Flattens what `match` found of `results` in `truth`."""
    ids, objects = _objects(truth, matches)
    filenames = {id_: name for name, id_ in truth.image_ids.items()}
    found = [matches.of_class(name) for name in matches.class_names]
    class_indices = np.repeat(
        np.arange(len(found), dtype=np.int64), [len(each) for each in found]
    )
    object_ids = np.concatenate([each.object_ids[0] for each in found])
    counts = np.concatenate([~each.is_ignored[0] for each in found])
    places = np.searchsorted(ids, object_ids)
    met = np.where(object_ids > 0, places, NO_OBJECT)
    rows = np.concatenate([each.detection_ids for each in found]) - 1
    boxes = _edges([result["bbox"] for result in results])
    images = np.concatenate([each.image_indices for each in found])
    scores = np.concatenate([each.scores for each in found])
    return Outcomes(
        matches.class_names,
        tuple(filenames[id_] for id_ in matches.image_ids),
        objects,
        class_indices[counts],
        images[counts],
        scores[counts],
        boxes[rows[counts]],
        met[counts].astype(np.int64),
    )


def _objects(truth: GroundTruth, matches: Matches) -> tuple[IntArray, Objects]:
    """Returns the objects to be found and their ascending ids."""
    classes = {
        truth.category_ids[name]: index
        for index, name in enumerate(matches.class_names)
    }
    images = {id_: index for index, id_ in enumerate(matches.image_ids)}
    kept: list[dict[str, Any]] = [
        each
        for each in truth.coco.dataset["annotations"]
        if each["category_id"] in classes and not each["iscrowd"]
    ]
    kept.sort(key=lambda each: int(each["id"]))
    return _whole([each["id"] for each in kept]), Objects(
        _whole([classes[each["category_id"]] for each in kept]),
        _whole([images[each["image_id"]] for each in kept]),
        _edges([each["bbox"] for each in kept]),
        np.array([each["area"] for each in kept], np.float64),
    )


def _whole(values: Sequence[int]) -> IntArray:
    return np.array(values, np.int64)


def _edges(boxes: Sequence[Sequence[float]]) -> npt.NDArray[np.float64]:
    """Converts COCO's ``x, y, width, height``."""
    edges = np.array(boxes, np.float64).reshape(-1, 4)
    edges[:, 2:] += edges[:, :2]
    return edges
