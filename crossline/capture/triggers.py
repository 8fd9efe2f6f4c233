"""What says when a frame is to be kept, and for which class."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue

from crossline.capture.keys import TerminalKeys
from crossline.video.frame import Frame

Trigger = Callable[[Frame], Iterable[str]]
"""Called once per frame; returns the classes that want it."""

QUIT_KEY = "q"
CLASS_KEYS = "123456789"

_LONGEST_WAIT_S = 1.0


class Interval:
    """Wants a frame every so many seconds of the video, the first one too.

    Args:
        class_name: for which.
        seconds: from one frame to the next.
    """

    def __init__(self, class_name: str, seconds: float) -> None:
        self._class_name = class_name
        self._seconds = seconds
        self._due = 0.0

    def __call__(self, frame: Frame) -> Iterable[str]:
        """See `Trigger`."""
        if frame.time_s < self._due:
            return []
        # Not from this frame's time: the error would add up.
        missed = (frame.time_s - self._due) // self._seconds
        self._due += (missed + 1) * self._seconds
        return [self._class_name]


class KeyPresses:
    """Wants a frame for the class whose number is pressed.

    Args:
        keys: of the terminal.
        class_names: the first has key 1.

    Attributes:
        has_quit: whether ``q`` was pressed.
    """

    def __init__(self, keys: TerminalKeys, class_names: Sequence[str]) -> None:
        self._keys = keys
        self._class_of = dict(zip(CLASS_KEYS, class_names, strict=False))
        self.has_quit = False

    def help(self) -> str:
        """Returns which key does what."""
        classes = [f"{key} {name}" for key, name in self._class_of.items()]
        return ", ".join([*classes, f"{QUIT_KEY} ends"])

    def __call__(self, _: Frame) -> Iterable[str]:
        """See `Trigger`."""
        pressed = self._keys.pressed()
        self.has_quit |= QUIT_KEY in pressed
        return [
            self._class_of[key] for key in pressed if key in self._class_of
        ]


class Requests:
    """Wants a frame for each class that another thread asked for."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[str] = SimpleQueue()

    def ask(self, class_name: str) -> None:
        """Asks for the next frame."""
        self._waiting.put(class_name)

    def __call__(self, _: Frame) -> Iterable[str]:
        """See `Trigger`."""
        asked = []
        while True:
            try:
                asked.append(self._waiting.get_nowait())
            except Empty:
                return asked


def in_real_time(frames: Iterable[Frame]) -> Iterator[Frame]:
    """Yields the frames of a file when a player would show them."""
    start = time.monotonic()
    for frame in frames:
        ahead = start + frame.time_s - time.monotonic()
        time.sleep(min(max(ahead, 0), _LONGEST_WAIT_S))
        yield frame
