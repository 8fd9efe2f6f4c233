r"""Collect images for training from a camera, a stream or a video.

In: a video file, the index of a webcam, or an RTSP or HTTP URL. Out:
OUTPUT/CLASS/TIME-FRAME.jpg. A frame is kept when the number of its class is
pressed on the terminal (q ends), when its button is pressed on a local page
that shows what the camera sees (--page), or every so many seconds (--every).
Blurred frames, and those that look like one that is there already, are left
out and counted. What earlier runs collected counts towards a target; when
all targets are reached, it ends. Ctrl-C ends it in order.

Example:
    python scripts/capture_images.py 0 --target person=200 motorcycle=200 \
        --page 8000 --output data/captured
"""

import argparse
import math
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    done,
    new_parser,
    port,
    positive_int,
    run_script,
    stop_on_interrupt,
    usage_error,
)
from crossline.errors import InputError

if TYPE_CHECKING:
    from crossline.capture.collection import Collection
    from crossline.capture.triggers import KeyPresses, Requests
    from crossline.live.view import LiveView

_SHORTEST_S = 0.001
_MOST_KEYS = 9


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "source", help="video file, webcam index, or RTSP or HTTP URL"
    )
    parser.add_argument(
        "--output", type=Path, default=Path("data/captured"), help="folder"
    )
    parser.add_argument(
        "--classes",
        nargs="+",
        type=_class_name,
        default=[],
        metavar="NAME",
        help="to collect, besides those of --target",
    )
    parser.add_argument(
        "--target",
        dest="targets",
        nargs="+",
        type=_target,
        default=[],
        metavar="NAME=COUNT",
        help="classes to collect and how many images of each",
    )
    parser.add_argument(
        "--every",
        type=_seconds,
        metavar="SECONDS",
        help="keep a frame each time, of the one class named",
    )
    parser.add_argument(
        "--page",
        type=port,
        metavar="PORT",
        help="serve a page with the live picture, buttons and counts",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="of the page; 0.0.0.0 opens it to everybody in the network",
    )
    # Of 97 photographs of COCO, two are below 60; blurred by a Gaussian of 3
    # pixels at a width of 640, 95 in a hundred. Before a fixed camera, people
    # who walk by change 3 to 6 bits in half a second, noise none or one.
    parser.add_argument(
        "--min-sharpness",
        type=float,
        default=60,
        help="variance of the Laplacian; raising it leaves out more, 0 none",
    )
    parser.add_argument(
        "--min-difference",
        type=int,
        default=4,
        metavar="BITS",
        help="of 64, by which a frame differs at least from each image that "
        "is there; raising it leaves out more, 0 none",
    )
    return parser


def run(
    source: str,
    output: Path,
    classes: list[str],
    targets: list[tuple[str, int]],
    every: float | None,
    page: int | None,
    host: str,
    min_sharpness: float,
    min_difference: int,
) -> "Collection":
    wanted = {**dict.fromkeys(classes), **dict(targets)}
    _require_a_way(wanted, every, page)
    from crossline.capture.capture import capture
    from crossline.capture.collection import Collection
    from crossline.capture.triggers import Interval, Trigger, in_real_time
    from crossline.live.view import LiveView
    from crossline.video.reader import open_video

    triggers: list[Trigger] = []
    with ExitStack() as stack:
        is_interrupted = stack.enter_context(stop_on_interrupt())
        reader = stack.enter_context(open_video(source, is_interrupted))
        collection = Collection(
            output,
            wanted,
            min_sharpness=min_sharpness,
            min_difference=min_difference,
        )
        view = stack.enter_context(LiveView())
        endings = [is_interrupted]
        if every is not None:
            triggers.append(Interval(next(iter(wanted)), every))
        elif sys.stdin.isatty():
            presses = stack.enter_context(_key_presses(list(wanted)))
            triggers.append(presses)
            endings.append(lambda: presses.has_quit)
        if page is not None:
            serving = _page_requests(collection, view, host, page)
            triggers.append(stack.enter_context(serving))
        is_watched = every is None and Path(source).is_file()
        capture(
            in_real_time(reader) if is_watched else reader,
            collection,
            triggers,
            is_over=lambda: any(ending() for ending in endings),
            show=view.show,
            tell=lambda: _show_status(collection.status()),
        )
    _report(collection)
    if is_interrupted():
        raise KeyboardInterrupt("what was collected until then is saved")
    return collection


@contextmanager
def _key_presses(class_names: Sequence[str]) -> "Iterator[KeyPresses]":
    from crossline.capture.keys import TerminalKeys
    from crossline.capture.triggers import KeyPresses

    with TerminalKeys(sys.stdin.fileno()) as keys:
        presses = KeyPresses(keys, class_names)
        _say(f"Keys: {presses.help()}")
        yield presses


@contextmanager
def _page_requests(
    collection: "Collection", view: "LiveView", host: str, port: int
) -> "Iterator[Requests]":
    from crossline.capture.page import capture_page
    from crossline.capture.triggers import Requests
    from crossline.live.server import serving

    requests = Requests()
    with serving(capture_page(collection, requests, view), host, port) as url:
        _say(f"Open {url}")
        yield requests


def _require_a_way(
    wanted: Mapping[str, int | None], every: float | None, page: int | None
) -> None:
    """Makes sure that something can say which frames to keep."""
    parser = build_parser()
    if not wanted:
        usage_error(parser, "name what to collect: --classes or --target")
    if every is not None and len(wanted) > 1:
        usage_error(parser, "--every collects one class at a time")
    if every is not None or page is not None:
        return
    if len(wanted) > _MOST_KEYS:
        usage_error(parser, f"{_MOST_KEYS} classes have a key; pass --page")
    if not sys.stdin.isatty():
        raise InputError(
            "standard input",
            "is no terminal whose keys could be read",
            remedy="pass --every SECONDS or --page PORT",
        )


def _report(collection: "Collection") -> None:
    if sys.stderr.isatty():
        _say("")  # Ends the line of the status.
    for name, count in collection.counts.items():
        target = collection.targets[name]
        print(f"{count:7d} {name}" + (f" of {target}" if target else ""))
    for reason, count in collection.left_out.most_common():
        print(f"{count:7d} left out: {reason}")
    done(f"Saved {collection.saved} images in {collection.folder}.")


def _show_status(line: str) -> None:
    """Rewrites one line of a terminal; elsewhere nobody watches."""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write(f"\r\x1b[K{line[:width]}")
        sys.stderr.flush()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _class_name(text: str) -> str:
    """Refuses what cannot be the name of a folder."""
    if Path(text).name != text or text.startswith("."):
        raise argparse.ArgumentTypeError(f"{text!r} cannot name a folder")
    return text


def _target(text: str) -> tuple[str, int]:
    name, equals, count = text.rpartition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=COUNT")
    return _class_name(name), positive_int(count)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not _SHORTEST_S <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time in seconds")
    return value


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
