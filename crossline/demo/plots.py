"""The figures of the demo's report."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crossline.demo.counts import Crossing, LineEnds
from crossline.demo.stages import Stage, duration
from crossline.geometry import Image
from crossline.video.text import Color

_INK = "#1d2430"
_BAD = "#b3261e"
_WRONG: Any = {
    "s": 230,
    "facecolors": "none",
    "edgecolors": _BAD,
    "linewidths": 2,
}
_ACCENT = "#0b62a8"
_MARKS = {"right": ">", "left": "<", "down": "v", "up": "^"}
_ROLLING = 9
"""Logged steps of a smoothed loss."""


def plot_stages(stages: Sequence[Stage]) -> Figure:
    """Draws a bar per stage, in their order from the top."""
    figure, axes = _figure(9, 0.6 + 0.34 * len(stages))
    places = range(len(stages))
    bars = axes.barh(
        places, [stage.seconds for stage in stages], color=_ACCENT, height=0.65
    )
    axes.bar_label(
        bars, [duration(stage.seconds) for stage in stages], padding=4
    )
    axes.set_yticks(places, [stage.name for stage in stages])
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel("seconds")
    return figure


def plot_losses(losses: pd.DataFrame) -> Figure:
    """Draws each loss faintly as logged, and its running mean."""
    figure, axes = _figure(9, 3.6)
    for name, values in losses.items():
        smooth = values.rolling(_ROLLING, center=True, min_periods=1).mean()
        (line,) = axes.plot(
            smooth.index, smooth, label=str(name).replace("_", " ")
        )
        axes.plot(values.index, values, color=line.get_color(), alpha=0.25)
    axes.set(xlabel="step", ylabel="loss", ylim=(0, None))
    axes.margins(x=0.01)
    axes.grid(axis="y", alpha=0.25)
    axes.legend(frameon=False)
    return figure


def plot_timeline(
    counted: Sequence[Crossing],
    true: Sequence[Crossing],
    wrong: Sequence[Crossing],
    colors: Mapping[str, Color],
) -> Figure:
    """Draws each crossing over time: rings are true, dots were counted.

    Those of `wrong`, missed or made up, have a red ring around them.
    """
    kinds = sorted({crossing.kind for crossing in [*counted, *true]})
    figure, axes = _figure(11, 0.9 + 0.34 * len(kinds))

    def scatter(crossings: Sequence[Crossing], **style: object) -> None:
        axes.scatter(
            [crossing.time_s for crossing in crossings],
            [kinds.index(crossing.kind) for crossing in crossings],
            **style,  # type: ignore[arg-type]
        )

    scatter(true, s=110, facecolors="none", edgecolors=_INK, label="true")
    scatter(
        counted,
        s=34,
        color=[_shade(colors[crossing.class_name]) for crossing in counted],
        edgecolors=_INK,
        linewidths=0.5,
        label="counted",
    )
    if wrong:
        scatter(wrong, label="missed or made up", **_WRONG)
    names = [f"{line}: {name} {way}" for line, name, way in kinds]
    axes.set_yticks(range(len(kinds)), names)
    axes.invert_yaxis()
    axes.grid(axis="y", alpha=0.25)
    axes.set_axisbelow(True)
    axes.set_xlabel("seconds into the video")
    axes.legend(
        frameon=False, ncols=3, loc="lower right", bbox_to_anchor=(1, 1)
    )
    return figure


def plot_places(
    frame: Image,
    lines: LineEnds,
    counted: Sequence[Crossing],
    wrong: Sequence[Crossing],
    colors: Mapping[str, Color],
) -> Figure:
    """Draws lines and crossings into a frame, an arrow per direction."""
    height, width = frame.shape[:2]
    figure = Figure((8, 8 * height / width), layout="constrained")
    axes = figure.subplots()
    axes.imshow(frame // 2 + 110)
    for x, y, to_x, to_y in lines.values():
        axes.plot([x, to_x], [y, to_y], color=_INK, linewidth=1.5)
    groups: dict[tuple[str, str], list[Crossing]] = {}
    for crossing in sorted(counted, key=lambda one: one.class_name):
        way = crossing.class_name, crossing.direction
        groups.setdefault(way, []).append(crossing)
    for (name, direction), crossings in groups.items():
        axes.scatter(
            *_places(crossings),
            s=60,
            marker=_MARKS.get(direction, "o"),
            color=_shade(colors[name]),
            edgecolors=_INK,
            linewidths=0.7,
            label=f"{name} {direction}",
        )
    if wrong:
        axes.scatter(*_places(wrong), label="missed or made up", **_WRONG)
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    axes.legend(loc="upper right", framealpha=0.9)
    return figure


def _places(crossings: Sequence[Crossing]) -> tuple[list[float], list[float]]:
    return [one.x for one in crossings], [one.y for one in crossings]


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure((width, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _shade(color: Color) -> tuple[float, float, float]:
    red, green, blue = np.asarray(color) / 255
    return red, green, blue
