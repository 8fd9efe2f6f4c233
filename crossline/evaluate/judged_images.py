"""Image by image: what was found, what was missed, what was made up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from crossline.evaluate.coco_results import CocoResult
from crossline.evaluate.error_kinds import ErrorKind, mistakes_of
from crossline.evaluate.ground_truth import GroundTruth
from crossline.evaluate.matching import ScoreArray, match
from crossline.evaluate.outcomes import Outcomes, outcomes_of


class LabelledBox(NamedTuple):
    """A box with its class.

    Attributes:
        class_name: of the object.
        edges: xmin, ymin, xmax, ymax, pixels.
        score: of a detection; 1 for an annotated object.
        mistake: of a false detection, its kind in words.
    """

    class_name: str
    edges: tuple[float, float, float, float]
    score: float = 1.0
    mistake: str = ""


@dataclass(frozen=True)
class JudgedImage:
    """The objects of one image, and what a model said of them.

    Attributes:
        filename: of the image.
        found: detections that meet an object of their class.
        met: the annotated objects that they meet.
        missed: annotated objects that none meets.
        false: detections that meet none.
    """

    filename: str
    found: list[LabelledBox] = field(default_factory=list)
    met: list[LabelledBox] = field(default_factory=list)
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
    outcomes = outcomes_of(truth, results, match(truth, results))
    return judged_images(outcomes, min_score)


def judged_images(outcomes: Outcomes, min_score: float) -> list[JudgedImage]:
    """Sorts the outcomes by image; see `judge_images`."""
    shown = outcomes.above(min_score)
    kinds = mistakes_of(shown).kinds.tolist()
    judged = [JudgedImage(filename) for filename in shown.filenames]
    names = shown.class_names
    for place, image in enumerate(shown.image_indices.tolist()):
        is_right = bool(shown.is_right[place])
        boxes = judged[image].found if is_right else judged[image].false
        boxes.append(
            LabelledBox(
                names[shown.class_indices[place]],
                _edges(shown.boxes[place]),
                float(shown.scores[place]),
                "" if is_right else ErrorKind(kinds[place]).word,
            )
        )
    objects = shown.objects
    for place, image in enumerate(objects.image_indices.tolist()):
        is_found = bool(shown.is_found[place])
        boxes = judged[image].met if is_found else judged[image].missed
        name = names[objects.class_indices[place]]
        boxes.append(LabelledBox(name, _edges(objects.boxes[place])))
    return judged


def _edges(box: ScoreArray) -> tuple[float, float, float, float]:
    xmin, ymin, xmax, ymax = np.round(box, 6).tolist()
    return xmin, ymin, xmax, ymax
