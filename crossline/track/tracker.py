"""The centroid tracker: from detections to tracks with an identity.

A pure function of detections and time; it never sees a frame. The ideas are
SORT's (motion model, optimal assignment) and ByteTrack's (weak detections may
prolong a track but not begin one); sources: Bewley et al. 2016, Zhang et al.
2022. Where nothing overlaps, the nearest centre within reach decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from crossline.geometry import (
    Detections,
    FloatArray,
    iou_matrix,
    smaller_share_matrix,
)
from crossline.track.assignment import Pairs, assign, association_cost
from crossline.track.motion import BoxMotion

Point = tuple[float, float]


@dataclass(frozen=True)
class Track:
    """One object at one moment.

    Attributes:
        track_id: from 1, never reused by the same tracker.
        box: ``(4,)`` float32, pixels: where the object is, or, while it is
            not seen, where it should be.
        class_id: the majority of its detections, weighted by their score.
        score: of its last detection.
        is_seen: whether this moment's detections hold it.
        earlier: centres from before it was confirmed; only in the first
            report of a track, so that a line crossed then still counts.
    """

    track_id: int
    box: FloatArray
    class_id: int
    score: float
    is_seen: bool
    earlier: tuple[Point, ...] = ()

    @property
    def center(self) -> Point:
        """x, y in pixels."""
        return _center(self.box)


@dataclass(frozen=True)
class TrackerSettings:
    """The knobs of a `CentroidTracker`.

    Attributes:
        new_score: a detection below it never begins a track; raising it
            gives fewer false tracks and later ones.
        keep_score: one below it is ignored; lowering it bridges more gaps
            and follows more ghosts.
        confirmations: detections before a track is reported; raising it
            keeps out flicker and delays every track.
        memory: seconds that an unseen track lives; raising it survives longer
            occlusions and confuses more newcomers with who has left.
        reach: how far, in box sizes, a detection may be from where its track
            should be; raising it follows jumps and swaps neighbours.
        class_penalty: see `association_cost`.
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
    keep_score: float = 0.3
    confirmations: int = 3
    memory: float = 1.5
    reach: float = 0.8
    class_penalty: float = 0.3
    same_object: float = 0.5
    part: float = 0.8


_WEAK_REACH = 0.0
"""A weak detection must overlap its track more than it is off."""


@dataclass
class _Candidate:
    """A track in the making, or a live one."""

    motion: BoxMotion
    detected_at: float
    score: float
    votes: dict[int, float]
    hits: int = 1
    track_id: int = 0
    is_seen: bool = True
    earlier: list[Point] = field(default_factory=list)

    @property
    def class_id(self) -> int:
        return max(self.votes, key=self.votes.__getitem__)


