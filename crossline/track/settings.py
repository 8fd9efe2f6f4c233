"""The knobs of the tracker."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from crossline.geometry import Detections


@dataclass(frozen=True)
class TrackerSettings:
    """The knobs of a `CentroidTracker`.

    Attributes:
        new_score: a detection below it never begins a track; raising it
            gives fewer false tracks and later ones.
        class_scores: class id to what it has in place of `new_score`.
        slack: how far below that a detection still prolongs a track; raising
            it bridges more gaps and follows more ghosts.
        confirmations: detections before a track is reported; raising it
            keeps out flicker and delays every track.
        memory: seconds that an unseen track lives, less where part of it has
            left the frame; raising it survives longer occlusions and
            confuses more newcomers with who has left.
        doubt: seconds that a track lives of weak detections alone; raising
            it keeps who is hard to see, and ghosts.
        reach: how far, in box sizes, a detection may be from where its track
            should be; raising it follows jumps and swaps neighbours.
        same_object: of two boxes that overlap by a greater IoU the weaker
            one is ignored, whatever their classes: detectors see one van as
            a car and a truck. Raising it doubles more objects, lowering it
            merges neighbours.
        part: of two boxes of one class the weaker is ignored if more than
            this share of the smaller is common: it is a torso in a person, or
            a wheel in a motorcycle. Nor does such a box of a seen track begin
            another. Raising it doubles more objects, lowering it takes longer
            to tell who walks behind whom.
    """

    new_score: float = 0.5
    class_scores: Mapping[int, float] = field(default_factory=dict)
    slack: float = 0.1
    confirmations: int = 3
    memory: float = 1.2
    doubt: float = 5.0
    reach: float = 0.8
    same_object: float = 0.5
    part: float = 0.8

    @property
    def least_score(self) -> float:
        """Of what may prolong a track, whatever its class."""
        needed = self.new_score, *self.class_scores.values()
        return min(needed) - self.slack

    def begin(self, detections: Detections) -> npt.NDArray[np.bool_]:
        """Tells which of them may begin a track."""
        return self._above(detections, 0.0)

    def prolong(self, detections: Detections) -> npt.NDArray[np.bool_]:
        """Tells which of them may prolong a track."""
        return self._above(detections, self.slack)

    def _above(
        self, detections: Detections, slack: float
    ) -> npt.NDArray[np.bool_]:
        needed = [
            self.class_scores.get(class_id, self.new_score)
            for class_id in detections.class_ids.tolist()
        ]
        # Scores have single precision, and 0.4 is more in it.
        limits = np.array(needed, np.float64) - slack
        return np.asarray(detections.scores >= limits.astype(np.float32))
