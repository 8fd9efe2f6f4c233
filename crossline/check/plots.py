"""The label plots: what boxes there are, and where."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crossline.check.rows import TINY_SIDE
from crossline.check.statistics import Statistics
from crossline.report.page import Picture, plot

_ACCENT = "#0b62a8"
_BAD = "#b3261e"
_MAP = "Blues"
_MOST_CLASSES = 40
_CELLS = 32
_WIDEST = 10.0


def class_plot(statistics: Statistics) -> Picture:
    """Draws a bar per class, a colour per part."""
    table = statistics.classes()
    shown = table.head(_MOST_CLASSES)[list(statistics.parts)]
    figure, axes = _figure(9, 0.8 + 0.24 * len(shown))
    left = np.zeros(len(shown))
    for name in shown:
        bars = axes.barh(
            shown.index, shown[name], left=left, height=0.7, label=name
        )
        left += shown[name].to_numpy()
    axes.bar_label(bars, [f"{count:g}" for count in left], padding=4)
    axes.invert_yaxis()
    axes.margins(x=0.1, y=0.02)
    axes.set_xlabel("boxes")
    if len(statistics.parts) > 1:
        axes.legend(
            frameon=False,
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncols=len(statistics.parts),
        )
    left_out = len(table) - len(shown)
    more = f"; {left_out} rarer classes are not shown" if left_out else ""
    return plot(figure, f"Boxes of each class{more}")


def box_plots(statistics: Statistics, input_size: int) -> Iterator[Picture]:
    """Yields where boxes are, how large, how long, and how many."""
    boxes = statistics.boxes
    yield _density(
        boxes[["x", "y"]],
        ("x", "y"),
        "Centres of the boxes in the image; even is best, but a camera that "
        "stands still has its own map",
    )
    yield _density(
        boxes[["width", "height"]],
        ("width", "height"),
        "Width and height of the boxes, as shares of the image's",
    )
    yield _side_plot(boxes["side"], input_size)
    yield _aspect_plot(boxes["aspect"])
    yield _count_plot(statistics.per_image)
    if len(statistics.sharpness):
        yield _sharpness_plot(statistics.sharpness)


def _density(
    values: pd.DataFrame, names: tuple[str, str], caption: str
) -> Picture:
    figure, axes = _figure(4, 3.7)
    axes.hist2d(
        values.iloc[:, 0],
        values.iloc[:, 1],
        bins=_CELLS,
        range=((0, 1), (0, 1)),
        cmap=_MAP,
    )
    axes.set(xlabel=names[0], ylabel=names[1], aspect="equal")
    if names[1] == "y":
        axes.invert_yaxis()
    return plot(figure, caption)


def _side_plot(sides: "pd.Series[float]", input_size: int) -> Picture:
    figure, axes = _figure(4, 3.2)
    borders = np.geomspace(1, input_size, 33)
    axes.hist(sides.clip(1, input_size), bins=borders.tolist(), color=_ACCENT)
    axes.axvline(TINY_SIDE, color=_BAD)
    axes.set(xscale="log", xlabel="pixels", ylabel="boxes")
    _plain_ticks(axes, [2**k for k in range(input_size.bit_length())])
    return plot(
        figure,
        f"Mean side of the boxes in the model's input of {input_size} "
        f"pixels; left of the line they are tiny",
    )


def _aspect_plot(aspects: "pd.Series[float]") -> Picture:
    figure, axes = _figure(4, 3.2)
    borders = np.geomspace(1 / _WIDEST, _WIDEST, 33)
    inside = aspects.clip(1 / _WIDEST, _WIDEST)
    axes.hist(inside, bins=borders.tolist(), color=_ACCENT)
    axes.set(xscale="log", xlabel="width / height", ylabel="boxes")
    _plain_ticks(axes, [0.1, 0.2, 0.5, 1, 2, 5, 10])
    return plot(
        figure, "Aspect of the boxes; SSD's anchors have 1/3, 1/2, 1, 2 and 3"
    )


def _count_plot(per_image: "pd.Series[int]") -> Picture:
    figure, axes = _figure(4, 3.2)
    most = max(1, int(per_image.max()))
    borders = np.linspace(-0.5, most + 0.5, min(most + 2, 42))
    axes.hist(per_image, bins=borders.tolist(), color=_ACCENT)
    axes.set(xlabel="boxes", ylabel="images")
    return plot(figure, "Boxes per image; 0 are negatives")


def _sharpness_plot(sharpness: "pd.Series[float]") -> Picture:
    figure, axes = _figure(4, 3.2)
    values = sharpness.clip(lower=1)
    borders = np.geomspace(1, max(10, values.max()), 33)
    axes.hist(values, bins=borders.tolist(), color=_ACCENT)
    axes.set(xscale="log", xlabel="variance", ylabel="images")
    return plot(figure, "Sharpness: variance of the Laplacian; little is blur")


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _plain_ticks(axes: Axes, ticks: list[float] | list[int]) -> None:
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
