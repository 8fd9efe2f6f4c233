r"""How fast a video is counted: the tutorials' scheme, ours, and the limit.

In turns, each in a process of its own that has loaded its model before: the
scheme of tutorial_scheme.py, and ours, both without and with a video. A turn
is from opening the video to closing what was written. Ours is then told stage
by stage: how long each takes alone, for a part of the frames. The limit is the
larger of the slowest of them and of half the seconds of a core that a turn
took. On a machine that others use, frames per second mean little, ratios
within a round more, and milliseconds of a core most.

Example:
    python -m benchmarks.video vtest.avi --saved-model exported/float
"""

import argparse
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from crossline.command_line import (
    EMBEDDED_MODEL,
    new_parser,
    positive_int,
    run_script,
)
from crossline.video.presets import PRESETS

_CORES = 2
_ALONE = 200
"""Frames that each stage is timed for, since all are held in memory."""

_loaded: dict[Path, Any] = {}
"""Models of this process."""


@dataclass(frozen=True)
class Turn:
    """One way through the video.

    Attributes:
        frames: that were watched.
        seconds: on the clock.
        busy: seconds of a core.
        counted: what came of it.
    """

    frames: int
    seconds: float
    busy: float
    counted: str

    @property
    def speed(self) -> float:
        """Frames per second."""
        return self.frames / self.seconds

    def __str__(self) -> str:
        busy = 1e3 * self.busy / self.frames
        return (
            f"{self.speed:.0f} frames/s, {busy:.1f} ms of a core a frame "
            f"({self.counted})"
        )


@dataclass(frozen=True)
class Ours:
    """How we watch.

    Attributes:
        model: that detects.
        x: of the vertical line, pixels.
        preset: see `crossline.video.presets`.
        threads: that detect.
    """

    model: Path
    x: float
    preset: str
    threads: int

    def opened(self) -> Any:
        """Returns a detector, and what to look for, as count_video.py has."""
        from crossline.detect.detector import open_detector
        from crossline.video.loop import WatchSettings

        chosen = PRESETS[self.preset]
        if self.model not in _loaded:
            _loaded[self.model] = open_detector(self.model, 1, chosen.tiles)
        detector = _loaded[self.model]
        return detector, WatchSettings(
            [*detector.class_names],
            chosen.min_score,
            chosen.detect_every,
            class_scores=chosen.scores_by_id(detector.class_names),
        )

    def scene(self, height: int) -> Any:
        """Returns the line, through a frame of this height."""
        from crossline.count.lines import Line
        from crossline.count.scene import Scene

        ends = (self.x, 0), (self.x, height)
        return Scene((Line("line", *ends, ("right", "left")),))


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("source", type=Path, help="video file")
    parser.add_argument(
        "--saved-model",
        type=Path,
        required=True,
        help="export folder with a saved_model, for the scheme",
    )
    parser.add_argument(
        "--model", type=Path, default=EMBEDDED_MODEL, help="ours"
    )
    parser.add_argument(
        "--x", type=float, default=384, help="of the line, pixels"
    )
    parser.add_argument(
        "--preset", choices=PRESETS, default="fast", help="of ours"
    )
    parser.add_argument(
        "--threads", type=positive_int, default=2, help="that detect in ours"
    )
    parser.add_argument(
        "--rounds", type=positive_int, default=3, help="turns of each"
    )
    return parser


def run(
    source: Path,
    saved_model: Path,
    model: Path,
    x: float,
    preset: str,
    threads: int,
    rounds: int,
) -> dict[str, list[Turn]]:
    with tempfile.TemporaryDirectory() as name, own_process() as theirs:
        scratch, way_of_ours = Path(name), Ours(model, x, preset, threads)
        turns: dict[str, list[Turn]] = {}
        with own_process() as ours:
            for _ in range(rounds):
                for video in (None, scratch / "video.mp4"):
                    suffix = " with video" if video else ""
                    for way, process, watch, arguments in (
                        ("scheme", theirs, by_scheme, (saved_model, x)),
                        ("ours", ours, by_us, (way_of_ours,)),
                    ):
                        turn = process.submit(
                            watch, source, video, *arguments
                        ).result()
                        turns.setdefault(way + suffix, []).append(turn)
                        print(f"{way}{suffix}: {turn}", flush=True)
            stages = ours.submit(alone, source, way_of_ours, scratch).result()
    report(turns, stages)
    return turns


