"""``results.csv``: what a run measured, and all that it remembers of it.

A row per logged step: means of the losses since the row before, and the
validation's scores where there was one. Rows are appended whole, so that the
file can be read at any moment. What a run needs to know when it goes on, the
best step and how long ago it was, is told by the rows.
"""

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crossline.evaluate.coco_metrics import SUMMARY_NAMES, Metrics
from crossline.files import write_text

Row = dict[str, float]
"""By column; without those that have no value."""

STEP, LEARNING_RATE, SPEED = "step", "learning_rate", "steps_per_second"
LOSSES = (
    "total_loss",
    "classification_loss",
    "localization_loss",
    "regularization_loss",
)
SCORE = "AP"
"""Tells which step is best."""


class Results:
    """The rows of one run, in memory and on the disk.

    Args:
        path: of the CSV; rows that are there are read.
        class_names: each gets a column ``AP/NAME``.
    """

    def __init__(self, path: Path, class_names: Sequence[str]) -> None:
        self.path = path
        self.columns = (
            *(STEP, LEARNING_RATE, SPEED, *LOSSES, *SUMMARY_NAMES),
            *(f"AP/{name}" for name in class_names),
        )
        self.rows = read_results(path) if path.exists() else []
        self._write()

    def forget_after(self, step: int) -> None:
        """Drops rows of steps that will be made again."""
        self.rows = [row for row in self.rows if row[STEP] <= step]
        self._write()

    def add(self, step: int, values: Mapping[str, float | None]) -> None:
        """Adds a row, or values to the last one."""
        known = {k: v for k, v in values.items() if v is not None}
        if self.rows and self.rows[-1][STEP] == step:
            self.rows[-1] |= known
            self._write()
            return
        self.rows.append({STEP: step, **known})
        with self.path.open("a", encoding="utf-8", newline="") as file:
            file.write(self._text(self.rows[-1:]))

    def flush(self) -> None:
        """Makes sure that the rows outlive the machine."""
        with self.path.open("rb") as file:
            os.fsync(file.fileno())

    def is_validated(self, step: int) -> bool:
        """Tells whether the last row is of this step and has its scores."""
        return bool(self.rows) and (
            self.rows[-1][STEP] == step and SCORE in self.rows[-1]
        )

    @property
    def best(self) -> Row | None:
        """The row of the highest AP, the first of equals."""
        return max(self._validations(), key=_score, default=None)

    @property
    def validations_since_best(self) -> int:
        """How many have not been better."""
        best = self.best
        after = [
            r for r in self._validations() if best and r[STEP] > best[STEP]
        ]
        return len(after)

    def _validations(self) -> list[Row]:
        return [row for row in self.rows if SCORE in row]

    def _write(self) -> None:
        header = io.StringIO()
        csv.writer(header, lineterminator="\n").writerow(self.columns)
        write_text(self.path, header.getvalue() + self._text(self.rows))

    def _text(self, rows: Sequence[Row]) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for row in rows:
            writer.writerow([_cell(row.get(name)) for name in self.columns])
        return text.getvalue()


def read_results(path: Path) -> list[Row]:
    """Reads the rows of a ``results.csv``, also of one that grows.

    A last line that a crash of the machine cut short is left out.
    """
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    return [
        {name: float(cell) for name, cell in row.items() if cell}
        for row in csv.DictReader(io.StringIO(whole))
    ]


def scores_of(metrics: Metrics) -> dict[str, float | None]:
    """Returns the values of a validation, by column."""
    per_class = metrics.per_class.items()
    return {
        **metrics.summary,
        **{f"AP/{name}": each.AP for name, each in per_class},
    }


def losses_of(losses: Mapping[str, Any]) -> dict[str, float]:
    """Returns the API's losses by column."""
    return {
        name.removeprefix("Loss/"): float(loss)
        for name, loss in losses.items()
    }


def _score(row: Row) -> float:
    return row[SCORE]


def _cell(value: float | None) -> str:
    """Nine digits tell single precision numbers apart."""
    return "" if value is None else f"{value:.9g}"
