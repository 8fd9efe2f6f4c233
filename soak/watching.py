"""What a process takes of the machine while it runs (Linux's /proc)."""

import re
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from soak.processes import Script, end

_EVERY_S = 0.05


@dataclass(frozen=True)
class Use:
    """At one moment.

    Attributes:
        memory: resident, in megabytes (10^6).
        files: open descriptors.
        threads: of the process.
    """

    memory: float
    files: int
    threads: int


@dataclass(frozen=True)
class Course:
    """How the use went, after a fifth of the time for warming up."""

    uses: list[Use]

    @property
    def growth(self) -> float:
        """Megabytes from the second fifth of the time to the last one."""
        return self._memory(-1) - self._memory(1)

    @property
    def memory(self) -> float:
        """Megabytes at the end."""
        return self._memory(-1)

    def most(self, of: str) -> tuple[int, int]:
        """Returns the highest number in the second and the last fifth."""
        second, last = self._fifth(1), self._fifth(-1)
        return (
            max(getattr(use, of) for use in second),
            max(getattr(use, of) for use in last),
        )

    def require_flat(self, megabytes: float) -> None:
        """Makes sure that nothing grew, memory by so much at most."""
        for of in ("files", "threads"):
            second, last = self.most(of)
            assert last <= second, f"{of} grew from {second} to {last}"
        assert self.growth <= megabytes, self.memories()

    def memories(self) -> list[float]:
        """Returns twenty points of the curve, in megabytes."""
        step = max(1, len(self.uses) // 20)
        return [round(use.memory, 1) for use in self.uses[::step]]

    def __str__(self) -> str:
        files, threads = (self.most(of)[1] for of in ("files", "threads"))
        return (
            f"{self.memory:.0f} MB at the end, {self.growth:+.1f} MB since "
            f"the warm-up; {files} files, {threads} threads"
        )

    def _memory(self, fifth: int) -> float:
        return median(use.memory for use in self._fifth(fifth))

    def _fifth(self, number: int) -> list[Use]:
        size = len(self.uses) // 5
        assert size, "too short to tell"
        start = number * size if number >= 0 else len(self.uses) - size
        return self.uses[start : start + size]


def watch(script: Script) -> Course:
    """Runs a script to its end, which must be a good one."""
    process = script.start()
    uses = []
    while process.poll() is None:
        use = _use(process.pid)
        if use:
            uses.append(use)
        time.sleep(_EVERY_S)
    ended = end(process)
    assert ended.status == 0, ended.said
    return Course(uses)


def _use(process: int) -> Use | None:
    """Returns None where the process is on its way out."""
    folder = Path("/proc") / str(process)
    status = (folder / "status").read_text()
    memory = re.search(r"VmRSS:\s*(\d+) kB", status)
    threads = re.search(r"Threads:\s*(\d+)", status)
    if not (memory and threads):
        return None
    files = len(list((folder / "fd").iterdir()))
    return Use(int(memory[1]) * 1024 / 1e6, files, int(threads[1]))
