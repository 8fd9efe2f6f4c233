"""One trial of a sweep: a run in a process of its own, watched from here.

TensorFlow keeps memory, devices and seeds for as long as a process lives.
"""

import contextlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import optuna
from optuna.trial import TrialState

from crossline.errors import InputError
from crossline.experiment.results import STEP, Row, read_results
from crossline.experiment.settings_file import read_experiment
from crossline.files import write_text

Train = Callable[[Path, Path], None]
"""Trains a YAML into a run folder; called in a process of its own."""

STEP_NOTE, ERROR_NOTE = "step", "error"
"""What a trial notes in the book: its best step, why it failed."""

_ERROR_NAME = "error.txt"
_SETTINGS_NAME = "trial.yaml"
_INTERRUPTED = 130
_POLL_S = 0.5


def train_trial(settings: Path, folder: Path) -> None:
    """Trains into a run folder; ends the process.

    Exit status 0 is done, 1 bad data or a failure, 130 interrupted.
    """
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    from crossline.experiment.folder import RunFolder
    from crossline.experiment.run import train_experiment
    from crossline.run_folders import only_run_in

    try:
        with only_run_in(folder):
            train_experiment(read_experiment(settings), RunFolder(folder))
    except InputError as error:
        write_text(folder / _ERROR_NAME, f"{error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def run_trial(
    trial: optuna.Trial, settings: str, run: Path, metric: str, train: Train
) -> TrialState:
    """Runs a trial, or goes on with it, and reports its scores as they come.

    Args:
        trial: gets reports and notes; ended early if its pruner says so.
        settings: text of its YAML.
        run: its folder.
        metric: column of the results.
        train: see there.

    Raises:
        KeyboardInterrupt: the run was interrupted; its state is saved.
    """
    path = run / _SETTINGS_NAME
    write_text(path, settings)
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=train, args=(path, run))
    process.start()
    is_pruned = False
    with _ending(process):
        while process.is_alive():
            process.join(_POLL_S)
            _report(trial, read_run(run), metric)
            if not is_pruned and process.is_alive() and trial.should_prune():
                is_pruned = True
                process.terminate()
    _report(trial, read_run(run), metric)
    best = best_row(read_run(run), metric)
    if best:
        trial.set_user_attr(STEP_NOTE, best[STEP])
    if is_pruned:
        return TrialState.PRUNED
    if process.exitcode == _INTERRUPTED:
        raise KeyboardInterrupt
    if process.exitcode == 0 and best:
        return TrialState.COMPLETE
    trial.set_user_attr(ERROR_NOTE, _reason(process, run, metric))
    return TrialState.FAIL


def read_run(run: Path) -> list[Row]:
    """Returns what a run has measured so far."""
    path = run / "results.csv"
    return read_results(path) if path.exists() else []


def best_row(rows: list[Row], metric: str) -> Row | None:
    """Returns the row of the highest score, if there is one.

    Step 0 tells of the checkpoint, not of a trial's values.
    """
    scored = [row for row in rows if metric in row and row[STEP]]
    return max(scored, key=lambda row: row[metric], default=None)


def _reason(process: BaseProcess, run: Path, metric: str) -> str:
    if process.exitcode == 0:
        return f"its results have no {metric}"
    error = run / _ERROR_NAME
    if error.exists():
        return error.read_text(encoding="utf-8").strip()
    return f"it ended with status {process.exitcode}"


def _report(trial: optuna.Trial, rows: list[Row], metric: str) -> None:
    trials = trial.study.get_trials(deepcopy=False)
    known = trials[trial.number].intermediate_values
    for row in rows:
        step = int(row[STEP])
        if metric in row and step and step not in known:
            trial.report(row[metric], step)


@contextlib.contextmanager
def _ending(process: BaseProcess) -> Iterator[None]:
    """Lets a trial save its state when the sweep is interrupted."""
    try:
        yield
    finally:
        if process.is_alive():
            process.terminate()
        process.join()


def _leave_with_parent() -> None:
    """Ends a trial whose sweep was killed; the next sweep goes on with it."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
