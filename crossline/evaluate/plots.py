"""The figures of the evaluation report; a class has one colour in all."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crossline.evaluate.bootstrap import class_key
from crossline.evaluate.calibration import BINS, LEAST_SCORE, Calibration
from crossline.evaluate.confusion import Confusion
from crossline.evaluate.curves import THRESHOLDS, Curves
from crossline.evaluate.error_kinds import ErrorKind
from crossline.evaluate.report import Judgement

Colors = Mapping[str, Any]

_INK = "#1d2430"
_SOFT = "#9aa3af"
_BAD = "#b3261e"
_ACCENT = "#0b62a8"
_MOST_LINES = 10
_MOST_ROWS = 20
KIND_COLORS = {
    ErrorKind.CLASSIFICATION: "#8e5ea2",
    ErrorKind.LOCALISATION: "#e8923a",
    ErrorKind.BOTH: "#c0655e",
    ErrorKind.DUPLICATE: "#4f9d9d",
    ErrorKind.BACKGROUND: "#8a8f98",
    ErrorKind.MISSED: "#b3261e",
}


def class_colors(judgement: Judgement) -> Colors:
    """Gives the classes with most objects, ten at most, a colour each."""
    palette = matplotlib.colormaps["tab10"]
    shown = _most_common(judgement, _MOST_LINES)
    return {name: palette(place) for place, name in enumerate(shown)}


def _most_common(judgement: Judgement, most: int) -> list[str]:
    """Returns the classes with most objects, in the order of all."""
    per_class = judgement.metrics.per_class
    ranked = sorted(per_class, key=lambda name: -per_class[name].objects)
    return [name for name in per_class if name in ranked[:most]]


def _title(what: str, shown: int, judgement: Judgement) -> str:
    """Says so where not every class is shown."""
    if shown == len(judgement.metrics.per_class):
        return what
    return f"{what}: the {shown} classes with most objects"


def threshold_plot(curves: Curves, colors: Colors) -> Figure:
    """Draws precision, recall and F1 over the threshold, a line per class."""
    figure = Figure((11, 3.6), layout="constrained")
    names = ("precision", "recall", "f1")
    panels = figure.subplots(1, 3, sharey=True)
    for axes, name in zip(panels, names, strict=True):
        for class_name, color in colors.items():
            values = getattr(curves.per_class[class_name], name)
            axes.plot(THRESHOLDS, values, color=color, label=class_name)
        if name == "f1":
            axes.plot(
                THRESHOLDS, curves.f1, color=_INK, linewidth=2.5, label="mean"
            )
        axes.axvline(curves.best_threshold, color=_INK, linestyle=":")
        title = "F1" if name == "f1" else name.capitalize()
        axes.set(title=title, xlabel="score threshold", xlim=(0, 1))
        _unit_axis(axes)
    handles, labels = panels[-1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper", frameon=False)
    return figure


def precision_recall_plot(curves: Curves, colors: Colors) -> Figure:
    """Draws precision over recall at IoU 0.50, with each class's AP50."""
    figure = Figure((7.4, 4.4), layout="constrained")
    axes = figure.subplots()
    recalls = np.linspace(0, 1, 101)
    for name, color in colors.items():
        precision = curves.per_class[name].interpolated_precision
        area = precision.mean()
        score = "n/a" if np.isnan(area) else f"{area:.2f}"
        axes.step(
            recalls,
            precision,
            where="post",
            color=color,
            label=f"{name}, AP50 {score}",
        )
    axes.set(
        title="Precision over recall at IoU 0.50",
        xlabel="recall",
        ylabel="precision",
        xlim=(0, 1),
    )
    _unit_axis(axes)
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def confusion_plot(confusion: Confusion, normalised: bool) -> Figure:
    """Draws the matrix, counts or shares of each row."""
    names = [*confusion.class_names, "background"]
    count = len(names)
    side = 2.4 + 0.55 * min(count, _MOST_ROWS)
    figure = Figure((side + 0.6, side), layout="constrained")
    axes = figure.subplots()
    shares = confusion.normalised
    axes.imshow(np.nan_to_num(shares), cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(count), [*names[:-1], "missed"], rotation=60)
    axes.set_yticks(range(count), [*names[:-1], "nothing there"])
    axes.set(
        title="Shares of each row" if normalised else "Counts",
        xlabel="taken for",
        ylabel="what it is",
    )
    axes.axhline(count - 1.5, color=_INK, linewidth=1)
    axes.axvline(count - 1.5, color=_INK, linewidth=1)
    if count <= _MOST_ROWS:
        _write_cells(axes, confusion, normalised)
    return figure


