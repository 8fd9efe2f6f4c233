"""Keys as they are pressed on a terminal, without Enter."""

import os
import select
import signal
import sys
import termios
import tty
from types import FrameType, TracebackType
from typing import NoReturn, Self

_MOST_AT_ONCE = 1024


class TerminalKeys:
    """Reads the keys of a terminal without waiting for them.

    A context manager: whatever ends it, SIGTERM included, the terminal then
    echoes and waits for Enter again as it did. Ctrl-C stays an interrupt.

    Args:
        terminal: file descriptor, such as that of stdin.
    """

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal

    def __enter__(self) -> Self:
        self._former = termios.tcgetattr(self._terminal)
        self._former_handler = signal.signal(signal.SIGTERM, _exit)
        tty.setcbreak(self._terminal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._former)
        signal.signal(signal.SIGTERM, self._former_handler)

    def pressed(self) -> str:
        """Returns what was typed since the last call, often nothing."""
        ready, _, _ = select.select([self._terminal], [], [], 0)
        if not ready:
            return ""
        return os.read(self._terminal, _MOST_AT_ONCE).decode(errors="ignore")


def _exit(number: int, _: FrameType | None) -> NoReturn:
    """Unwinds the stack, which a signal by itself does not."""
    sys.exit(128 + number)
