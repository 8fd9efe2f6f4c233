"""Scripts that are killed at random moments, and started again."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from soak.processes import Ended, Script, end
from soak.sizes import KILLS, SEED

_INTERRUPTED = 130
_LINGER_S = 20.0
"""For how long workers may outlive a killed run."""


@dataclass
class Moments:
    """When to kill: at random, once a command has begun to write.

    Attributes:
        begun_s: seconds from the start of an undisturbed run to its first
            output.
        done_s: to its end.
    """

    begun_s: float
    done_s: float
    _generator: random.Random = field(
        default_factory=lambda: random.Random(SEED)
    )

    def draw(self) -> float:
        """Returns seconds after the start, a little before and after too."""
        return self._generator.uniform(0.9 * self.begun_s, 1.05 * self.done_s)


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


def kill_often(
    command: Callable[[Path], Script],
    folder: Path,
    moments: Moments,
    *,
    check: Callable[[Path], None],
    finish: Callable[[Path], None],
    last_file: str | None = None,
) -> str:
    """Kills a command `KILLS` times, over as many outputs as that takes.

    Args:
        command: makes the script for an output folder.
        folder: for the outputs.
        moments: to kill at.
        check: holds for an output after every kill.
        finish: holds for an output once a run was let end.
        last_file: whose presence makes a killed run a finished one.

    Returns:
        The numbers, in words.
    """
    killed = finished = 0
    while killed < KILLS:
        output = folder / str(finished)
        killed += kill_until_done(
            command(output),
            moments,
            KILLS - killed,
            partial(check, output),
            (output / last_file).exists if last_file else lambda: False,
        )
        finish(output)
        finished += 1
    return f"{killed} kills, {finished} times finished"
