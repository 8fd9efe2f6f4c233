"""What a sweep found, best first: ``leaderboard.csv`` and ``.html``."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import optuna
from matplotlib.figure import Figure
from optuna.trial import FrozenTrial, TrialState

from crossline.files import write_text
from crossline.report.page import (
    Block,
    Cell,
    Figures,
    Gallery,
    Picture,
    Section,
    Table,
    plot,
    write_page,
)

_STATES = {
    TrialState.COMPLETE: "done",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
    TrialState.RUNNING: "under way",
    TrialState.WAITING: "waiting",
}


def write_leaderboard(study: optuna.Study, folder: Path, metric: str) -> None:
    """Writes both files, each whole or not at all."""
    trials = ranked(study.get_trials(deepcopy=False))
    keys = list(dict.fromkeys(key for each in trials for key in each.params))
    columns = ["trial", "state", metric, "step", *keys, "error"]
    rows = [_row(each, keys) for each in trials]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([columns, *rows])
    write_text(folder / "leaderboard.csv", text.getvalue())
    write_page(
        folder / "leaderboard.html",
        f"Sweep {folder.resolve().name}",
        f"{len(trials)} trials, by {metric}.",
        [
            Section("Best", list(_best(trials, metric))),
            Section("Trials", [Table(columns, rows)]),
            Section("Values", [Gallery(list(_plots(trials, keys, metric)))]),
        ],
    )


def ranked(trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    """Returns the trials that were begun: done, pruned, then the others."""
    begun = [each for each in trials if each.state is not TrialState.WAITING]
    order = list(_STATES)
    return sorted(
        begun,
        key=lambda each: (order.index(each.state), -score_of(each, -1.0)),
    )


def score_of(trial: FrozenTrial, default: float) -> float:
    """Returns a trial's best score; also of a pruned one."""
    if trial.value is not None:
        return trial.value
    return max(trial.intermediate_values.values(), default=default)


def _row(trial: FrozenTrial, keys: Sequence[str]) -> list[Cell]:
    score = score_of(trial, float("nan"))
    return [
        trial.number,
        _STATES[trial.state],
        "" if score != score else f"{score:.4f}",
        f"{trial.user_attrs.get('step', float('nan')):.0f}",
        *(_value(trial.params.get(key, "")) for key in keys),
        trial.user_attrs.get("error", ""),
    ]


def _value(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _best(trials: Sequence[FrozenTrial], metric: str) -> Iterator[Block]:
    done = [each for each in trials if each.state is TrialState.COMPLETE]
    figures: list[tuple[str, Cell]] = [("trials done", len(done))]
    if done:
        best = done[0]
        figures += [(f"best {metric}", f"{score_of(best, 0):.3f}")]
        figures += [(key, _value(v)) for key, v in best.params.items()]
    yield Figures(figures)


def _plots(
    trials: Sequence[FrozenTrial], keys: Sequence[str], metric: str
) -> Iterator[Picture]:
    for key in keys:
        figure = Figure(figsize=(4.5, 3.2), layout="constrained")
        axes = figure.add_subplot()
        for state, color in (
            (TrialState.COMPLETE, "C0"),
            (TrialState.PRUNED, "0.7"),
        ):
            shown = [t for t in trials if t.state is state and key in t.params]
            values = [t.params[key] for t in shown]
            numeric = all(isinstance(v, int | float) for v in values)
            axes.scatter(
                values if numeric else [str(value) for value in values],
                [score_of(each, float("nan")) for each in shown],
                color=color,
                label=_STATES[state],
            )
        if _is_log(trials, key):
            axes.set_xscale("log")
        axes.set(xlabel=key, ylabel=metric)
        axes.legend(frameon=False)
        yield plot(figure, key)


def _is_log(trials: Sequence[FrozenTrial], key: str) -> bool:
    return any(
        getattr(each.distributions.get(key), "log", False) for each in trials
    )
