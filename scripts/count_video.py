r"""Count what crosses lines, and what is in zones, of a video.

In: a video file, a folder of images, the index of a webcam, or an RTSP or HTTP
URL, whose connection is made again where it breaks; a model, as a
.tflite file or an export folder; the one in exported/street, which knows
person, bicycle, car, motorcycle, bus and truck, if none is named. Out, in
OUTPUT: annotated.mp4 (H.264); events.csv, a row per crossing;
counts_per_minute.csv; occupancy.csv, who is in the zones; summary.json with
the totals; paths.png, where the tracks went; counts.png, where matplotlib is
installed. Tables and video grow while it runs; Ctrl-C ends it in order.
Without a line or zone nothing is counted, and the video shows boxes with class
and confidence alone.

Example:
    python scripts/count_video.py street.mp4 --line gate=0.5,0,0.5,1
"""

import argparse
import contextlib
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    EMBEDDED_MODEL,
    add_device_arguments,
    done,
    fraction,
    new_parser,
    port,
    positive_int,
    run_script,
    stop_on_interrupt,
    usage_error,
)
from crossline.video.presets import PRESETS

if TYPE_CHECKING:
    from crossline.geometry import Image
    from crossline.video.count_video import Summary
    from crossline.video.schedule import DetectEvery

# A frame that no line of a sensible command lies outside of.
_ANY_SIZE = 10**6


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "source",
        help="video file, folder of images, webcam index, or RTSP or HTTP URL",
    )
    parser.add_argument(
        "--model",
        type=Path,
        default=EMBEDDED_MODEL,
        help=".tflite file or export folder",
    )
    parser.add_argument(
        "--output",
        type=Path,
        help="folder; runs/count/NAME of the source if unset, numbered where "
        "that is taken",
    )
    parser.add_argument(
        "--line",
        dest="lines",
        metavar="NAME=X1,Y1,X2,Y2[:ONE/OTHER]",
        type=_line_text,
        action="append",
        default=[],
        help="a line to count at, in pixels, or in fractions of the frame "
        "where all four are 0 to 1; ONE and OTHER name the directions, "
        "towards growing x (or y) first; may be given again",
    )
    parser.add_argument(
        "--zone",
        dest="zones",
        metavar="NAME=X1,Y1,X2,Y2,X3,Y3,...",
        type=_zone_text,
        action="append",
        default=[],
        help="a polygon whose entries, exits and occupancy to count, "
        "likewise; may be given again",
    )
    parser.add_argument(
        "--scene",
        type=Path,
        metavar="YAML",
        help="file of lines and zones: docs/counting.md",
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help="count a track at most once per line and direction",
    )
    parser.add_argument(
        "--classes",
        nargs="+",
        metavar="NAME",
        default=[],
        help="look for these alone; for all that the model knows if unset",
    )
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        default="fast",
        help="what --min-score, --tiles and --detect-every are if unset: "
        "fast looks at each frame as a whole, accurate at parts of it, too",
    )
    parser.add_argument(
        "--min-score",
        type=fraction,
        help="confidence that begins a track, or shows a box; lowering it "
        "finds more objects and more that are none",
    )
    parser.add_argument(
        "--detect-every",
        type=_detect_every,
        metavar="N|auto",
        help="detect in every Nth frame and carry the tracks in between by "
        "correlation, 3 ms an object; auto measures both, and detects as "
        "often as keeps up with the video",
    )
    parser.add_argument(
        "--max-frames", type=positive_int, help="end after so many frames"
    )
    parser.add_argument(
        "--no-video", action="store_true", help="write no annotated.mp4"
    )
    parser.add_argument(
        "--tracks",
        action="store_true",
        help="write tracks.txt, too: who was where in each frame, in "
        "MOTChallenge's form, for evaluate_tracking.py",
    )
    parser.add_argument(
        "--blur",
        type=_names,
        default=[],
        metavar="NAME,...",
        help="classes to make unrecognisable in every picture that is "
        "written or shown, looked for or not",
    )
    parser.add_argument(
        "--show",
        type=port,
        nargs="?",
        const=8000,
        metavar="PORT",
        help="show what is watched on a local page; port 8000 if none is "
        "named behind it, 0 for any that is free",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="of the page; 0.0.0.0 opens it to everybody in the network",
    )
    add_device_arguments(parser, tiles=None)
    return parser