def cost_plot(judgement: Judgement) -> Figure:
    """Draws what each kind of error costs each class, and their mean."""
    errors = judgement.analysis.errors
    names = _most_common(judgement, _MOST_ROWS)
    rows = {"all classes": errors.overall}
    rows |= {name: errors.per_class[name] for name in names}
    figure = Figure((9, 1.4 + 0.4 * len(rows)), layout="constrained")
    axes = figure.subplots()
    left = np.zeros(len(rows))
    for kind in ErrorKind:
        costs = [max(0, each[kind.word].cost or 0) for each in rows.values()]
        axes.barh(
            list(rows),
            costs,
            left=left,
            height=0.7,
            color=KIND_COLORS[kind],
            label=kind.word,
        )
        left += costs
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x", alpha=0.25)
    axes.set_axisbelow(True)
    axes.set(
        title=_title("What each kind of error costs", len(names), judgement),
        xlabel="AP50 that mending it would gain (kinds one by one)",
    )
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def reliability_plot(calibration: Calibration) -> Figure:
    """Draws the share that is right over the score, with counts below."""
    figure = Figure((5.4, 4.8), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    edges = np.linspace(LEAST_SCORE, 1, BINS + 1)
    width = edges[1] - edges[0]
    above.bar(
        edges[:-1],
        np.nan_to_num(calibration.precisions),
        width,
        align="edge",
        color=_ACCENT,
        edgecolor="white",
        label="found right",
    )
    above.plot([0, 1], [0, 1], color=_BAD, linestyle="--", label="promised")
    error = calibration.expected_error
    note = "n/a" if error is None else f"{error:.3f}"
    above.set(title=f"Reliability; calibration error (ECE) {note}")
    above.set(ylabel="share that is right", xlim=(LEAST_SCORE, 1))
    _unit_axis(above)
    above.legend(frameon=False, loc="upper left")
    below.bar(
        edges[:-1],
        calibration.counts,
        width,
        align="edge",
        color=_SOFT,
        edgecolor="white",
    )
    below.set(xlabel="score", ylabel="detections")
    below.spines[["top", "right"]].set_visible(False)
    return figure


def comparison_plot(judgements: Sequence[Judgement]) -> Figure:
    """Draws AP with its 95 % interval: all and each class, model by model."""
    names = _most_common(judgements[0], _MOST_ROWS)
    keys = ["AP", *map(class_key, names)]
    count = len(judgements)
    height = 1.4 + (0.16 + 0.17 * count) * len(keys)
    figure = Figure((9, height), layout="constrained")
    axes = figure.subplots()
    palette = matplotlib.colormaps["Dark2"]
    for number, judgement in enumerate(judgements):
        places, estimates, below, above = [], [], [], []
        for place, key in enumerate(keys):
            if interval := judgement.intervals.get(key):
                shift = 0.7 * ((number + 0.5) / count - 0.5)
                places.append(place + shift)
                estimates.append(interval.estimate)
                below.append(max(0, interval.estimate - interval.low))
                above.append(max(0, interval.high - interval.estimate))
        axes.errorbar(
            estimates,
            places,
            xerr=[below, above],
            fmt="o",
            color=palette(number % 8),
            capsize=3,
            label=f"({number + 1}) {judgement.name}",
        )
    axes.set_yticks(range(len(keys)), ["all classes", *names])
    axes.invert_yaxis()
    title = _title("AP with its 95 % interval", len(names), judgements[0])
    axes.set(title=title, xlabel="AP", xlim=(0, None))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x", alpha=0.25)
    if count > 1:
        figure.legend(frameon=False, loc="outside lower center")
    return figure


def _write_cells(axes: Axes, confusion: Confusion, normalised: bool) -> None:
    shares = np.nan_to_num(confusion.normalised)
    for (row, column), count in np.ndenumerate(confusion.counts):
        if not count:
            continue
        share = shares[row, column]
        axes.text(
            column,
            row,
            f"{share:.0%}" if normalised else f"{count}",
            ha="center",
            va="center",
            color="white" if share > 0.55 else _INK,
        )


def _unit_axis(axes: Axes) -> None:
    axes.set_ylim(0, 1.02)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)
