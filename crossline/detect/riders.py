"""Who rides is part of what is ridden.

Detectors see a motorcycle and its rider as two objects by turns, the rider
more surely. Somebody who counts traffic sees one: a motorcycle.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from crossline.geometry import Detections, iou_matrix

_RIDER = "person"
_RIDDEN = ("bicycle", "motorcycle")
_OVERLAP = 0.4
"""IoU of a rider, as far as the detector tells him from what he rides."""
_SCORE_SHARE = 0.5
"""Of the rider's score. Around a motorcyclist, the detector's score of a
motorcycle is 0.6 to 1.2 of that of the person, around a pedestrian 0.3."""


def with_ridden(
    class_ids: Sequence[int], class_names: Mapping[int, str]
) -> list[int]:
    """Adds the classes that hold people who ride, if people are in it."""
    if _RIDER not in (class_names[class_id] for class_id in class_ids):
        return list(class_ids)
    ridden = [i for i, name in class_names.items() if name in _RIDDEN]
    return [*class_ids, *ridden]


def seat_riders(
    detections: Detections, class_names: Mapping[int, str]
) -> Detections:
    """Joins each person who rides with the bicycle or motorcycle.

    Args:
        detections: of any classes, weak ones included.
        class_names: label map id to name.

    Returns:
        What is ridden, at least as sure as its rider, and all who ride
        nothing.
    """
    ids = {name: class_id for class_id, name in class_names.items()}
    ridden_ids = [ids[name] for name in _RIDDEN if name in ids]
    ridden = np.flatnonzero(np.isin(detections.class_ids, ridden_ids))
    people = np.flatnonzero(detections.class_ids == ids.get(_RIDER, -1))
    if not len(ridden) or not len(people):
        return detections
    scores = detections.scores.copy()
    boxes = detections.boxes
    rides = iou_matrix(boxes[people], boxes[ridden]) > _OVERLAP
    rides &= scores[ridden] >= _SCORE_SHARE * scores[people][:, None]
    seats = ridden[np.where(rides, scores[ridden], -1).argmax(axis=1)]
    riding = rides.any(axis=1)
    np.maximum.at(scores, seats[riding], scores[people[riding]])
    seated = Detections(boxes, scores, detections.class_ids)
    return seated[np.delete(np.arange(len(scores)), people[riding])]
