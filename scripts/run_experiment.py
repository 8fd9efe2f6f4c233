r"""Run an experiment: data, training with validation, export, judgement.

In: a YAML of configs/experiments. Out: a run folder with the resolved YAML,
results.csv, the checkpoints best and last, the export of the best, what it
was judged, report.html (see docs/experiments.md). Ends with status 1 where
the quality gate is missed. Run it again to go on where it was interrupted;
Ctrl-C and SIGTERM save first.

Example:
    python scripts/run_experiment.py configs/experiments/street.yaml \
        --set schedule.steps=500 batch_size=16 --output runs/street
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossline.command_line import done, new_parser, run_script, shown
from crossline.experiment.override_option import add_override_argument

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
    return parser


def run(
    experiment: Path, overrides: list[tuple[str, Any]], output: Path | None
) -> "Finished":
    from crossline.experiment.settings_file import read_experiment

    settings = read_experiment(experiment, overrides)
    folder = output or Path("runs", experiment.stem)

    from crossline.experiment.finish import finish_experiment
    from crossline.experiment.folder import RunFolder
    from crossline.experiment.run import train_experiment
    from crossline.run_folders import only_run_in

    place = RunFolder(folder)
    with only_run_in(folder):
        trained = train_experiment(settings, place)
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
