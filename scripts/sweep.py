r"""Sweep an experiment: many runs, other values for some keys, the best first.

In: a YAML of configs/experiments, and what to vary: lists of values, or
ranges. Out: a run folder per trial, leaderboard.csv and leaderboard.html.
Trials that fall behind are ended early. Data are prepared once. Run it again
to go on where it was interrupted, or with more --trials.

Example:
    python scripts/sweep.py configs/experiments/street.yaml --trials 20 \
        --vary 'schedule.learning_rate={low: 1e-4, high: 1e-2, log: true}' \
        'model.freeze_batch_norm=[true, false]'
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossline.command_line import done, new_parser, positive_int, run_script
from crossline.command_line import shown as shell
from crossline.experiment.override_option import (
    add_override_argument,
    override,
)

if TYPE_CHECKING:
    import optuna

    from crossline.experiment.sweep import Sampler


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("experiment", type=Path, help="YAML of the experiment")
    parser.add_argument(
        "--vary",
        nargs="+",
        type=override,
        required=True,
        metavar="KEY=VALUES",
        help="keys of the YAML: a list, or {low: A, high: B, log: true}",
    )
    add_override_argument(parser)
    parser.add_argument(
        "--sampler",
        choices=("tpe", "random", "grid"),
        default="tpe",
        help="how values are chosen; a grid takes every combination of lists",
    )
    parser.add_argument(
        "--trials",
        type=positive_int,
        default=20,
        help="how many in all; a grid has its own number",
    )
    parser.add_argument(
        "--metric",
        default="AP",
        help="column of results.csv to raise, such as AP50 or AP/person",
    )
    parser.add_argument(
        "--no-pruning",
        action="store_true",
        help="let trials go on that are behind the median of the others",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the sampler")
    parser.add_argument(
        "--output",
        type=Path,
        help="folder; runs/sweeps/NAME of the YAML if unset",
    )
    return parser


def run(
    experiment: Path,
    vary: list[tuple[str, Any]],
    overrides: list[tuple[str, Any]],
    sampler: "Sampler",
    trials: int,
    metric: str,
    no_pruning: bool,
    seed: int,
    output: Path | None,
) -> "optuna.Study":
    from crossline.experiment.search_space import search_space
    from crossline.experiment.settings_file import read_experiment

    space = search_space(vary)
    base = read_experiment(experiment, overrides)
    folder = output or Path("runs/sweeps", experiment.stem)

    from crossline.experiment.sweep import Sweep, run_sweep
    from crossline.run_folders import only_run_in

    sweep = Sweep(folder, space, sampler, trials, metric, not no_pruning, seed)
    with only_run_in(folder):
        study = run_sweep(sweep, base)
    board = (folder / "leaderboard.csv").read_text().splitlines()
    print("\n".join(board[:6]))
    done(
        f"Wrote {folder / 'leaderboard.html'}.",
        f"python scripts/run_experiment.py {shell(sweep.best)}",
    )
    return study


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
