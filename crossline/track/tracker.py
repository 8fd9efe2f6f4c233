"""The centroid tracker: from detections to tracks with an identity.

A pure function of detections and time; it never sees a frame. A Kalman filter
predicts each box; the likeliest assignment of all detections decides, among
pairs that are near enough. The ideas are SORT's (Bewley et al. 2016) and
ByteTrack's (weak detections may prolong a track but not begin one; Zhang et
al. 2022).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from crossline.geometry import Detections, FloatArray
from crossline.track.assignment import Pairs, assign, separations
from crossline.track.candidate import (
    Candidate,
    Candidates,
    Point,
    Size,
    center_of,
)
from crossline.track.doubles import are_doubles, drop_doubles

__all__ = ["CentroidTracker", "Point", "Size", "Track", "TrackerSettings"]

_LARGEST_MISFIT = 22.0
"""See `BoxMotions.misfits`: a torso may still continue its person."""
_CLASS_MISFIT = 12.0
"""A car that overtakes a motorcycle stays a car; where nothing else is near,
whom the detector takes for another class is still followed."""
_WEAK_REACH = 0.0
"""A weak detection must overlap its track more than it is off."""


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
        measured: ``(4,)`` its last detection; `box` is smoother, and runs
            on for some frames where the object stops. None if unknown.
    """

    track_id: int
    box: FloatArray
    class_id: int
    score: float
    is_seen: bool
    earlier: tuple[Point, ...] = ()
    measured: FloatArray | None = None

    @property
    def center(self) -> Point:
        """x, y in pixels."""
        return center_of(self.box)


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


class CentroidTracker:
    """Follows objects from one update to the next.

    Args:
        settings: see `TrackerSettings`.
        view: width and height of the frame, pixels: who leaves it is soon
            forgotten. None for a view without edges.
    """

    def __init__(
        self,
        settings: TrackerSettings | None = None,
        view: Size | None = None,
    ) -> None:
        self._settings = settings or TrackerSettings()
        self._view = view
        self._candidates = Candidates()
        self._clock = 0.0
        # Its own, which only goes on.
        self._time = 0.0
        self._detected_at = 0.0
        self._confirmed = 0

    def update(self, detections: Detections, time_s: float) -> list[Track]:
        """Takes the detections of one moment.

        Call it once for each frame that was detected, also with none.

        Args:
            detections: in pixels; boxes that are not finite are ignored.
            time_s: seconds on any clock; where it runs back, nothing moves.

        Returns:
            The confirmed tracks that live, unseen ones included.
        """
        finite = np.isfinite(detections.boxes).all(axis=1)
        usable = finite & self._settings.prolong(detections)
        detections = drop_doubles(
            detections[usable],
            self._settings.same_object,
            self._settings.part,
        )
        self._advance(time_s)
        unmatched = self._match(detections)
        missed_s = self._time - self._detected_at
        self._detected_at = self._time
        missed = self._candidates.rows(is_seen=False)
        self._candidates.motions.slow_down(missed, missed_s)
        # A track in the making may not blink.
        self._keep(
            [
                row
                for row, each in enumerate(self._candidates)
                if each.track_id or each.is_seen
            ]
        )
        self._begin(unmatched)
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
        self._candidates.carry(boxes)
        self._keep(range(len(self._candidates)))
        return self._report()

    def predict(self, time_s: float) -> list[Track]:
        """Returns where the tracks are in a frame that nobody looked at."""
        return self.follow({}, time_s)

    def _advance(self, time_s: float) -> None:
        seconds = max(time_s - self._clock, 0.0)
        self._clock = time_s
        self._time += seconds
        self._candidates.motions.advance(seconds)

    def _match(self, detections: Detections) -> Detections:
        """Corrects the tracks; returns what is sure and fits none."""
        for candidate in self._candidates:
            candidate.is_seen = False
        is_sure = self._settings.begin(detections)
        sure, weak = detections[is_sure], detections[~is_sure]
        everybody = range(len(self._candidates))
        pairs = self._pairs(everybody, sure, self._settings.reach)
        self._see(sure, pairs, is_sure=True)
        lost = [
            row
            for row in self._candidates.rows(is_seen=False)
            if self._candidates[row].track_id
        ]
        weak_pairs = self._pairs(lost, weak, _WEAK_REACH)
        self._see(weak, weak_pairs, is_sure=False)
        taken = [column for _, column in pairs]
        return sure[np.delete(np.arange(len(sure)), taken)]

    def _pairs(
        self, rows: Sequence[int], detections: Detections, reach: float
    ) -> Pairs:
        """Returns which of these rows is which of the detections."""
        if not rows or not len(detections):
            return []
        motions = self._candidates.motions
        tracked = motions.boxes[rows]
        classes = self._candidates.class_ids(rows)
        cost = motions.misfits(rows, detections.boxes)
        cost += _CLASS_MISFIT * (classes[:, None] != detections.class_ids)
        cost[separations(tracked, detections.boxes) > reach] = np.inf
        return [
            (rows[place], column)
            for place, column in assign(cost, _LARGEST_MISFIT)
        ]

    def _see(
        self, detections: Detections, pairs: Pairs, *, is_sure: bool
    ) -> None:
        if pairs:
            rows, columns = map(list, zip(*pairs, strict=True))
            found = detections[columns]
            self._candidates.see(rows, found, self._time, is_sure=is_sure)

    def _begin(self, detections: Detections) -> None:
        """Begins tracks of what shows no seen one."""
        if not len(detections):
            return
        seen = self._candidates.rows(is_seen=True)
        is_double = are_doubles(
            detections.boxes,
            detections.class_ids,
            self._candidates.motions.boxes[seen],
            self._candidates.class_ids(seen),
            self._settings.same_object,
            self._settings.part,
        )
        new = detections[~is_double.any(axis=1)]
        self._candidates.begin(new, self._time)

    def _keep(self, rows: Iterable[int]) -> None:
        """Forgets the other rows, and those whose time is over."""
        shares = self._candidates.shares_in(self._view)
        self._candidates.keep(
            [
                row
                for row in rows
                if self._lives(self._candidates[row], shares[row])
            ]
        )

    def _lives(self, candidate: Candidate, share_in_view: float) -> bool:
        if self._time - candidate.sure_at > self._settings.doubt:
            return False
        if candidate.is_seen:
            return True
        unseen = self._time - candidate.seen_at
        return unseen <= self._settings.memory * share_in_view

    def _report(self) -> list[Track]:
        tracks = []
        boxes = self._candidates.motions.boxes
        for candidate, box in zip(self._candidates, boxes, strict=True):
            earlier: tuple[Point, ...] = ()
            if not candidate.track_id:
                if candidate.hits < self._settings.confirmations:
                    candidate.earlier.append(center_of(box))
                    continue
                self._confirmed += 1
                candidate.track_id = self._confirmed
                earlier = tuple(candidate.earlier)
            tracks.append(
                Track(
                    candidate.track_id,
                    box,
                    candidate.class_id,
                    candidate.score,
                    candidate.is_seen,
                    earlier,
                    candidate.measured,
                )
            )
        return tracks
