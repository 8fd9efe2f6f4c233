"""The loop that joins detecting, tracking, counting and drawing.

    frames -> detect -> track -> count_crossings -> blur -> annotate -> video

Each stage is a generator over the one before; none keeps a frame, and the last
two draw into it. Detecting has threads of its own; whoever joins the others
decides which of them have one: `ahead`.
"""

import copy
import time
from collections.abc import (
    Collection,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np

from crossline.count.counter import SceneCounter
from crossline.count.lines import Crossing, Totals
from crossline.count.scene import Scene
from crossline.count.zones import Occupancy
from crossline.detect.detector import Detector
from crossline.detect.merge import merge
from crossline.detect.riders import seat_riders
from crossline.detect.select import select
from crossline.geometry import Detections, FloatArray
from crossline.track.correlation_process import CorrelationProcess
from crossline.track.tracker import (
    CentroidTracker,
    Size,
    Track,
    TrackerSettings,
)
from crossline.video.ahead import each_ahead
from crossline.video.blur import Hidden, blur_box, no_boxes
from crossline.video.draw import Painter, Trails
from crossline.video.frame import Frame
from crossline.video.schedule import DetectEvery, Schedule

_LIT_S = 0.5
"""For how long a line lights up when it is crossed."""
_HIDDEN_SCORE = 0.4
"""Of what is blurred: rather too much than too little. Below it, boxes as
large as the frame appear where many people are."""
_TELLING_SHARE = 0.4
"""Of the least score: weaker boxes do not tell where objects are, either."""


@dataclass(frozen=True)
class WatchSettings:
    """What to look for, and how often.

    Attributes:
        class_ids: of the label map; others are ignored.
        min_score: a detection below it is not shown and begins no track.
        class_scores: class id to what it has in place of `min_score`.
        detect_every: frames from one detection to the next; correlation
            trackers carry the tracks in between. Raising it pays only where
            detecting takes longer than tracking, some 3 ms an object:
            ``auto`` measures both, see `crossline.video.schedule`.
        blurred_ids: of classes that no picture may show, be they looked for
            or not.
    """

    class_ids: Sequence[int]
    min_score: float
    detect_every: DetectEvery = 1
    blurred_ids: Sequence[int] = ()
    class_scores: Mapping[int, float] = field(default_factory=dict)

    @cached_property
    def tracker(self) -> TrackerSettings:
        """What begins tracks, and what prolongs them."""
        return TrackerSettings(self.min_score, self.class_scores)


@dataclass(frozen=True)
class Seen:
    """A frame and what is known of it.

    Attributes:
        frame: as it was read.
        detections: those to show; between two detections, where the tracks
            were carried to.
        tracks: all that live.
        crossings: in this very frame.
        occupancy: of the zones, after it.
        totals: of all crossings, this frame's included.
        hidden: boxes ``(n, 4)``, pixels, of what is to be blurred.
    """

    frame: Frame
    detections: Detections
    tracks: Sequence[Track]
    crossings: Sequence[Crossing] = ()
    occupancy: Occupancy = field(default_factory=dict)
    totals: Totals = field(default_factory=dict)
    hidden: FloatArray = field(default_factory=no_boxes)


@dataclass(frozen=True)
class Detected:
    """A frame and what was detected in it.

    Attributes:
        frame: as it was read.
        detections: of the classes looked for; None where nobody looked.
        hidden: boxes ``(n, 4)``, pixels, of the classes to be blurred.
        seconds: that it took.
    """

    frame: Frame
    detections: Detections | None
    hidden: FloatArray = field(default_factory=no_boxes)
    seconds: float = 0.0


def detect(
    frames: Iterable[Frame],
    detector: Detector,
    settings: WatchSettings,
    schedule: Schedule,
    threads: int = 1,
) -> Generator[Detected]:
    """Detects, in the frames of the schedule.

    Args:
        frames: made ahead, by a thread of their own.
        detector: asked about so many frames at once as there are threads.
        settings: see there.
        schedule: asked when it is a frame's turn.
        threads: that detect.
    """
    look = partial(
        _look, detector=detector, settings=settings, schedule=schedule
    )
    return each_ahead(look, frames, threads)


def _look(
    frame: Frame,
    detector: Detector,
    settings: WatchSettings,
    schedule: Schedule,
) -> Detected:
    if not schedule.is_due(frame.number):
        return Detected(frame, None)
    started = time.perf_counter()
    found = detector.detect(frame.image)
    seconds = time.perf_counter() - started
    names = detector.class_names
    told = select(found, names, _TELLING_SHARE * settings.min_score)
    objects = merge(seat_riders(told, names), settings.tracker.least_score)
    return Detected(
        frame,
        select(objects, settings.class_ids, 0.0),
        select(found, settings.blurred_ids, _HIDDEN_SCORE).boxes,
        seconds,
    )


def track(
    detected: Iterable[Detected],
    settings: WatchSettings,
    view: Size,
    schedule: Schedule,
) -> Iterator[Seen]:
    """Follows what was detected, by correlation where nobody looked.

    Args:
        detected: frame by frame.
        settings: see there.
        view: width and height of the frames, pixels.
        schedule: told what it all costs.
    """
    tracker = CentroidTracker(settings.tracker, view)
    with CorrelationProcess() as carriers:
        for each in detected:
            frame, detections = each.frame, each.detections
            if detections is None:
                objects, started = carriers.followed, time.perf_counter()
                boxes = carriers.update(frame.image)
                schedule.carried(objects, time.perf_counter() - started)
                tracks = tracker.follow(boxes, frame.time_s)
                yield Seen(frame, _carried(tracks), tracks)
                continue
            tracks = tracker.update(detections, frame.time_s)
            schedule.detected(each.seconds, sum(t.is_seen for t in tracks))
            if schedule.every > 1:
                carriers.start(frame.image, tracks)
            sure = detections[settings.tracker.begin(detections)]
            yield Seen(frame, sure, tracks, hidden=each.hidden)


def count_crossings(
    watched: Iterable[Seen], counter: SceneCounter
) -> Iterator[Seen]:
    """Adds who crosses what."""
    totals = copy.deepcopy(counter.totals)
    for seen in watched:
        crossings = counter.update(
            seen.tracks, seen.frame.number, seen.frame.time_s
        )
        if crossings:
            # The counter may be ahead by the time that this is drawn.
            totals = copy.deepcopy(counter.totals)
        yield replace(
            seen,
            crossings=crossings,
            occupancy=dict(counter.zones.occupancy),
            totals=totals,
        )


def blur(
    watched: Iterable[Seen], class_ids: Collection[int]
) -> Iterator[Seen]:
    """Blurs objects of these classes in the frames themselves.

    That is what was detected, however weakly, what is tracked, seen or not,
    and for a while the place of what is neither any more.
    """
    hidden = Hidden()
    for seen in watched:
        tracked = [t.box for t in seen.tracks if t.class_id in class_ids]
        boxes = np.concatenate([seen.hidden, *(box[None] for box in tracked)])
        for box in hidden.update(boxes, seen.frame.time_s):
            blur_box(seen.frame.image, box)
        yield seen


def annotate(
    watched: Iterable[Seen], painter: Painter, scene: Scene
) -> Iterator[Seen]:
    """Draws into the frames: counts if there is a scene, else detections."""
    trails = Trails()
    crossed_at: dict[str, float] = {}
    for seen in watched:
        image = seen.frame.image
        if not scene:
            painter.detections(image, seen.detections)
            yield seen
            continue
        now = seen.frame.time_s
        crossed_at |= {crossing.line: now for crossing in seen.crossings}
        lit = [name for name, at in crossed_at.items() if now - at < _LIT_S]
        trails.update(seen.tracks, now)
        painter.zones(image, scene.zones, seen.occupancy)
        painter.lines(image, scene.lines, lit)
        painter.tracks(image, seen.tracks, trails)
        painter.totals(image, seen.totals)
        yield seen


def _carried(tracks: Iterable[Track]) -> Detections:
    seen = [track for track in tracks if track.is_seen]
    return Detections.of(
        [track.box for track in seen],
        [track.score for track in seen],
        [track.class_id for track in seen],
    )
