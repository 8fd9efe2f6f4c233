"""The loop that joins detecting, tracking, counting and drawing.

    frames -> watch -> count_crossings -> annotate -> video

Each stage is a generator over the one before; none keeps a frame.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from crossline.count.counter import SceneCounter
from crossline.count.lines import Crossing
from crossline.count.zones import Occupancy
from crossline.detect.detector import Detector
from crossline.detect.select import select
from crossline.geometry import Detections, Image
from crossline.track.correlation import CorrelationTrackers
from crossline.track.tracker import CentroidTracker, Track, TrackerSettings
from crossline.video.draw import Painter, Trails
from crossline.video.reader import Frame

_LIT_S = 0.5
"""For how long a line lights up when it is crossed."""


@dataclass(frozen=True)
class WatchSettings:
    """What to look for, and how often.

    Attributes:
        class_ids: of the label map; others are ignored.
        min_score: a detection below it is not shown and begins no track.
        detect_every: frames from one detection to the next; correlation
            trackers carry the tracks in between. Raising it pays only where
            detecting takes longer than tracking, some 3 ms an object.
    """

    class_ids: Sequence[int]
    min_score: float
    detect_every: int = 1


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
    """

    frame: Frame
    detections: Detections
    tracks: Sequence[Track]
    crossings: Sequence[Crossing] = ()
    occupancy: Occupancy = field(default_factory=dict)


def watch(
    frames: Iterable[Frame], detector: Detector, settings: WatchSettings
) -> Iterator[Seen]:
    """Detects and tracks."""
    knobs = TrackerSettings(new_score=settings.min_score)
    # Weak detections may prolong a track, see the tracker.
    weakest = min(knobs.keep_score, settings.min_score)
    tracker = CentroidTracker(replace(knobs, keep_score=weakest))
    carriers = CorrelationTrackers()
    for frame in frames:
        if frame.number % settings.detect_every:
            boxes = carriers.update(frame.image)
            tracks = tracker.follow(boxes, frame.time_s)
            yield Seen(frame, _carried(tracks), tracks)
            continue
        detections = select(
            detector.detect(frame.image), settings.class_ids, weakest
        )
        tracks = tracker.update(detections, frame.time_s)
        if settings.detect_every > 1:
            carriers.start(frame.image, tracks)
        sure = detections[detections.scores >= settings.min_score]
        yield Seen(frame, sure, tracks)


def count_crossings(
    watched: Iterable[Seen], counter: SceneCounter
) -> Iterator[Seen]:
    """Adds who crosses what."""
    for seen in watched:
        crossings = counter.update(
            seen.tracks, seen.frame.number, seen.frame.time_s
        )
        occupancy = dict(counter.zones.occupancy)
        yield replace(seen, crossings=crossings, occupancy=occupancy)


def annotate(
    watched: Iterable[Seen], painter: Painter, counter: SceneCounter
) -> Iterator[tuple[Seen, Image]]:
    """Draws each frame: counts where there is a scene, else detections."""
    trails = Trails()
    crossed_at: dict[str, float] = {}
    for seen in watched:
        image = seen.frame.image.copy()
        if not counter.scene:
            painter.detections(image, seen.detections)
            yield seen, image
            continue
        now = seen.frame.time_s
        crossed_at |= {crossing.line: now for crossing in seen.crossings}
        lit = [name for name, at in crossed_at.items() if now - at < _LIT_S]
        trails.update(seen.tracks, now)
        painter.zones(image, counter.scene.zones, seen.occupancy)
        painter.lines(image, counter.scene.lines, lit)
        painter.tracks(image, seen.tracks, trails)
        painter.totals(image, counter.totals)
        yield seen, image


def _carried(tracks: Iterable[Track]) -> Detections:
    seen = [track for track in tracks if track.is_seen]
    return Detections.of(
        [track.box for track in seen],
        [track.score for track in seen],
        [track.class_id for track in seen],
    )