class CentroidTracker:
    """Follows objects from one update to the next.

    Args:
        settings: see `TrackerSettings`.
    """

    def __init__(self, settings: TrackerSettings | None = None) -> None:
        self._settings = settings or TrackerSettings()
        self._candidates: list[_Candidate] = []
        self._time = 0.0
        self._confirmed = 0

    def update(self, detections: Detections, time_s: float) -> list[Track]:
        """Takes the detections of one moment.

        Call it once for each frame that was detected, also with none.

        Args:
            detections: in pixels; boxes that are not finite are ignored.
            time_s: seconds on any clock that does not run backwards.

        Returns:
            The confirmed tracks that live, unseen ones included.
        """
        finite = np.isfinite(detections.boxes).all(axis=1)
        usable = finite & (detections.scores >= self._settings.keep_score)
        detections = drop_doubles(
            detections[usable], self._settings.same_object, self._settings.part
        )
        self._advance(time_s)
        unmatched = self._match(detections)
        self._candidates = [
            candidate
            for candidate in self._candidates
            if self._lives(candidate)
        ]
        for place in unmatched:
            if not self._is_part(detections, place):
                self._begin(detections, place)
        return self._report()

    def follow(
        self, boxes: Mapping[int, FloatArray], time_s: float
    ) -> list[Track]:
        """Takes boxes that something else carried from the last frame.

        They move their tracks, but only the detector keeps a track alive.

        Args:
            boxes: track id to box, pixels; ids that are gone are ignored.
            time_s: as in `update`.

        Returns:
            The confirmed tracks; unseen are those without a box.
        """
        self._advance(time_s)
        for candidate in self._candidates:
            box = boxes.get(candidate.track_id)
            candidate.is_seen = box is not None
            if box is not None:
                candidate.motion.correct(box)
        self._candidates = [
            candidate
            for candidate in self._candidates
            if not candidate.track_id or self._lives(candidate)
        ]
        return self._report()

    def predict(self, time_s: float) -> list[Track]:
        """Returns where the tracks are in a frame that nobody looked at."""
        return self.follow({}, time_s)

    def _advance(self, time_s: float) -> None:
        seconds = max(time_s - self._time, 0.0)
        self._time = time_s
        for candidate in self._candidates:
            candidate.motion.advance(seconds)

    def _match(self, detections: Detections) -> list[int]:
        """Corrects the tracks; returns the detections that fit none."""
        for candidate in self._candidates:
            candidate.is_seen = False
        strong = detections.scores >= self._settings.new_score
        free = self._match_some(
            detections,
            np.flatnonzero(strong),
            self._candidates,
            self._settings.reach,
        )
        lost = [
            candidate
            for candidate in self._candidates
            if candidate.track_id and not candidate.is_seen
        ]
        self._match_some(
            detections, np.flatnonzero(~strong), lost, _WEAK_REACH
        )
        return free

    def _match_some(
        self,
        detections: Detections,
        places: "np.ndarray[tuple[int, ...], np.dtype[np.intp]]",
        candidates: Sequence[_Candidate],
        reach: float,
    ) -> list[int]:
        chosen = detections[places]
        pairs = self._pairs(candidates, chosen, reach)
        for row, column in pairs:
            self._see(candidates[row], chosen, column)
        matched = {column for _, column in pairs}
        return [
            int(place)
            for column, place in enumerate(places)
            if column not in matched
        ]

    def _pairs(
        self,
        candidates: Sequence[_Candidate],
        detections: Detections,
        reach: float,
    ) -> Pairs:
        if not candidates or not len(detections):
            return []
        cost = association_cost(
            np.stack([candidate.motion.box for candidate in candidates]),
            np.array([candidate.class_id for candidate in candidates]),
            detections.boxes,
            detections.class_ids,
            class_penalty=self._settings.class_penalty,
        )
        return assign(cost, reach)

    def _see(
        self, candidate: _Candidate, detections: Detections, place: int
    ) -> None:
        candidate.motion.correct(detections.boxes[place])
        candidate.detected_at = self._time
        candidate.score = float(detections.scores[place])
        class_id = int(detections.class_ids[place])
        votes = candidate.votes.get(class_id, 0.0) + candidate.score
        candidate.votes[class_id] = votes
        candidate.hits += 1
        candidate.is_seen = True

    def _is_part(self, detections: Detections, place: int) -> bool:
        """Tells whether a box shows a part of what is tracked already."""
        wholes = [
            candidate.motion.box
            for candidate in self._candidates
            if candidate.track_id
            and candidate.is_seen
            and candidate.class_id == detections.class_ids[place]
        ]
        if not wholes:
            return False
        box = detections.boxes[place : place + 1]
        shares = smaller_share_matrix(box, np.stack(wholes))
        return bool(shares.max() > self._settings.part)

    def _begin(self, detections: Detections, place: int) -> None:
        score = float(detections.scores[place])
        class_id = int(detections.class_ids[place])
        self._candidates.append(
            _Candidate(
                BoxMotion(detections.boxes[place]),
                self._time,
                score,
                {class_id: score},
            )
        )

    def _lives(self, candidate: _Candidate) -> bool:
        if candidate.is_seen:
            return True
        candidate.motion.stop_growing()
        unseen = self._time - candidate.detected_at
        # A track in the making may not blink.
        return bool(candidate.track_id) and unseen <= self._settings.memory

    def _report(self) -> list[Track]:
        tracks = []
        for candidate in self._candidates:
            earlier: tuple[Point, ...] = ()
            if not candidate.track_id:
                if candidate.hits < self._settings.confirmations:
                    candidate.earlier.append(_center(candidate.motion.box))
                    continue
                self._confirmed += 1
                candidate.track_id = self._confirmed
                earlier = tuple(candidate.earlier)
            tracks.append(
                Track(
                    candidate.track_id,
                    candidate.motion.box,
                    candidate.class_id,
                    candidate.score,
                    candidate.is_seen,
                    earlier,
                )
            )
        return tracks


def drop_doubles(
    detections: Detections, overlap: float, part: float
) -> Detections:
    """Returns those that do not show what a better one shows.

    Args:
        detections: in any order.
        overlap: IoU with the better one, whatever its class.
        part: share of the smaller box that is common, within a class.
    """
    ranked = detections[np.argsort(-detections.scores, kind="stable")]
    boxes, classes = ranked.boxes, ranked.class_ids
    is_nested = smaller_share_matrix(boxes, boxes) > part
    is_nested &= classes[:, None] == classes[None, :]
    covers = np.triu((iou_matrix(boxes, boxes) > overlap) | is_nested, 1)
    kept = np.ones(len(ranked), bool)
    for place in range(len(ranked)):
        if kept[place]:
            kept &= ~covers[place]
    return ranked[kept]


def _center(box: FloatArray) -> Point:
    xmin, ymin, xmax, ymax = map(float, box)
    return (xmin + xmax) / 2, (ymin + ymax) / 2
