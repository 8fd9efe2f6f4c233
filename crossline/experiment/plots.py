"""``results.png``: losses, scores, learning rate and speed by step."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crossline.experiment.results import (
    LEARNING_RATE,
    LOSSES,
    SCORE,
    SPEED,
    STEP,
    Row,
)
from crossline.files import replacing


def write_plot(rows: Sequence[Row], path: Path) -> None:
    """Draws the rows, whole or not at all."""
    with replacing(path) as draft:
        plot_results(rows).savefig(draft, format="png", dpi=110)


def plot_results(rows: Sequence[Row]) -> Figure:
    """Draws the rows of a ``results.csv``."""
    figure = Figure(figsize=(11, 7), layout="constrained")
    losses, scores, classes, speeds = figure.subplots(2, 2).flat
    for name in LOSSES:
        _curve(losses, rows, name, name.replace("_", " "))
    losses.set(title="losses", ylim=(0, None))
    for name in (SCORE, "AP50", "AR100"):
        _curve(scores, rows, name, name, marker="o")
    scored = [row for row in rows if SCORE in row]
    if scored:
        best = max(scored, key=lambda row: row[SCORE])
        scores.axvline(best[STEP], color="0.6", linestyle=":")
        scores.set_title(f"validation; best AP {best[SCORE]:.3f}")
    for name in dict.fromkeys(key for row in scored for key in row):
        if name.startswith("AP/"):
            _curve(classes, rows, name, name.removeprefix("AP/"), marker="o")
    classes.set_title("AP by class")
    _curve(speeds, rows, SPEED, "steps per second")
    speeds.set(title="speed", ylim=(0, None))
    rate = speeds.twinx()
    _curve(rate, rows, LEARNING_RATE, "learning rate", color="C1")
    rate.set_ylabel("learning rate", color="C1")
    for axes in (losses, scores, classes, speeds):
        axes.set_xlabel("step")
        axes.grid(alpha=0.25)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(frameon=False, fontsize="small")
    return figure


def _curve(
    axes: Axes,
    rows: Sequence[Row],
    name: str,
    label: str,
    marker: str = "",
    color: str | None = None,
) -> None:
    points = [(row[STEP], row[name]) for row in rows if name in row]
    if points:
        axes.plot(
            *zip(*points, strict=True),
            label=label,
            marker=marker,
            markersize=3,
            color=color,
        )
