"""Image by image: what was found, what was missed, what was made up."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crossline.evaluate.coco_results import CocoResult
from crossline.evaluate.ground_truth import GroundTruth
from crossline.evaluate.matching import match


class LabelledBox(NamedTuple):
    """A box with its class.

    Attributes:
        class_name: of the object.
        edges: xmin, ymin, xmax, ymax, pixels.
        score: of a detection; 1 for an annotated object.
    """

    class_name: str
    edges: tuple[float, float, float, float]
    score: float = 1.0


@dataclass(frozen=True)
class JudgedImage:
    """The objects of one image, and what a model said of them.

    Attributes:
        filename: of the image.
        found: detections that meet an object of their class.
        missed: annotated objects that none meets.
        false: detections that meet none.
    """

    filename: str
    found: list[LabelledBox] = field(default_factory=list)
    missed: list[LabelledBox] = field(default_factory=list)
    false: list[LabelledBox] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """Objects missed and detections made up."""
        return len(self.missed) + len(self.false)


def judge_images(
    truth: GroundTruth, results: Sequence[CocoResult], min_score: float
) -> list[JudgedImage]:
    """Judges every image of a ground truth, at IoU 0.50.

    Args:
        truth: the objects. Crowds are neither missed nor met.
        results: the detections.
        min_score: weaker detections are as good as none.

    Returns:
        All images in the order of their ids.
    """
    matches = match(truth, results)
    filenames = {id_: name for name, id_ in truth.image_ids.items()}
    judged = [JudgedImage(filenames[id_]) for id_ in matches.image_ids]
    met = set()
    for class_name in matches.class_names:
        of_class = matches.of_class(class_name)
        lowest_iou = 0
        for place in (of_class.scores >= min_score).nonzero()[0]:
            if of_class.is_ignored[lowest_iou, place]:
                continue
            image = judged[of_class.image_indices[place]]
            result = results[of_class.detection_ids[place] - 1]
            object_id = int(of_class.object_ids[lowest_iou, place])
            met.add(object_id)
            boxes = image.found if object_id else image.false
            boxes.append(
                LabelledBox(
                    class_name, _edges(result["bbox"]), result["score"]
                )
            )
    missed = _objects(truth, met)
    for image in judged:
        image.missed.extend(missed[truth.image_ids[image.filename]])
    return judged


def _objects(
    truth: GroundTruth, met: set[int]
) -> dict[int, list[LabelledBox]]:
    """Returns the objects by image id, without crowds and those of `met`."""
    names = {id_: name for name, id_ in truth.category_ids.items()}
    objects = defaultdict(list)
    for annotation in truth.coco.dataset["annotations"]:
        if annotation["id"] in met or annotation["iscrowd"]:
            continue
        objects[annotation["image_id"]].append(
            LabelledBox(
                names[annotation["category_id"]], _edges(annotation["bbox"])
            )
        )
    return objects


def _edges(bbox: Sequence[float]) -> tuple[float, float, float, float]:
    x, y, width, height = bbox
    return x, y, x + width, y + height
