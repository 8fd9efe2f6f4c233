"""A check as lines for the terminal and as JSON to keep."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from crossline.check.boxes import Facts
from crossline.check.findings import (
    Finding,
    Severity,
    by_kind,
    count_severities,
)
from crossline.check.parts import Part, line_of
from crossline.check.repair import Action, count_actions
from crossline.check.statistics import Statistics

_EXAMPLES = 3


@dataclass(frozen=True)
class Report:
    """What a check found.

    Attributes:
        parts: that were checked.
        facts: of their images.
        statistics: of both.
        findings: in any order.
        actions: what a repair did; empty without one.
        left: findings that are left after the repair; None without one.
        input_size: side of the model's input, pixels.
    """

    parts: Sequence[Part]
    facts: Facts
    statistics: Statistics
    findings: Sequence[Finding]
    input_size: int
    actions: Sequence[Action] = field(default_factory=list)
    left: Sequence[Finding] | None = None

    def worst(self) -> Severity | None:
        """Returns the worst severity that is left; None without findings."""
        left = self.findings if self.left is None else self.left
        return max((each.kind.severity for each in left), default=None)

    def to_text(self) -> str:
        """Returns the summary: counts by kind, with the worst examples."""
        return "\n".join(self._lines())

    def to_json(self) -> str:
        """Returns all of it."""
        values: dict[str, Any] = {
            "csv": [str(part.path) for part in self.parts],
            "input_size": self.input_size,
            "counts": _words(self.findings),
            "findings": [
                _as_dict(finding)
                for group in by_kind(self.findings).values()
                for finding in group
            ],
            "statistics": self.statistics.to_dict(),
        }
        if self.left is not None:
            values["repaired"] = [
                {
                    "csv": action.part,
                    "line": action.line,
                    "filename": action.filename,
                    "done": action.done,
                }
                for action in self.actions
            ]
            values["counts_left"] = _words(self.left)
        return json.dumps(values, indent=1, ensure_ascii=False) + "\n"

    def _lines(self) -> Iterator[str]:
        for name, (images, boxes) in self.statistics.parts.items():
            yield f"{name}: {images:,} images, {boxes:,} boxes"
        for kind, group in by_kind(self.findings).items():
            yield (
                f"{kind.severity.word:8}{len(group):6,}  {kind.title} "
                f"({kind.name})"
            )
            for finding in group[:_EXAMPLES]:
                yield f"{'':16}{place_of(finding)}{finding.detail}"
            if len(group) > _EXAMPLES:
                yield f"{'':16}..."
        yield f"Found {tally(self.findings)}."
        if self.left is not None:
            for done, count in sorted(count_actions(self.actions).items()):
                yield f"{'--fix':8}{count:6,}  {done}"
            if not self.actions:
                yield "--fix found nothing that it could repair."
            yield f"Left after --fix: {tally(self.left)}."


def place_of(finding: Finding) -> str:
    """Returns where a finding is: CSV, line and image, as far as it has."""
    lines = " and ".join(str(line_of(row)) for row in finding.rows)
    words = [finding.part, f"line {lines}" if lines else "", finding.filename]
    place = " ".join(word for word in words if word)
    return f"{place}: " if place else ""


def tally(findings: Sequence[Finding]) -> str:
    """Returns counts in words: ``1 error, 2 warnings and 0 notes``."""
    words = [
        f"{count:,} {severity.word}{'' if count == 1 else 's'}"
        for severity, count in count_severities(findings).items()
    ]
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _words(findings: Sequence[Finding]) -> dict[str, int]:
    return {
        severity.word: count
        for severity, count in count_severities(findings).items()
    }


def _as_dict(finding: Finding) -> dict[str, Any]:
    values = {
        "kind": finding.kind.name,
        "severity": finding.kind.severity.word,
        "csv": finding.part,
        "lines": [line_of(row) for row in finding.rows],
        "filename": finding.filename,
        "detail": finding.detail,
        "other_csv": finding.other_part,
        "other_filename": finding.other_filename,
    }
    return {name: value for name, value in values.items() if value}
