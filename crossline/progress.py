"""Progress of long work, on stderr: a bar, or now and then a line in a log."""

import sys
from collections.abc import Iterable
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")

LOG_EVERY_S = 30.0
"""Between the lines where stderr is no terminal."""
_CURSOR_UP = "\x1b[A"
"""With which tqdm leaves a bar below another one."""
_LINE = "{desc}: {n_fmt}/{total_fmt}, {rate_fmt}{postfix}, {remaining} left"


def progress(
    items: Iterable[T],
    description: str,
    total: int | None = None,
    unit: str = "it",
    *,
    initial: int = 0,
) -> "tqdm[T]":
    """Wraps `items` in a bar; where stderr is no terminal, in rare lines.

    Bytes, of unit ``B``, are told in kB and MB.

    Args:
        items: to go through; a bar that is updated by hand takes none.
        description: of the work.
        total: number of the items where they cannot tell.
        unit: what one of them is called.
        initial: how many an earlier run has done.
    """
    is_bar = sys.stderr.isatty()
    return tqdm(
        items,
        desc=description,
        total=total,
        unit=unit,
        unit_scale=unit == "B",
        initial=initial,
        file=None if is_bar else _Lines(),
        mininterval=0.1 if is_bar else LOG_EVERY_S,
        maxinterval=10.0 if is_bar else LOG_EVERY_S,
        # What ends sooner needs no line.
        delay=0 if is_bar else LOG_EVERY_S,
        bar_format=None if is_bar else _LINE,
    )


class _Lines:
    """Gives each state of a bar a line of its own."""

    def write(self, text: str) -> None:
        line = text.replace(_CURSOR_UP, "").strip()
        if line:
            sys.stderr.write(f"{line}\n")

    def flush(self) -> None:
        sys.stderr.flush()
