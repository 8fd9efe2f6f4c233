"""Scripts as processes of their own."""

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
Process = subprocess.Popen[str]


@dataclass(frozen=True)
class Ended:
    """How a process ended.

    Attributes:
        status: exit status, negative for a signal.
        said: its stdout and stderr.
    """

    status: int
    said: str


@dataclass(frozen=True)
class Script:
    """One command line.

    Attributes:
        name: of the script, without ``.py``.
        arguments: its own.
        folder: to run it in.
    """

    name: str
    arguments: tuple[str | Path, ...]
    folder: Path = ROOT

    def start(self) -> Process:
        """Starts it in a process group of its own."""
        script = ROOT / "scripts" / f"{self.name}.py"
        return subprocess.Popen(
            [sys.executable, script, *self.arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self) -> str:
        """Runs it to its end, which must be a good one; returns its words."""
        ended = end(self.start())
        assert ended.status == 0, ended.said
        return ended.said


def end(process: Process) -> Ended:
    """Waits for a process."""
    said, _ = process.communicate()
    return Ended(process.returncode, said)


def at_once(scripts: Iterable[Script]) -> list[Ended]:
    """Runs scripts side by side."""
    return [end(process) for process in [s.start() for s in scripts]]
