"""What a tracker knows of one object."""

from dataclasses import dataclass, field

import numpy as np

from crossline.geometry import FloatArray, box_areas, clip_boxes
from crossline.track.motion import BoxMotion

Point = tuple[float, float]
Size = tuple[int, int]


@dataclass
class Candidate:
    """A track in the making, or a live one.

    Attributes:
        motion: where it is and goes.
        measured: its last box ``(4,)`` as it was detected, pixels.
        seen_at: when it was last detected, seconds.
        sure_at: when it was last detected with a score that begins tracks.
        score: of its last detection.
        votes: class id to the scores of its detections.
        hits: how many detections it had.
        track_id: 0 in the making.
        is_seen: whether it was in the latest frame.
        earlier: where it was before it became a track.
    """

    motion: BoxMotion
    measured: FloatArray
    seen_at: float
    sure_at: float
    score: float
    votes: dict[int, float]
    hits: int = 1
    track_id: int = 0
    is_seen: bool = True
    earlier: list[Point] = field(default_factory=list)

    @classmethod
    def begin(
        cls, box: FloatArray, score: float, class_id: int, time_s: float
    ) -> "Candidate":
        """Returns one of a single detection."""
        votes = {class_id: score}
        return cls(BoxMotion(box), box, time_s, time_s, score, votes)

    @property
    def class_id(self) -> int:
        """The majority of the votes."""
        return max(self.votes, key=self.votes.__getitem__)

    def see(
        self,
        box: FloatArray,
        score: float,
        class_id: int,
        time_s: float,
        *,
        is_sure: bool,
    ) -> None:
        """Takes a detection of it."""
        self.take(box)
        self.seen_at, self.score = time_s, score
        if is_sure:
            self.sure_at = time_s
        self.votes[class_id] = self.votes.get(class_id, 0.0) + score
        self.hits += 1

    def take(self, box: FloatArray) -> None:
        """Takes its box in this frame, from whatever finds it."""
        self.motion.correct(box)
        self.measured = box
        self.is_seen = True

    def share_in(self, view: Size) -> float:
        """Returns how much of its box lies in the frame, 0 to 1."""
        box = self.motion.box[None]
        inside = box_areas(clip_boxes(box, *view))
        return float((inside / box_areas(box))[0])


def center_of(box: FloatArray) -> Point:
    """Returns x and y of the middle of a box ``(4,)``."""
    xmin, ymin, xmax, ymax = map(float, np.asarray(box))
    return (xmin + xmax) / 2, (ymin + ymax) / 2
