"""Time and memory that a fresh process takes to its first detection."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from crossline.progress import progress


@dataclass(frozen=True)
class StartUp:
    """What a fresh process needs until it has detected once.

    Attributes:
        seconds: from its start, Python's own included.
        megabytes: the peak of its resident memory.
    """

    seconds: float
    megabytes: float


def start_ups(models: Sequence[Path], rounds: int) -> list[StartUp]:
    """Measures models in turns, in a process each, and returns medians."""
    taken: list[list[StartUp]] = [[] for _ in models]
    for _ in progress(range(rounds), "start-up", unit="round"):
        for model, runs in zip(models, taken, strict=True):
            runs.append(_start(model))
    return [
        StartUp(
            median(run.seconds for run in runs),
            median(run.megabytes for run in runs),
        )
        for runs in taken
    ]


def _start(model: Path) -> StartUp:
    module = "crossline.benchmark.first_detection"
    command = [sys.executable, "-m", module, str(model.resolve())]
    start = time.perf_counter()
    ended = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    )
    return StartUp(time.perf_counter() - start, float(ended.stdout))
