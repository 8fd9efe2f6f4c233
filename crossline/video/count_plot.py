"""Counts over time, as a figure: where matplotlib is, as on no device."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from crossline.video.text import Color

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Ways = Mapping[str, Sequence[str]]
"""Line or zone to its two directions."""

_BINS = 60
"""At most: more bars are no longer told apart."""
_WIDTHS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_UNITS = ((300.0, 1, "seconds"), (3 * 3600.0, 60, "minutes"))
"""Up to so many seconds, the axis has a unit of so many."""
_INK = "#1d2430"
_Bars = npt.NDArray[np.int64]


def plot_counts(
    events: Path,
    occupancy: Path | None,
    ways: Ways,
    colors: Mapping[str, Color],
    duration_s: float,
) -> "Figure":
    """Draws a panel per line and zone: one direction up, the other down.

    Args:
        events: ``events.csv``.
        occupancy: ``occupancy.csv``, if there are zones.
        ways: what to draw, in this order.
        colors: of the classes, by name.
        duration_s: of the video.
    """
    from matplotlib.figure import Figure

    width = bin_width(duration_s)
    count = max(int(np.ceil(duration_s / width)), 1)
    bars = _read_bars(events, width, count)
    inside = _read_inside(occupancy) if occupancy else {}
    unit, unit_name = next(
        ((unit, name) for most, unit, name in _UNITS if duration_s <= most),
        (3600, "hours"),
    )
    figure = Figure((11, 0.9 + 1.9 * len(ways)), layout="constrained")
    panels = figure.subplots(len(ways), sharex=True, squeeze=False)[:, 0]
    edges = np.arange(count + 1) * width / unit
    for axes, (name, directions) in zip(panels, ways.items(), strict=True):
        _draw_panel(axes, edges, name, directions, bars, colors)
        if name in inside:
            times, numbers = inside[name]
            _draw_inside(axes, [*times, duration_s], numbers, unit)
    panels[-1].set_xlabel(f"{unit_name} into the video")
    panels[-1].set_xlim(0, edges[-1])
    used = sorted({class_name for _, _, class_name in bars})
    shades = [_shade(colors[class_name]) for class_name in used]
    handles = [panels[0].bar(0, 0, color=shade) for shade in shades]
    figure.legend(
        handles, used, loc="outside upper right", ncols=8, frameon=False
    )
    figure.suptitle(
        f"Crossings per {_length(width)}", x=0.01, ha="left", color=_INK
    )
    return figure


def bin_width(duration_s: float) -> int:
    """Returns seconds a bar: the least round number that gives few bars."""
    fitting = (each for each in _WIDTHS_S if duration_s <= each * _BINS)
    days = int(np.ceil(duration_s / (_BINS * 86400)))
    return next(fitting, days * 86400)


def _read_bars(
    events: Path, width: int, count: int
) -> dict[tuple[str, str, str], _Bars]:
    """Returns line, direction and class to counts per bin."""
    counts: Counter[tuple[str, str, str, int]] = Counter()
    with events.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = min(int(float(row["time_s"]) // width), count - 1)
            key = row["line"], row["direction"], row["class"], place
            counts[key] += 1
    bars: dict[tuple[str, str, str], _Bars] = {}
    for (line, direction, class_name, place), number in counts.items():
        way = line, direction, class_name
        bars.setdefault(way, np.zeros(count, np.int64))[place] = number
    return bars


def _read_inside(
    occupancy: Path,
) -> dict[str, tuple[list[float], list[int]]]:
    """Returns per zone when the number inside changed, and to what."""
    inside: dict[str, tuple[list[float], list[int]]] = {}
    with occupancy.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for time_s, _, name, *numbers in rows:
            times, totals = inside.setdefault(name, ([], []))
            times.append(float(time_s))
            totals.append(sum(map(int, numbers)))
    return inside


def _draw_panel(
    axes: "Axes",
    edges: npt.NDArray[np.float64],
    name: str,
    directions: Sequence[str],
    bars: Mapping[tuple[str, str, str], _Bars],
    colors: Mapping[str, Color],
) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    sums = []
    for direction, sign in zip(directions, (1, -1), strict=True):
        base = np.zeros(len(edges) - 1, np.int64)
        for class_name, color in colors.items():
            of_class = bars.get((name, direction, class_name))
            if of_class is None:
                continue
            # Bars of no height would take most of the time.
            some = of_class > 0
            axes.bar(
                edges[:-1][some],
                sign * of_class[some],
                np.diff(edges)[some],
                sign * base[some],
                align="edge",
                color=_shade(color),
                edgecolor="white",
                linewidth=0.6,
            )
            base += of_class
        sums.append(f"{base.sum()} {direction}")
    axes.set_title(f"{name}: {', '.join(sums)}", loc="left", fontsize=10)
    axes.axhline(0, color=_INK, linewidth=0.8)
    up, down = directions
    axes.set_ylabel(f"← {down}    {up} →", fontsize=9)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{abs(y):g}"))
    axes.grid(axis="y", alpha=0.25)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _draw_inside(
    axes: "Axes", times: Sequence[float], numbers: Sequence[int], unit: float
) -> None:
    axes.stairs(
        numbers,
        np.array(times) / unit,
        baseline=None,
        color=_INK,
        linewidth=1.3,
        label="inside",
    )
    axes.legend(frameon=False, fontsize=9, loc="upper left")


def _shade(color: Color) -> tuple[float, ...]:
    """Darkens what was chosen to stand on pictures, for white paper."""
    return tuple(0.85 * value / 255 for value in color)


def _length(seconds: int) -> str:
    for unit, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % unit == 0:
            number = seconds // unit
            return name if number == 1 else f"{number} {name}s"
    return "second" if seconds == 1 else f"{seconds} seconds"
