"""What a tracker knows of the objects that it follows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from crossline.geometry import (
    Detections,
    FloatArray,
    IntArray,
    box_areas,
    clip_boxes,
)
from crossline.track.motion import BoxMotions

Point = tuple[float, float]
Size = tuple[int, int]


@dataclass
class Candidate:
    """A track in the making, or a live one; its motion stands elsewhere.

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


class Candidates:
    """All candidates: a row for each, and the same row for its motion.

    Attributes:
        motions: to be asked and moved; rows come and go by the methods here.
    """

    def __init__(self) -> None:
        self._candidates: list[Candidate] = []
        self.motions = BoxMotions()

    def __len__(self) -> int:
        return len(self._candidates)

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self._candidates)

    def __getitem__(self, row: int) -> Candidate:
        return self._candidates[row]

    def rows(self, *, is_seen: bool) -> list[int]:
        """Returns the rows that are seen, or those that are not."""
        return [
            row
            for row, candidate in enumerate(self)
            if candidate.is_seen is is_seen
        ]

    def class_ids(self, rows: Iterable[int]) -> IntArray:
        """Returns the majorities of these rows, ``(n,)``."""
        return np.array([self[row].class_id for row in rows], np.int64)

    def shares_in(self, view: Size | None) -> list[float]:
        """Returns how much of each box lies in the frame, 0 to 1."""
        boxes = self.motions.boxes
        if not view:
            return [1.0] * len(boxes)
        inside = box_areas(clip_boxes(boxes, *view))
        return [float(share) for share in inside / box_areas(boxes)]

    def begin(self, detections: Detections, time_s: float) -> None:
        """Appends a row for each detection."""
        self.motions.begin(detections.boxes)
        self._candidates += [
            Candidate.begin(*detection, time_s) for detection in detections
        ]

    def see(
        self,
        rows: Sequence[int],
        detections: Detections,
        time_s: float,
        *,
        is_sure: bool,
    ) -> None:
        """Takes a detection of each of these rows."""
        self.motions.correct(rows, detections.boxes)
        for row, detection in zip(rows, detections, strict=True):
            self[row].see(*detection, time_s, is_sure=is_sure)

    def carry(self, boxes: Mapping[int, FloatArray]) -> None:
        """Takes boxes by track id; seen is who has one."""
        for candidate in self:
            candidate.is_seen = False
            if candidate.track_id in boxes:
                candidate.take(boxes[candidate.track_id])
        carried = self.rows(is_seen=True)
        measured = [self[row].measured for row in carried]
        self.motions.correct(carried, np.reshape(measured, (-1, 4)))

    def keep(self, rows: Sequence[int]) -> None:
        """Forgets the other rows."""
        self._candidates = [self[row] for row in rows]
        self.motions.keep(rows)


def center_of(box: FloatArray) -> Point:
    """Returns x and y of the middle of a box ``(4,)``."""
    xmin, ymin, xmax, ymax = map(float, np.asarray(box))
    return (xmin + xmax) / 2, (ymin + ymax) / 2
