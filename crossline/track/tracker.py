"""The centroid tracker: from detections to tracks with an identity.

A pure function of detections and time; it never sees a frame. A Kalman filter
predicts each box; the likeliest assignment of all detections decides, among
pairs that are near enough. The ideas are SORT's (Bewley et al. 2016) and
ByteTrack's (weak detections may prolong a track but not begin one; Zhang et
al. 2022).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

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
from crossline.track.settings import TrackerSettings

__all__ = ["CentroidTracker", "Point", "Size", "Track", "TrackerSettings"]

_LARGEST_MISFIT = 22.0
"""See `BoxMotions.misfits`: a torso may still continue its person."""
_CLASS_MISFIT = 12.0
"""Who enters where one of another class leaves is somebody else; where nothing
else is near, whom the detector takes for another class is still followed."""
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
