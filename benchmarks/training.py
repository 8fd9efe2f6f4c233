r"""Steps per second: our training against plain model_main_tf2.

    python benchmarks/training.py CONFIG [--steps 100] [--rounds 5]

CONFIG is a pipeline.config from configure_pipeline.py. Two processes, one for
each, take turns in one run: what a busy machine does to one round it does to
both. Ours writes results.csv and TensorBoard as always; the other is the
API's own `train_loop` with the settings of model_main_tf2. Tracing, saving
and evaluation are left out of both. Prints medians over the rounds, also of
the CPU's time, which neighbours disturb less.
"""

import argparse
import math
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from crossline.command_line import new_parser, positive_int, run_script
from crossline.experiment.journal import Journal
from crossline.experiment.loop import Plan, train
from crossline.experiment.results import Results
from crossline.experiment.saving import Keeper

ENDLESS = 10**9
Pause = Callable[[], None]


@dataclass(frozen=True)
class Round:
    """What some steps took.

    Attributes:
        seconds: by the clock.
        cpu_seconds: of all threads.
    """

    seconds: float
    cpu_seconds: float


def ours(config: Path, folder: Path, steps: int, pause: Pause) -> None:
    """Trains as train.py does; calls `pause` after every so many steps."""
    from crossline.odapi.distribution import training_strategy
    from crossline.odapi.pipeline_config import read_pipeline
    from crossline.odapi.training import Trainer

    class PausingJournal(Journal):
        def training(self, step: int, *values: Any) -> None:
            super().training(step, *values)
            if step % steps == 0:
                pause()

    trainer = Trainer(read_pipeline(config), training_strategy())
    journal = PausingJournal(folder, Results(folder / "results.csv", ()))
    plan = Plan(
        ENDLESS, checkpoint_every=ENDLESS, log_every=math.gcd(10, steps)
    )
    train(trainer, Keeper(trainer, folder), journal, plan)


def plain(config: Path, folder: Path, steps: int, pause: Pause) -> None:
    """Trains as model_main_tf2 does; calls `pause` after every call."""
    import tensorflow as tf

    from crossline.odapi.upstream import model_lib_v2

    summary = model_lib_v2.tf.compat.v2.summary
    scalar = summary.scalar

    def pausing_scalar(name: str, *values: Any, **options: Any) -> None:
        # The first thing that the loop writes after its steps.
        if name == "steps_per_sec":
            pause()
        scalar(name, *values, **options)

    summary.scalar = pausing_scalar
    with tf.distribute.MirroredStrategy().scope():
        model_lib_v2.train_loop(
            pipeline_config_path=str(config),
            model_dir=str(folder),
            train_steps=ENDLESS,
            checkpoint_every_n=ENDLESS,
            num_steps_per_iteration=steps,
        )


class Side:
    """One of the two, in a process of its own; it waits between rounds."""

    def __init__(
        self, side: Callable[..., None], config: Path, steps: int
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_take_turns, args=(side, config, steps, theirs), daemon=True
        )
        self._process.start()

    def round(self) -> Round:
        """Lets it make its steps. The first round traces, too."""
        self._pipe.send(True)
        found: Round = self._pipe.recv()
        return found

    def stop(self) -> None:
        """Ends it amid its waiting."""
        self._process.kill()
        self._process.join()


def _take_turns(
    side: Callable[..., None], config: Path, steps: int, pipe: Connection
) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    started = [time.perf_counter(), time.process_time()]

    def pause() -> None:
        seconds = time.perf_counter() - started[0]
        pipe.send(Round(seconds, time.process_time() - started[1]))
        pipe.recv()
        started[:] = time.perf_counter(), time.process_time()

    pipe.recv()
    with tempfile.TemporaryDirectory() as folder:
        side(config, Path(folder), steps, pause)


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("config", type=Path, help="pipeline.config")
    parser.add_argument(
        "--steps",
        type=positive_int,
        default=100,
        help="of a round; model_main_tf2 makes 100 a call",
    )
    parser.add_argument(
        "--rounds", type=positive_int, default=5, help="of each, interleaved"
    )
    return parser


def run(config: Path, steps: int, rounds: int) -> float:
    sides = {
        each.__name__: Side(each, config, steps) for each in (plain, ours)
    }
    for side in sides.values():
        side.round()
    found: dict[str, list[Round]] = {name: [] for name in sides}
    for number in range(rounds):
        # Each goes first as often as the other.
        for name in sorted(sides, reverse=bool(number % 2)):
            found[name].append(sides[name].round())
    for side in sides.values():
        side.stop()
    for name, each in found.items():
        speed = median(steps / one.seconds for one in each)
        cpu = median(one.cpu_seconds / steps for one in each)
        print(f"{name:6s} {speed:7.3f} steps/s {cpu:7.3f} CPU s a step")
    pairs = list(zip(found["plain"], found["ours"], strict=True))
    by_clock = median(one.seconds / two.seconds for one, two in pairs)
    by_cpu = median(one.cpu_seconds / two.cpu_seconds for one, two in pairs)
    print(f"ours/plain {by_clock:.3f} by the clock, {by_cpu:.3f} by CPU time")
    return by_clock


def main() -> int:
    return run_script(build_parser(), run)


if __name__ == "__main__":
    raise SystemExit(main())