def run(
    source: str,
    model: Path,
    output: Path | None,
    lines: list[str],
    zones: list[str],
    scene: Path | None,
    once: bool,
    classes: list[str],
    preset: str,
    min_score: float | None,
    detect_every: "DetectEvery | None",
    max_frames: int | None,
    no_video: bool,
    tracks: bool,
    blur: list[str],
    show: int | None,
    host: str,
    tiles: tuple[int, int] | None,
    threads: int,
    delegate: str | None,
) -> "Summary":
    from crossline.count.counter import SceneCounter
    from crossline.count.scene_file import scene_of
    from crossline.detect.detector import open_detector
    from crossline.detect.select import wanted_class_ids
    from crossline.run_folders import run_folder
    from crossline.video.count_video import SUMMARY_NAME, count_video
    from crossline.video.loop import WatchSettings
    from crossline.video.reader import open_video

    if no_video and show is None and not (lines or zones or scene or tracks):
        usage_error(
            build_parser(),
            "--no-video leaves nothing without --line, --zone, --scene or "
            "--tracks",
        )
    chosen = PRESETS[preset].but(
        min_score=min_score, tiles=tiles, detect_every=detect_every
    )
    with (
        stop_on_interrupt(signal.SIGTERM) as is_stopped,
        open_video(source, is_stopped) as reader,
    ):
        size = reader.width, reader.height
        counter = SceneCounter(scene_of(lines, zones, scene, *size), once)
        # Frames at once keep more cores busy than threads within a frame do,
        # but another chip takes one at a time.
        detector = open_detector(model, 1, chosen.tiles, delegate)
        class_ids = wanted_class_ids(classes, detector.class_names, model)
        settings = WatchSettings(
            class_ids,
            chosen.min_score,
            chosen.detect_every,
            wanted_class_ids(blur, detector.class_names, model)
            if blur
            else [],
            chosen.scores_by_id(detector.class_names),
        )
        usual = Path("runs") / "count" / _run_name(source)
        with (
            _shown_on_page(show, host, reader.name) as show_image,
            run_folder(output, usual, SUMMARY_NAME) as folder,
        ):
            summary = count_video(
                reader,
                detector,
                counter,
                settings,
                folder,
                model=str(model),
                tiles=chosen.tiles,
                threads=1 if delegate else threads,
                writes_video=not no_video,
                writes_tracks=tracks,
                show=show_image,
                max_frames=max_frames,
                is_stopped=is_stopped,
            )
    _report(summary, folder)
    if summary.is_interrupted:
        raise KeyboardInterrupt("what was seen until then is written")
    return summary


@contextlib.contextmanager
def _shown_on_page(
    port: int | None, host: str, name: str
) -> "Iterator[Callable[[Image], None] | None]":
    """Yields what shows a picture on a local page; None without a port."""
    if port is None:
        yield None
        return
    from crossline.live.server import serving
    from crossline.live.view import LiveView
    from crossline.live.watch_page import watch_page

    with (
        LiveView() as view,
        serving(watch_page(view, name), host, port) as url,
    ):
        sys.stderr.write(f"Open {url}\n")
        yield view.show


def _report(summary: "Summary", folder: Path) -> None:
    for line, directions in (summary.totals or {}).items():
        for direction, counts in directions.items():
            each = ", ".join(f"{n} {name}" for name, n in counts.items())
            print(f"{line} {direction}: {each or 0}")
    done(
        f"Wrote {folder}: {summary.frames} frames at "
        f"{summary.processed_fps} fps."
    )


def _detect_every(text: str) -> "DetectEvery":
    return "auto" if text == "auto" else positive_int(text)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _line_text(text: str) -> str:
    from crossline.count.scene import parse_line

    return _checked(text, parse_line)


def _zone_text(text: str) -> str:
    from crossline.count.scene import parse_zone

    return _checked(text, parse_zone)


def _checked(text: str, parse: Callable[[str, int, int], object]) -> str:
    """Refuses at the command line what is no line or zone in any frame."""
    from crossline.errors import InputError

    try:
        parse(text, _ANY_SIZE, _ANY_SIZE)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _run_name(source: str) -> str:
    """Names a run by its source: street, webcam-0, camera.local-live."""
    from crossline.video.connection import public_name

    if source.isdecimal():
        return f"webcam-{source}"
    if "://" not in source:
        return Path(source).stem
    address = public_name(source).partition("://")[2]
    return re.sub(r"[^\w.]+", "-", address).strip("-")


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
