"""Sweeps: many runs of one experiment, with other values for some keys.

Optuna chooses the values, keeps its book in ``sweep.db`` and says which runs
are not worth their time. Each trial is a run folder. A sweep that was killed
goes on with the trial that was under way, at its last checkpoint.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import optuna
from optuna.distributions import CategoricalDistribution
from optuna.trial import TrialState

from crossline.annotations.split import TEST, TRAIN, VALIDATION
from crossline.errors import InputError
from crossline.experiment.leaderboard import ranked, write_leaderboard
from crossline.experiment.search_space import (
    SearchSpace,
    grid_of,
    overrides_of,
    suggest,
)
from crossline.experiment.settings import Data, Experiment
from crossline.experiment.settings_file import (
    changed,
    to_yaml,
    write_experiment,
)
from crossline.experiment.trial import (
    Train,
    best_row,
    read_run,
    run_trial,
    train_trial,
)
from crossline.files import write_text

Sampler = Literal["tpe", "random", "grid"]

_SOURCE = "--vary"
_LEAST_TRIALS = 3
"""That were done before one may be pruned."""


@dataclass(frozen=True)
class Sweep:
    """What to try.

    Attributes:
        folder: of the sweep.
        space: what is varied.
        sampler: how values are chosen; a grid takes all combinations.
        trials: how many; a grid has as many as it has.
        metric: column of ``results.csv`` whose highest value counts.
        prunes: end trials early whose best is below the median of the others
            at the same step.
        seed: of the sampler.
    """

    folder: Path
    space: SearchSpace
    sampler: Sampler
    trials: int
    metric: str
    prunes: bool
    seed: int

    @property
    def experiment(self) -> Path:
        """YAML of what is swept."""
        return self.folder / "experiment.yaml"

    @property
    def best(self) -> Path:
        """The same, with the values of the best trial."""
        return self.folder / "best.yaml"

    def run_of(self, number: int) -> Path:
        """Run folder of a trial."""
        return self.folder / f"trial_{number:03d}"


def run_sweep(
    sweep: Sweep, experiment: Experiment, train: Train = train_trial
) -> optuna.Study:
    """Runs a sweep, or what is left of it; nobody else may write there.

    Args:
        sweep: what to try.
        experiment: what is swept.
        train: see there.

    Returns:
        Optuna's study. A trial that failed stays in it, with its reason.

    Raises:
        InputError: a value is wrong, the folder holds another sweep, a grid
            has a range, or the data are missing or bad.
        KeyboardInterrupt: the trial under way has saved its state.
    """
    grid = grid_of(sweep.space) if sweep.sampler == "grid" else []
    _require_possible(sweep, experiment)
    _claim(sweep, experiment)
    shared = _with_shared_data(sweep, experiment)
    study = _open_study(sweep)
    for values in grid:
        study.enqueue_trial(values, skip_if_exists=True)
    while (trial := _next_trial(study, sweep)) is not None:
        changes = overrides_of(suggest(trial, sweep.space))
        settings = to_yaml(changed(shared, changes, _SOURCE))
        run = sweep.run_of(trial.number)
        state = run_trial(trial, settings, run, sweep.metric, train)
        best = best_row(read_run(run), sweep.metric)
        is_done = best is not None and state is TrialState.COMPLETE
        value = best[sweep.metric] if best and is_done else None
        study.tell(trial, value, state)
        write_leaderboard(study, sweep.folder, sweep.metric)
        _write_best(study, sweep, experiment)
    return study


def _claim(sweep: Sweep, experiment: Experiment) -> None:
    """Writes what is swept; a sweep that goes on must be the same."""
    path = sweep.folder / "sweep.json"
    space = {key: str(each) for key, each in sweep.space.items()}
    text = json.dumps({"vary": space, "metric": sweep.metric}, indent=2) + "\n"
    for file, now in ((path, text), (sweep.experiment, to_yaml(experiment))):
        if file.exists() and file.read_text(encoding="utf-8") != now:
            raise InputError(
                file,
                "a sweep of something else was begun here",
                remedy="name another --output",
            )
    write_experiment(experiment, sweep.experiment)
    write_text(path, text)


def _require_possible(sweep: Sweep, experiment: Experiment) -> None:
    """Tries every choice, and both ends of every range, on the settings."""
    for key, distribution in sweep.space.items():
        values = (
            distribution.choices
            if isinstance(distribution, CategoricalDistribution)
            else (distribution.low, distribution.high)  # type: ignore[attr-defined]
        )
        for value in values:
            changed(experiment, overrides_of({key: value}), _SOURCE)


def _with_shared_data(sweep: Sweep, experiment: Experiment) -> Experiment:
    """Writes the records once for all trials, unless data are varied."""
    if any(key.partition(".")[0] == "data" for key in sweep.space):
        return experiment
    from crossline.experiment.data import prepare_records

    records = prepare_records(
        experiment.data, experiment.seed, sweep.folder / "data"
    )
    data = Data(
        train=records.patterns[TRAIN],
        val=records.patterns[VALIDATION],
        test=records.patterns.get(TEST),
        label_map=records.label_map_path,
    )
    return experiment.model_copy(update={"data": data})


def _open_study(sweep: Sweep) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=f"sqlite:///{sweep.folder.resolve() / 'sweep.db'}",
        study_name="sweep",
        direction="maximize",
        load_if_exists=True,
        pruner=(
            optuna.pruners.MedianPruner(n_startup_trials=_LEAST_TRIALS)
            if sweep.prunes
            else optuna.pruners.NopPruner()
        ),
    )
    # Begun again with the same seed, it would choose the same values again.
    seed = sweep.seed + len(study.trials)
    study.sampler = (
        optuna.samplers.TPESampler(seed=seed)
        if sweep.sampler == "tpe"
        else optuna.samplers.RandomSampler(seed=seed)
    )
    return study


def _next_trial(study: optuna.Study, sweep: Sweep) -> optuna.Trial | None:
    """Returns the trial that was under way, or a new one, or None."""
    trials = study.get_trials(deepcopy=False)
    for frozen in trials:
        if frozen.state is TrialState.RUNNING:
            return optuna.Trial(study, frozen._trial_id)
    waiting = sum(each.state is TrialState.WAITING for each in trials)
    most = len(trials) if sweep.sampler == "grid" else sweep.trials
    return study.ask() if len(trials) - waiting < most else None


def _write_best(
    study: optuna.Study, sweep: Sweep, experiment: Experiment
) -> None:
    best = ranked(study.get_trials(deepcopy=False))[0]
    if best.state is TrialState.COMPLETE:
        changes = overrides_of(best.params)
        write_experiment(changed(experiment, changes, _SOURCE), sweep.best)
