"""The one exception for what the person at the keyboard can mend."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any


class InputError(Exception):
    """Bad input: a file, the place in it, what is wrong, what to do.

    Scripts print it as one line on stderr and end with exit status 1.

    Args:
        source: the file (or URL, or device) that is at fault.
        problem: what is wrong, with the value that was found.
        place: where in the source, such as ``line 17`` or ``image 42``.
        remedy: what to do about it.

    Attributes:
        problem: as given, for an error that tells of this one.
    """

    def __init__(
        self,
        source: str | Path,
        problem: str,
        *,
        place: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problem = problem
        self._given = partial(
            type(self), source, problem, place=place, remedy=remedy
        )
        where = f"{source} {place}" if place else f"{source}"
        line = f"{where}: {problem}"
        if remedy:
            line = f"{line}; {remedy}"
        super().__init__(" ".join(line.split()))

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[()]]:
        """Lets it cross the border of a process, as it was raised."""
        return self._given, ()