def own_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def by_scheme(source: Path, video: Path | None, model: Path, x: float) -> Turn:
    from benchmarks.tutorial_scheme import Scheme, watch
    from crossline.detect.detector import open_detector

    if model not in _loaded:
        _loaded[model] = open_detector(model)
        # TensorFlow compiles in its first calls.
        for _ in watch(source, Scheme(_loaded[model], x), None):
            break
    scheme = Scheme(_loaded[model], x)
    frames, seconds, busy = timed(
        lambda: sum(1 for _ in watch(source, scheme, video))
    )
    return Turn(
        frames,
        seconds,
        busy,
        f"right {scheme.right}, left {scheme.left}, {scheme.ids} ids",
    )


def by_us(source: Path, video: Path | None, ours: Ours) -> Turn:
    from crossline.count.counter import SceneCounter
    from crossline.video.count_video import count_video
    from crossline.video.reader import VideoReader

    detector, settings = ours.opened()

    def count() -> Any:
        with (
            VideoReader(str(source)) as reader,
            tempfile.TemporaryDirectory() as folder,
        ):
            return count_video(
                reader,
                detector,
                SceneCounter(ours.scene(reader.height)),
                settings,
                Path(folder),
                model=str(ours.model),
                threads=ours.threads,
                writes_video=video is not None,
            )

    summary, seconds, busy = timed(count)
    ways = summary.totals["line"]
    counted = ", ".join(f"{way} {sum(n.values())}" for way, n in ways.items())
    return Turn(summary.frames, seconds, busy, counted)


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Returns what it returns, and seconds on the clock and of a core."""
    started, busy = time.perf_counter(), time.process_time()
    result = work()
    seconds = time.perf_counter() - started
    return result, seconds, time.process_time() - busy


def alone(
    source: Path, ours: Ours, scratch: Path
) -> dict[str, tuple[float, float]]:
    """Returns seconds, on the clock and of a core, per frame and stage."""
    from crossline.count.counter import SceneCounter
    from crossline.video.draw import Painter
    from crossline.video.loop import (
        annotate,
        count_crossings,
        detect,
        track,
    )
    from crossline.video.reader import VideoReader
    from crossline.video.schedule import Schedule
    from crossline.video.writer import VideoWriter

    detector, settings = ours.opened()
    taken: dict[str, tuple[float, float]] = {}

    def stage(name: str, items: Iterable[Any]) -> list[Any]:
        made: list[Any]
        made, seconds, busy = timed(lambda: [*items])
        taken[name] = seconds / len(made), busy / len(made)
        return made

    with VideoReader(str(source)) as reader:
        size, fps = (reader.width, reader.height), reader.fps
        frames = stage("decode", itertools.islice(reader, _ALONE))
    schedule = Schedule(settings.detect_every, float(1 / fps), ours.threads)
    detected = stage(
        "detect", detect(frames, detector, settings, schedule, ours.threads)
    )
    counter = SceneCounter(ours.scene(size[1]))
    tracked = track(detected, settings, size, schedule)
    seen = stage("track and count", count_crossings(tracked, counter))
    painter = Painter(detector.class_names, *size)
    drawn = stage("draw", annotate(seen, painter, counter.scene))
    with VideoWriter(scratch / "alone.mp4", *size, fps) as video:

        def encode() -> Iterator[None]:
            for each in drawn:
                video.write(each.frame.image, each.frame.time_s)
                yield

        stage("encode", encode())
    return taken


def report(
    turns: dict[str, list[Turn]], stages: dict[str, tuple[float, float]]
) -> None:
    print("\nstage alone       ms a frame   of a core")
    for name, (seconds, busy) in stages.items():
        print(f"{name:16} {1e3 * seconds:10.2f} {1e3 * busy:10.2f}")
    for suffix in ("", " with video"):
        ours, theirs = turns["ours" + suffix], turns["scheme" + suffix]
        report_ratios(
            f"ours / scheme{suffix}",
            [
                one.speed / other.speed
                for one, other in zip(ours, theirs, strict=True)
            ],
        )
        slowest = max(
            seconds
            for name, (seconds, _) in stages.items()
            if suffix or name not in ("draw", "encode")
        )
        report_ratios(
            f"time / limit{suffix}",
            [
                turn.seconds / max(turn.busy / _CORES, slowest * turn.frames)
                for turn in ours
            ],
        )
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def report_ratios(name: str, ratios: Sequence[float]) -> None:
    print(
        f"{name}: {statistics.median(ratios):.2f} "
        f"({min(ratios):.2f} to {max(ratios):.2f})"
    )


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
