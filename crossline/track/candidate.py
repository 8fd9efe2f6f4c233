"""What a tracker knows of one object, but for its motion."""

from dataclasses import dataclass, field

import numpy as np

from crossline.geometry import FloatArray

Point = tuple[float, float]
Size = tuple[int, int]


@dataclass
class Candidate:
    """A track in the making, or a live one.

    Attributes:
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
        return cls(box, time_s, time_s, score, {class_id: score})

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
        self.measured = box
        self.is_seen = True


def center_of(box: FloatArray) -> Point:
    """Returns x and y of the middle of a box ``(4,)``."""
    xmin, ymin, xmax, ymax = map(float, np.asarray(box))
    return (xmin + xmax) / 2, (ymin + ymax) / 2
