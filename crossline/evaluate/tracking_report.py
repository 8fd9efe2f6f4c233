"""What is said of a tracker's result: tables to read, JSON to keep."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crossline.evaluate.plain import json_text
from crossline.track.mot_challenge import UNSTATED


@dataclass(frozen=True)
class TrackScores:
    """How well tracks follow the true ones; None where there are none.

    Attributes:
        mota: 1 less misses, false boxes and switches, of all true boxes.
        idf1: F1 of boxes with the right identity.
        hota: mean over IoU 0.05 to 0.95 of detection and association.
        id_switches: how often a true object gets another id.
        true_boxes: in all frames.
        boxes: of the result.
        true_ids: how many objects.
        ids: how many tracks.
    """

    mota: float | None
    idf1: float | None
    hota: float | None
    id_switches: int | None
    true_boxes: int
    boxes: int
    true_ids: int
    ids: int


@dataclass(frozen=True)
class LineError:
    """Who crossed a line, and who was counted, in one direction.

    Attributes:
        line: name.
        class_id: `UNSTATED` where one of the files names no classes.
        direction: name.
        true: crossings of the true tracks.
        counted: crossings of the result's.
    """

    line: str
    class_id: int
    direction: str
    true: int
    counted: int

    @property
    def error(self) -> int:
        """Counted too often, or, below 0, missed."""
        return self.counted - self.true


@dataclass(frozen=True)
class TrackingEvaluation:
    """Everything that is said of one result.

    Attributes:
        truth: where the true tracks are from.
        result: where the judged ones are from.
        ignored: true boxes that the file marks as not to be judged.
        scores: see there.
        lines: a row per line, class and direction.
    """

    truth: str
    result: str
    ignored: int
    scores: TrackScores
    lines: Sequence[LineError]

    def to_json(self) -> str:
        """Returns all of it; n/a is null."""
        return json_text(self)

    def to_text(self) -> str:
        """Returns the tables."""
        return "\n".join([*self._score_rows(), *self._line_rows()])

    def _score_rows(self) -> Iterator[str]:
        scores = self.scores
        yield f"{self.result} against {self.truth}"
        yield f"{'':12}{'true':>9}{'result':>9}"
        yield f"{'boxes':12}{scores.true_boxes:9d}{scores.boxes:9d}"
        yield f"{'tracks':12}{scores.true_ids:9d}{scores.ids:9d}"
        if self.ignored:
            yield f"not judged, as the truth has it: {self.ignored} boxes"
        for name in ("mota", "idf1", "hota"):
            yield f"{name.upper():12}{'':9}{_cell(getattr(scores, name))}"
        yield f"{'id switches':12}{'':9}{_cell(scores.id_switches)}"

    def _line_rows(self) -> Iterator[str]:
        if not self.lines:
            return
        width = max(len(f"{row.line} {row.direction}") for row in self.lines)
        yield ""
        yield (
            f"{'line':{width}}{'class':>7}{'true':>7}{'counted':>9}"
            f"{'error':>7}{'share':>8}"
        )
        for row in self.lines:
            share = row.error / row.true if row.true else None
            class_id = "any" if row.class_id == UNSTATED else row.class_id
            name = f"{row.line} {row.direction}"
            yield (
                f"{name:{width}}{class_id:>7}{row.true:7d}{row.counted:9d}"
                f"{row.error:+7d}"
                f"{'n/a' if share is None else f'{share:+.1%}':>8}"
            )
        true = sum(row.true for row in self.lines)
        wrong = sum(abs(row.error) for row in self.lines)
        yield f"off by {wrong} of {true} in all"


def _cell(value: float | None) -> str:
    if value is None:
        return f"{'n/a':>9}"
    return f"{value:9d}" if isinstance(value, int) else f"{value:9.3f}"
