r"""Run an experiment: data, training with validation, export, judgement.

In: a YAML of configs/experiments. Out: a run folder with the resolved YAML,
results.csv, the checkpoints best and last, TensorBoard's logs (see
docs/experiments.md). Run it again to go on where it was interrupted; Ctrl-C
and SIGTERM save first.

Example:
    python scripts/run_experiment.py configs/experiments/street.yaml \
        --set schedule.steps=500 batch_size=16 --output runs/street
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossline.command_line import done, new_parser, run_script, shown

if TYPE_CHECKING:
    from crossline.experiment.run import Trained


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("experiment", type=Path, help="YAML of the experiment")
    parser.add_argument(
        "--set",
        nargs="+",
        type=_override,
        action="extend",
        default=[],
        dest="overrides",
        metavar="KEY=VALUE",
        help="keys of the YAML to set, such as schedule.steps=500",
    )
    parser.add_argument(
        "--output",
        type=Path,
        help="run folder; runs/NAME of the YAML if unset",
    )
    return parser


def run(
    experiment: Path, overrides: list[tuple[str, Any]], output: Path | None
) -> "Trained":
    from crossline.experiment.settings_file import read_experiment

    settings = read_experiment(experiment, overrides)
    folder = output or Path("runs", experiment.stem)

    from crossline.experiment.run import RunFolder, train_experiment
    from crossline.run_folders import only_run_in

    with only_run_in(folder):
        trained = train_experiment(settings, RunFolder(folder))
    best = trained.results.best
    if best:
        print(f"Best AP {best['AP']:.3f} at step {best['step']:.0f}.")
    done(
        f"Trained to step {trained.result.step}: {folder}.",
        f"python scripts/export.py --checkpoint {shown(folder / 'best')} "
        f"--output {shown(Path('exported') / folder.name)}",
    )
    return trained


def _override(text: str) -> tuple[str, Any]:
    from crossline.experiment.settings_file import parse_override

    try:
        return parse_override(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
