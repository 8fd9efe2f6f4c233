"""A video in, a folder with its counts out."""

import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from crossline.count.counter import SceneCounter
from crossline.count.events import (
    NamedTotals,
    ZoneSummary,
    named_totals,
    zone_summaries,
)
from crossline.count.growing import GrowingTable
from crossline.detect.detector import Detector
from crossline.detect.riders import with_ridden
from crossline.files import write_text
from crossline.geometry import Image
from crossline.progress import progress
from crossline.track.mot_challenge import row_of
from crossline.video.ahead import ahead, short_turns
from crossline.video.count_files import CountFiles
from crossline.video.draw import Painter
from crossline.video.frame import Video
from crossline.video.loop import (
    Seen,
    WatchSettings,
    annotate,
    blur,
    count_crossings,
    detect,
    track,
)
from crossline.video.schedule import DetectEvery, Schedule
from crossline.video.writer import VideoWriter

T = TypeVar("T")

VIDEO_NAME = "annotated.mp4"
SUMMARY_NAME = "summary.json"
TRACKS_NAME = "tracks.txt"


@dataclass(frozen=True)
class Summary:
    """What ``summary.json`` holds.

    Attributes:
        source: the video.
        model: the file or folder that detected.
        frames: how many were watched.
        duration_s: from the first frame to the end of the last.
        fps: of the video.
        processed_fps: frames watched per second of the run.
        dropped: frames of a live source that came too fast.
        is_truncated: whether the video held less than it promised.
        is_interrupted: whether somebody stopped the run.
        detect_every: frames from one detection to the next, or ``auto``.
        detections: in how many frames.
        tiles: columns and rows in which each frame was searched, too.
        min_score: of a detection that is shown or begins a track.
        class_scores: the same, of classes that have their own.
        once: whether a track counts once per line and direction at most.
        lines: x and y of start and end by name, pixels.
        zones: by name.
        totals: the crossings of lines and zones; None where there is none.
    """

    source: str
    model: str
    frames: int
    duration_s: float
    fps: float
    processed_fps: float
    dropped: int
    is_truncated: bool
    is_interrupted: bool
    detect_every: DetectEvery
    detections: int
    tiles: tuple[int, int]
    min_score: float
    class_scores: dict[str, float]
    once: bool
    lines: dict[str, tuple[float, float, float, float]]
    zones: dict[str, ZoneSummary]
    totals: NamedTotals | None


