"""How long each stage of the demo took: ``stages.tsv``.

`run_demo.sh` appends a line per stage: its name, its seconds and its command,
with tabs between.
"""

from pathlib import Path
from typing import NamedTuple

from crossline.errors import InputError
from crossline.files import require_file


class Stage(NamedTuple):
    """A stage, what it took and what one types for it."""

    name: str
    seconds: float
    command: str


def read_stages(path: Path) -> list[Stage]:
    """Reads ``stages.tsv``.

    Raises:
        InputError: it is missing, or a line of it is something else.
    """
    require_file(path, "run_demo.sh writes it")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_stage(line, path, k) for k, line in enumerate(lines, 1)]


def duration(seconds: float) -> str:
    """Returns ``8 min 12 s``, or ``12.3 s`` below a minute."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{seconds:.1f} s"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def _stage(line: str, path: Path, number: int) -> Stage:
    try:
        name, seconds, command = line.split("\t")
        return Stage(name, float(seconds), command)
    except ValueError as error:
        raise InputError(
            path,
            f"{line!r} is not a stage, its seconds and its command",
            place=f"line {number}",
            remedy="tabs stand between the three",
        ) from error
