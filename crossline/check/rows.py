"""What is wrong with rows: sizes, boxes, and what rows say of each other."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from crossline.annotations.table import BOX_COLUMNS, Mask
from crossline.check import findings as kinds
from crossline.check.boxes import (
    Boxes,
    Facts,
    FloatArray,
    Sizes,
    boxes_of,
    contradictions,
    sizes_of,
)
from crossline.check.findings import Finding, Kind
from crossline.check.parts import Part
from crossline.geometry import iou_matrix

TINY_SIDE = 8
"""Pixels of the model's input. Half a cell of the finest grid that SSD
MobileNet looks at (stride 16), a quarter of its smallest anchor."""
_NEARLY_COVERS = 0.9


def check_rows(part: Part, facts: Facts, input_size: int) -> Iterator[Finding]:
    """Yields what is wrong with single rows, and with rows of one image."""
    sizes = sizes_of(part, facts)
    boxes = boxes_of(part.table, sizes.frame)
    for row, problem in part.bad_cells:
        yield _finding(kinds.BAD_NUMBER, part, (row,), problem)
    yield from _check_sizes(part, sizes)
    yield from _check_edges(part, boxes, sizes)
    yield from _check_tiny(part, boxes, sizes, input_size)
    yield from _check_pairs(part, boxes)


def _check_sizes(part: Part, sizes: Sizes) -> Iterator[Finding]:
    first = ~part.table.duplicated("filename").to_numpy(bool)
    for kind, mask in {
        kinds.TWO_SIZES: sizes.disagrees,
        kinds.SIZE_DIFFERS: sizes.differs & ~sizes.disagrees,
        kinds.TURNED: sizes.turned & ~sizes.disagrees,
    }.items():
        for row in np.flatnonzero(mask & first).tolist():
            told, real = sizes.annotated[row], sizes.actual[row]
            detail = f"annotated {_size(told)}, the image is {_size(real)}"
            if sizes.scaled[row]:
                detail += "; perhaps scaled without its boxes"
            elif kind == kinds.SIZE_DIFFERS and not sizes.mendable[row]:
                detail += "; its boxes do not fit"
            yield _finding(kind, part, (row,), detail)


def _check_edges(part: Part, boxes: Boxes, sizes: Sizes) -> Iterator[Finding]:
    table = part.table
    bad_rows = np.zeros(len(table), bool)
    bad_rows[[row for row, _ in part.bad_cells]] = True
    masks: dict[Kind, Mask] = {
        kinds.NO_FILENAME: (table["filename"] == "").to_numpy(bool),
        kinds.NO_EDGE: boxes.lacks_edge & ~bad_rows,
        kinds.NO_CLASS_NAME: boxes.lacks_class,
        kinds.INSIDE_OUT: boxes.inside_out,
        kinds.EMPTY_BOX: boxes.empty,
        kinds.OUTSIDE: boxes.outside,
        kinds.CONTRADICTION: contradictions(table, boxes),
        kinds.BAD_REPEATS: bad_repeats(table),
        kinds.DOUBLED: doubled(table, boxes),
    }
    edges = table[BOX_COLUMNS].to_numpy(float)
    for kind, mask in masks.items():
        for row in np.flatnonzero(mask).tolist():
            detail = _described(table, edges, sizes, row)
            weight = float(boxes.overhang[row])
            yield _finding(kind, part, (row,), detail, weight)


def bad_repeats(table: pd.DataFrame) -> Mask:
    """Returns the rows whose `repeats` is below 1 or not their image's."""
    largest = table.groupby("filename")["repeats"].transform("max")
    differs = (table["repeats"] < 1) | (table["repeats"] != largest)
    return differs.to_numpy(bool)


def doubled(table: pd.DataFrame, boxes: Boxes) -> Mask:
    """Returns the sound boxes that an earlier row has too, class and all."""
    keys = pd.DataFrame(boxes.mended)
    keys["filename"] = table["filename"].to_numpy()
    keys["class"] = table["class"].to_numpy()
    keys = keys[boxes.sound]
    mask = np.zeros(len(table), bool)
    mask[keys.index[keys.duplicated()]] = True
    return mask


def input_sides(edges: FloatArray, size: FloatArray, side: int) -> FloatArray:
    """Returns the boxes' mean sides, ``(rows,)``, pixels of a square input.

    That is the square root of the area; the model squeezes images to it.

    Args:
        edges: ``(rows, 4)``, pixels of the image.
        size: ``(rows, 2)``, of the image.
        side: of the input.
    """
    sides = (edges[:, 2:] - edges[:, :2]) / np.maximum(size, 1)
    return np.asarray(np.sqrt(sides.prod(axis=1)) * side)


def _check_tiny(
    part: Part, boxes: Boxes, sizes: Sizes, input_size: int
) -> Iterator[Finding]:
    rows = np.flatnonzero(boxes.sound)
    edges, frame = boxes.mended[rows], sizes.frame[rows]
    means = input_sides(edges, frame, input_size)
    small = means < TINY_SIDE
    shrunk = (edges[:, 2:] - edges[:, :2]) / frame * input_size
    for row, mean, (width, height) in zip(
        rows[small].tolist(), means[small], shrunk[small], strict=True
    ):
        name = part.table["class"].iat[row]
        detail = (
            f"{name}, {width:.1f} x {height:.1f} pixels of the model's "
            f"{input_size} x {input_size}"
        )
        yield _finding(kinds.TINY, part, (row,), detail, -float(mean))


def _check_pairs(part: Part, boxes: Boxes) -> Iterator[Finding]:
    """Yields boxes that nearly cover another of their image."""
    table = part.table
    compared = boxes.sound & ~doubled(table, boxes)
    compared &= ~table["is_crowd"].to_numpy(bool)
    rows = np.flatnonzero(compared)
    images, _ = pd.factorize(table["filename"].iloc[rows])
    order = np.argsort(images, kind="stable")
    borders = np.flatnonzero(np.diff(images[order])) + 1
    names = table["class"].to_numpy()
    for group in np.split(rows[order], borders):
        if len(group) < 2:
            continue
        edges = boxes.mended[group].astype(np.float32)
        iou = np.triu(iou_matrix(edges, edges), 1)
        for i, j in np.argwhere(iou > _NEARLY_COVERS).tolist():
            pair = int(group[i]), int(group[j])
            first, second = (str(names[row]) for row in pair)
            same = first == second
            kind = kinds.OVERLAPPING if same else kinds.TWO_CLASSES
            called = first if same else f"{first} and {second}"
            detail = f"{called}, IoU {iou[i, j]:.2f}"
            yield _finding(kind, part, pair, detail, float(iou[i, j]))


def _finding(
    kind: Kind,
    part: Part,
    rows: tuple[int, ...],
    detail: str,
    weight: float = 0,
) -> Finding:
    filename = str(part.table["filename"].iat[rows[0]])
    return Finding(kind, part.name, filename, detail, rows, weight=weight)


def _described(
    table: pd.DataFrame, edges: FloatArray, sizes: Sizes, row: int
) -> str:
    name = str(table["class"].iat[row]) or "no class"
    box = ", ".join(
        "?" if np.isnan(edge) else f"{edge:g}" for edge in edges[row]
    )
    return f"{name} at {box}, image {_size(sizes.frame[row])}"


def _size(size: FloatArray) -> str:
    return f"{size[0]:g}x{size[1]:g}"
