"""Scripts as processes of their own: run, killed, and started again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
_INTERRUPTED = 130
_LINGER_S = 20.0
"""For how long workers may outlive a killed run."""

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


@dataclass
class Moments:
    """When to kill: at random, once a command has begun to write.

    Attributes:
        begun_s: seconds from the start of an undisturbed run to its first
            output.
        done_s: to its end.
        generator: makes the moments.
    """

    begun_s: float
    done_s: float
    generator: random.Random = field(default_factory=random.Random)

    def draw(self) -> float:
        """Returns seconds after the start, a little before and after too."""
        return self.generator.uniform(0.9 * self.begun_s, 1.05 * self.done_s)


def end(process: Process) -> Ended:
    """Waits for a process."""
    said, _ = process.communicate()
    return Ended(process.returncode, said)


def measure(script: Script, has_begun: Callable[[], bool]) -> Moments:
    """Runs a script undisturbed and tells when it could be killed."""
    started = time.monotonic()
    process = script.start()
    while not has_begun() and process.poll() is None:
        time.sleep(0.01)
    begun_s = time.monotonic() - started
    ended = end(process)
    assert ended.status == 0, ended.said
    return Moments(begun_s, time.monotonic() - started)


def kill_at(
    script: Script, seconds: float, how: signal.Signals = signal.SIGKILL
) -> Ended | None:
    """Starts a script and sends it a signal; None if it was done first.

    Only the process itself is hit, as the kernel does when memory is short.
    Its workers must end by themselves.
    """
    process = script.start()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(how)
    ended = end(process)
    require_no_orphans(process.pid)
    # It may have ended in the very moment.
    assert ended.status in (0, -how, _INTERRUPTED), ended.said
    return ended if ended.status else None


def kill_until_done(
    script: Script,
    moments: Moments,
    kills: int,
    check: Callable[[], None],
    is_done: Callable[[], bool] = lambda: False,
) -> int:
    """Kills a script at random moments, again and again, until it is done.

    Args:
        script: goes on, or starts over, when it is run again.
        moments: to kill it at.
        kills: after so many it is left in peace.
        check: holds after every kill, and at the end.
        is_done: whether a run that was killed had nothing left to do.

    Returns:
        How often it was killed.
    """
    for killed in range(kills):
        ended = kill_at(script, moments.draw())
        check()
        if ended is None:
            return killed
        if is_done():
            return killed + 1
    script.run()
    check()
    return kills


def require_no_orphans(group: int) -> None:
    """Makes sure that nothing of a process group lives on."""
    patience = time.monotonic() + _LINGER_S
    while time.monotonic() < patience:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    raise AssertionError(f"workers of {group} live on, {_LINGER_S:g} s later")


def at_once(scripts: Iterable[Script]) -> list[Ended]:
    """Runs scripts side by side."""
    return [end(process) for process in [s.start() for s in scripts]]
