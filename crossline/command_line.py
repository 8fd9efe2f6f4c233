"""What every script shares: its parser, its exit status, its last line.

A script has three functions: `build_parser()`, `run(...)`, which takes the
parsed arguments by name and does the work, and `main(argv) -> exit status`.
"""

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from crossline.errors import InputError

EMBEDDED_MODEL = (
    Path(__file__).parents[1] / "exported/street/model_int8.tflite"
)
"""The model that comes with crossline: six street classes of COCO."""
BAD_DATA = 1
INTERRUPTED = 130
_LARGEST_PORT = 65535


class _Formatter(
    argparse.ArgumentDefaultsHelpFormatter,
    argparse.RawDescriptionHelpFormatter,
):
    """Keeps the docstring's lines and names each default."""


def new_parser(docstring: str | None) -> argparse.ArgumentParser:
    """Returns a parser whose help text is the script's docstring."""
    return argparse.ArgumentParser(
        description=docstring, formatter_class=_Formatter
    )


def run_script(
    parser: argparse.ArgumentParser,
    run: Callable[..., object],
    argv: Sequence[str] | None = None,
) -> int:
    """Parses `argv` and calls `run` with the arguments by name.

    Returns:
        0 when `run` returns, 1 for bad data or a file that cannot be read or
        written, 130 for Ctrl-C; the last two with one line on stderr. A bad
        command line leaves through argparse with 2; any other exception is a
        fault of ours and keeps its traceback.
    """
    try:
        with _noticing_interrupt():
            arguments = vars(parser.parse_args(argv))
            _show_log()
            run(**arguments)
    except InputError as error:
        return _fail(parser, str(error))
    except ModuleNotFoundError as error:
        return _fail(
            parser,
            f"needs the package {error.name}, which a device does not have; "
            "bash scripts/set_up.sh installs all",
        )
    except BrokenPipeError:
        # The reader of our output has left, as `| head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_DATA
    except OSError as error:
        if error.filename is None and error.strerror is None:
            raise
        place = f"{error.filename}: " if error.filename else ""
        return _fail(parser, f"{place}{error.strerror}")
    except KeyboardInterrupt as interrupt:
        advice = str(interrupt) or "run it again to go on"
        _say(f"{parser.prog}: interrupted; {advice}")
        return INTERRUPTED
    return 0


def done(made: str, next_command: str | None = None) -> None:
    """Prints what was made and the command to run next."""
    print(made)  # noqa: T201
    if next_command:
        print(f"Next: {next_command}")  # noqa: T201


def add_device_arguments(
    parser: argparse.ArgumentParser, tiles: str | None = "1x1"
) -> None:
    """Adds how a model is run.

    Args:
        parser: to add to.
        tiles: what ``--tiles`` is if unset; None for the caller to choose.
    """
    from crossline.detect.delegates import LIBRARIES

    parser.add_argument(
        "--tiles",
        type=grid,
        default=tiles,
        metavar="COLUMNSxROWS",
        help="detect in so many overlapping parts of each frame, too: finds "
        "small objects, and takes a detection more for each part",
    )
    parser.add_argument(
        "--threads",
        type=positive_int,
        default=2,
        help="that detect",
    )
    parser.add_argument(
        "--delegate",
        choices=LIBRARIES,
        help="let another chip run a .tflite file: an Edge TPU, for which "
        "edgetpu_compiler has compiled it, or a GPU",
    )


def add_class_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds which classes a converter keeps, under which names."""
    parser.add_argument(
        "--classes",
        nargs="+",
        default=[],
        metavar="NAME",
        help="to keep, by name, id or supercategory; all if unset",
    )
    parser.add_argument(
        "--rename",
        nargs="+",
        type=name_pair,
        default=[],
        metavar="OLD=NEW",
        help="give kept classes other names; several may become one",
    )
    parser.add_argument(
        "--keep-empty",
        action="store_true",
        help="keep images without a kept object, as negatives",
    )


@contextlib.contextmanager
def stop_on_interrupt(
    *others: signal.Signals,
) -> Iterator[Callable[[], bool]]:
    """Lets Ctrl-C end a loop in order, not break it; a second one breaks.

    Args:
        others: signals that do as Ctrl-C does, such as SIGTERM.

    Yields:
        A function that tells whether somebody pressed it.
    """
    pressed = threading.Event()

    def stop(*_: object) -> None:
        pressed.set()
        for each in former:
            signal.signal(each, signal.default_int_handler)

    former: dict[signal.Signals, Any] = {}
    for each in (signal.SIGINT, *others):
        former[each] = signal.signal(each, stop)
    try:
        yield pressed.is_set
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)


def name_pair(text: str) -> tuple[str, str]:
    """Parses ``OLD=NEW``, as `--rename` takes it."""
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        raise argparse.ArgumentTypeError(f"{text!r} is not OLD=NEW")
    return old, new


def positive_int(text: str) -> int:
    """Parses a whole number of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a whole number above 0"
        )
    return int(text)


def grid(text: str) -> tuple[int, int]:
    """Parses columns and rows, such as ``2x2``."""
    columns, _, rows = text.partition("x")
    try:
        return positive_int(columns), positive_int(rows)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not COLUMNSxROWS, such as 2x2"
        ) from None


def fraction(text: str) -> float:
    """Parses a number from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 1")
    return value


def port(text: str) -> int:
    """Parses the number of a TCP port; 0 is any that is free."""
    if not text.isdecimal() or int(text) > _LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def usage_error(parser: argparse.ArgumentParser, message: str) -> NoReturn:
    """Ends a script whose options do not fit together, with status 2."""
    parser.error(message)


def shown(path: Path) -> str:
    """Returns `path` as a command line would name it."""
    import shlex

    return shlex.quote(str(path))


@contextlib.contextmanager
def _noticing_interrupt() -> Iterator[None]:
    """Turns whatever Ctrl-C breaks into `KeyboardInterrupt`.

    An import that it hits, and TensorFlow's takes seconds, may fail in other
    words. TensorFlow's C++ may also print and forget it: it is raised again
    each second until something leaves for it, and nothing else prints it.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # Somebody else's, or ignored as in a background job.
        return
    pressed = threading.Event()
    hooks = sys.excepthook, sys.unraisablehook

    def press(*_: object) -> None:
        pressed.set()
        sys.excepthook = lambda *_: None
        sys.unraisablehook = lambda _: None
        signal.setitimer(signal.ITIMER_REAL, 1.0)
        raise KeyboardInterrupt

    def insist(*_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 1.0)
        if not isinstance(sys.exception(), KeyboardInterrupt):
            raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, press)
        signal.signal(signal.SIGALRM, insist)
    try:
        yield
    except Exception as error:
        if pressed.is_set():
            raise KeyboardInterrupt from error
        raise
    finally:
        sys.excepthook, sys.unraisablehook = hooks
        if signal.getsignal(signal.SIGINT) is press:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _show_log() -> None:
    """Shows crossline's own messages on stderr, and no library's."""
    log = logging.getLogger("crossline")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.handlers = [logging.StreamHandler()]
    # Their C++ sides speak before anybody can ask them not to. TensorFlow
    # calls it an error where there is no GPU.
    has_gpu = any(Path("/dev").glob("nvidia*"))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2" if has_gpu else "3")
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")


def _fail(parser: argparse.ArgumentParser, line: str) -> int:
    _say(f"{parser.prog}: {line}")
    return BAD_DATA


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
