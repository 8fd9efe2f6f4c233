r"""Run an experiment: data, training with validation, export, judgement.

In: a YAML of configs/experiments. Out: a run folder with the resolved YAML,
results.csv, the checkpoints best and last, the export of the best, what it
was judged, report.html (see docs/experiments.md). Ends with status 1 where
the quality gate is missed. Run it again to go on where it was interrupted;
Ctrl-C and SIGTERM save first. With --hosts it prints the command for each of
several machines (which see the same folders): MultiWorkerMirroredStrategy.

Example:
    python scripts/run_experiment.py configs/experiments/street.yaml \
        --set schedule.steps=500 batch_size=16 --output runs/street
"""

import argparse
import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossline.command_line import done, new_parser, run_script, shown
from crossline.experiment.override_option import add_override_argument
from crossline.workers import (
    add_hosts_argument,
    is_chief,
    is_worker,
    run_workers,
)
from crossline.workers import commands as worker_commands

if TYPE_CHECKING:
    from crossline.experiment.finish import Finished


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("experiment", type=Path, help="YAML of the experiment")
    add_override_argument(parser)
    parser.add_argument(
        "--output",
        type=Path,
        help="run folder; runs/NAME of the YAML if unset",
    )
    add_hosts_argument(parser)
    return parser


def run(
    experiment: Path,
    overrides: list[tuple[str, Any]],
    output: Path | None,
    hosts: list[str],
) -> "Finished | None":
    from crossline.experiment.settings_file import read_experiment

    settings = read_experiment(experiment, overrides)
    folder = output or Path("runs", experiment.stem)
    changes = [f"{key}={json.dumps(value)}" for key, value in overrides]
    command = [
        *(sys.executable, __file__, str(experiment)),
        *(["--set", *changes] if changes else []),
        *("--output", str(folder)),
    ]
    if hosts:
        print(*worker_commands(command, hosts), sep="\n")
        return None
    workers = settings.distribution.workers
    if workers > 1 and not is_worker():
        if status := run_workers(command, workers, folder):
            raise SystemExit(status)
        return None

    from crossline.experiment.finish import finish_experiment
    from crossline.experiment.folder import RunFolder
    from crossline.experiment.run import train_experiment
    from crossline.run_folders import only_run_in

    place = RunFolder(folder)
    alone = only_run_in(folder) if is_chief() else contextlib.nullcontext()
    with alone:
        trained = train_experiment(settings, place)
        if not is_chief():
            return None
        if best := trained.results.best:
            print(
                f"Trained to step {trained.result.step}; best AP "
                f"{best['AP']:.3f} at step {best['step']:.0f}."
            )
        finished = finish_experiment(settings, place, trained)
    print(finished.evaluation.to_text())
    done(
        f"Wrote {place.report}.",
        "python scripts/count_video.py VIDEO "
        f"--model {shown(place.exported)} --line main=0.5,0,0.5,1",
    )
    return finished


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
