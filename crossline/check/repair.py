"""Repairs of what can be repaired safely, and the list of what was done."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from crossline.annotations.table import BOX_COLUMNS, Mask
from crossline.check.boxes import (
    Boxes,
    Facts,
    boxes_of,
    contradictions,
    sizes_of,
)
from crossline.check.classes import count_classes, spellings
from crossline.check.duplicates import leaked
from crossline.check.parts import Part, line_of
from crossline.check.rows import bad_repeats, doubled


@dataclass(frozen=True, slots=True)
class Action:
    """What was done to one row.

    Attributes:
        done: in words; the same of all rows to which it was done.
        part: name of the CSV.
        line: of that CSV, as it was.
        filename: of the image.
    """

    done: str
    part: str
    line: int
    filename: str


@dataclass
class _Bench:
    """A part while it is repaired; the table's index keeps its row numbers."""

    part: Part
    actions: list[Action] = field(default_factory=list)

    @property
    def table(self) -> pd.DataFrame:
        return self.part.table

    def drop(self, mask: Mask, why: str) -> None:
        if not mask.any():
            return
        self._note(mask, f"dropped: {why}")
        self.part = replace(self.part, table=self.table[~mask])

    def change(
        self, mask: Mask, columns: Sequence[str], values: Any, what: str
    ) -> None:
        if not mask.any():
            return
        self._note(mask, what)
        table = self.table.copy()
        table.loc[mask, list(columns)] = values
        self.part = replace(self.part, table=table)

    def _note(self, mask: Mask, done: str) -> None:
        rows = self.table[mask]
        names = rows["filename"].tolist()
        self.actions += [
            Action(done, self.part.name, line_of(row), name)
            for row, name in zip(rows.index.tolist(), names, strict=True)
        ]


def repair(
    parts: Sequence[Part], facts: Facts
) -> tuple[list[Part], list[Action]]:
    """Repairs parts; what they are read from stays as it is.

    Where the only safe way is to drop a row, it is dropped; an image that
    loses its last row is left out, and does not become one without objects.
    The repaired tables pass `check_table`.

    Returns:
        The repaired parts, and what was done, in the order of the lines.
    """
    respelling = spellings(count_classes(parts))
    repaired, actions = [], []
    for part, names in zip(parts, leaked(parts, facts), strict=True):
        bench = _Bench(replace(part, bad_cells=()))
        _note_cells(bench, part)
        _drop_images(bench, names, facts)
        _mend_sizes(bench, facts)
        _respell(bench, respelling)
        _mend_boxes(bench, facts)
        _mend_repeats(bench)
        repaired.append(_finished(bench.part))
        actions += sorted(bench.actions, key=lambda action: action.line)
    return repaired, actions


def count_actions(actions: Iterable[Action]) -> Counter[str]:
    """Returns how often each thing was done."""
    return Counter(action.done for action in actions)


def _note_cells(bench: _Bench, part: Part) -> None:
    bench.actions += [
        Action(
            f"emptied: a cell that holds no number ({problem.split()[0]})",
            part.name,
            line_of(row),
            str(part.table["filename"].iat[row]),
        )
        for row, problem in part.bad_cells
    ]


def _drop_images(bench: _Bench, leaks: set[str], facts: Facts) -> None:
    bench.drop(_named(bench, {""}), "names no image")
    names = bench.part.filenames()
    found = {name: facts.get(bench.part.image_path(name)) for name in names}
    missing = {name for name, image in found.items() if image is None}
    unreadable = {
        name for name, image in found.items() if image and image.problem
    }
    bench.drop(_named(bench, missing), "the image is missing")
    bench.drop(_named(bench, unreadable), "the image cannot be decoded")
    bench.drop(_named(bench, leaks), "a later part has the image too")


def _named(bench: _Bench, names: set[str]) -> Mask:
    return bench.table["filename"].isin(names).to_numpy(bool)


def _mend_sizes(bench: _Bench, facts: Facts) -> None:
    sizes = sizes_of(bench.part, facts)
    mask = sizes.mendable & (sizes.annotated != sizes.actual).any(axis=1)
    bench.change(
        mask,
        ("width", "height"),
        sizes.actual[mask].astype(np.int64),
        "corrected: the image's size",
    )


def _respell(bench: _Bench, respelling: dict[str, str]) -> None:
    for name, spelling in respelling.items():
        mask = (bench.table["class"] == name).to_numpy(bool)
        bench.change(
            mask, ("class",), spelling, f"renamed: {name!r} to {spelling!r}"
        )


def _mend_boxes(bench: _Bench, facts: Facts) -> None:
    # First: else an image that loses all its boxes would become a negative.
    mask = contradictions(bench.table, _boxes(bench, facts))
    bench.drop(mask, "says that an image with boxes has none")
    bench.drop(_boxes(bench, facts).lacks_edge, "a box without all its edges")
    bench.drop(_boxes(bench, facts).lacks_class, "a box without a class")
    bench.drop(_boxes(bench, facts).empty, "a box without area in the image")
    boxes = _boxes(bench, facts)
    for mask, what in (
        (boxes.inside_out & ~boxes.outside, "corrected: edges exchanged"),
        (boxes.outside, "corrected: box clipped to its image"),
    ):
        bench.change(mask, BOX_COLUMNS, boxes.mended[mask], what)
    mask = doubled(bench.table, _boxes(bench, facts))
    bench.drop(mask, "a box that is there twice")


def _mend_repeats(bench: _Bench) -> None:
    mask = bad_repeats(bench.table)
    largest = bench.table.groupby("filename")["repeats"].transform("max")
    bench.change(
        mask,
        ("repeats",),
        largest[mask].clip(lower=1).to_numpy()[:, None],
        "corrected: repeats made equal",
    )


def _boxes(bench: _Bench, facts: Facts) -> Boxes:
    return boxes_of(bench.table, sizes_of(bench.part, facts).frame)


def _finished(part: Part) -> Part:
    return replace(part, table=part.table.reset_index(drop=True))