def count_video(
    reader: Video,
    detector: Detector,
    counter: SceneCounter,
    settings: WatchSettings,
    folder: Path,
    *,
    model: str,
    tiles: tuple[int, int] = (1, 1),
    threads: int = 1,
    writes_video: bool = True,
    writes_tracks: bool = False,
    show: Callable[[Image], None] | None = None,
    max_frames: int | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Summary:
    """Watches a video; counts, draws and writes as it goes.

    Decoding, detecting, tracking, drawing and encoding overlap, each in a
    thread of its own; detecting may have several.

    Args:
        reader: not yet begun.
        detector: finds the objects.
        counter: with its scene; with an empty one, there are no events, and
            the detections alone are drawn.
        settings: see there.
        folder: for the video, the events and the summary; made.
        model: names the detector in the summary.
        tiles: the detector's, for the summary.
        threads: that detect, each in a frame of its own.
        writes_video: whether to encode what is drawn.
        writes_tracks: whether to write each frame's tracks in MOTChallenge's
            form.
        show: takes each picture that is drawn.
        max_frames: to watch; None for all.
        is_stopped: asked before each frame. Frames that are under way then
            are still watched, counted and written.

    Returns:
        What the summary holds.
    """
    started, size = time.monotonic(), (reader.width, reader.height)
    unstopped = itertools.takewhile(lambda _: not is_stopped(), reader)
    frames = itertools.islice(unstopped, max_frames)
    frame_s = float(1 / reader.fps)
    schedule = Schedule(settings.detect_every, frame_s, threads)
    with short_turns(), ExitStack() as outputs:

        def in_thread(items: Iterable[T]) -> Iterator[T]:
            # None may work on when what it reads or writes is closed.
            return outputs.enter_context(closing(ahead(items)))

        detected = outputs.enter_context(
            closing(detect(frames, detector, settings, schedule, threads))
        )
        tracked = track(detected, settings, size, schedule)
        watched = count_crossings(tracked, counter)
        if settings.blurred_ids:
            hidden = with_ridden(settings.blurred_ids, detector.class_names)
            watched = blur(watched, hidden)
        files = None
        if counter.scene:
            names = {
                key: detector.class_names[key] for key in settings.class_ids
            }
            files = CountFiles(folder, counter, names, *size)
            watched = outputs.enter_context(files).written(watched)
        if writes_tracks:
            table = outputs.enter_context(GrowingTable(folder / TRACKS_NAME))
            watched = _tracked(watched, table)
        watched = in_thread(watched)
        if writes_video or show:
            painter = Painter(detector.class_names, *size)
            watched = in_thread(annotate(watched, painter, counter.scene))
        if show:
            watched = _shown(watched, show)
        if writes_video:
            video = VideoWriter(folder / VIDEO_NAME, *size, reader.fps)
            watched = _encoded(watched, outputs.enter_context(video))
        frame_count, end_s = _run(watched, reader, max_frames)
    if files:
        files.draw(end_s)
    summary = Summary(
        source=reader.name,
        model=model,
        frames=frame_count,
        duration_s=round(end_s, 3),
        fps=round(float(reader.fps), 3),
        processed_fps=round(frame_count / (time.monotonic() - started), 1),
        dropped=reader.dropped,
        is_truncated=reader.is_truncated,
        is_interrupted=is_stopped(),
        detect_every=settings.detect_every,
        detections=schedule.detections,
        tiles=tiles,
        min_score=settings.min_score,
        class_scores={
            detector.class_names[key]: score
            for key, score in settings.class_scores.items()
            if key in settings.class_ids
        },
        once=counter.lines.once,
        lines={
            line.name: (*line.start, *line.end) for line in counter.scene.lines
        },
        zones=zone_summaries(counter.zones, detector.class_names),
        totals=(
            named_totals(counter.totals, detector.class_names)
            if counter.scene
            else None
        ),
    )
    write_text(
        folder / SUMMARY_NAME,
        json.dumps(asdict(summary), indent=2, ensure_ascii=False) + "\n",
    )
    return summary


def _tracked(watched: Iterable[Seen], table: GrowingTable) -> Iterator[Seen]:
    for seen in watched:
        table.append(row_of(seen.frame.number, each) for each in seen.tracks)
        yield seen


def _shown(
    watched: Iterable[Seen], show: Callable[[Image], None]
) -> Iterator[Seen]:
    for seen in watched:
        show(seen.frame.image)
        yield seen


def _encoded(watched: Iterable[Seen], video: VideoWriter) -> Iterator[Seen]:
    for seen in watched:
        video.write(seen.frame.image, seen.frame.time_s)
        yield seen


def _run(
    watched: Iterable[Seen], reader: Video, max_frames: int | None
) -> tuple[int, float]:
    """Drives the stages; returns frames and seconds, and shows a bar."""
    known = [n for n in (reader.frame_count, max_frames) if n is not None]
    bar = progress(
        watched,
        Path(reader.name).name,
        total=min(known, default=None),
        unit="frame",
    )
    frames, end_s = 0, 0.0
    crossed: Counter[str] = Counter()
    for seen in bar:
        frames += 1
        end_s = seen.frame.time_s + float(1 / reader.fps)
        crossed.update(f"{c.line} {c.direction}" for c in seen.crossings)
        counts = (f"{way} {count}" for way, count in crossed.items())
        bar.set_postfix_str(", ".join(counts), refresh=False)
    return frames, end_s
