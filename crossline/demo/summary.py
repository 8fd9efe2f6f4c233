"""The demo's verdict: for machines, and for the terminal."""

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from crossline.demo.counts import Count, CountedVideo, Crossing
from crossline.demo.scores import DemoScores, ModelScores
from crossline.demo.stages import Stage, duration
from crossline.errors import InputError

LEAST_AP50 = 0.90
MOST_AP50_LOSS = 0.02
MOST_SECONDS = 600.0


@dataclass(frozen=True)
class Requirement:
    """What the demo promises, and what came of it.

    Attributes:
        name: what is measured.
        wanted: in words.
        found: in words.
        holds: whether it is kept.
        is_decisive: whether the demo has failed without it. How long it
            takes is the machine's affair too.
    """

    name: str
    wanted: str
    found: str
    holds: bool
    is_decisive: bool = True

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.holds:
            return "holds"
        return "fails" if self.is_decisive else "slower"


@dataclass(frozen=True)
class DemoSummary:
    """All that the demo measured.

    Attributes:
        stages: in their order.
        scores: of SavedModel and int8.
        street: what int8 counted in the sample's video.
        counts: of it, beside the truth.
        missed: true crossings that nobody counted.
        invented: counted crossings that did not happen.
        footage: people counted in real footage; None where there is none.
        files: bytes by path.
    """

    stages: Sequence[Stage]
    scores: DemoScores
    street: CountedVideo
    counts: Sequence[Count]
    missed: Sequence[Crossing]
    invented: Sequence[Crossing]
    footage: CountedVideo | None
    files: Mapping[str, int]

    @property
    def seconds(self) -> float:
        """All stages together."""
        return sum(stage.seconds for stage in self.stages)

    @property
    def wrong(self) -> list[Crossing]:
        """Crossings missed or invented, in the order of time."""
        return sorted([*self.missed, *self.invented])

    @property
    def requirements(self) -> list[Requirement]:
        """What the demo promises, decisive ones first."""
        saved_model = self.scores.saved_model.ap50
        equal = sum(count.is_equal for count in self.counts)
        return [
            Requirement(
                "counts equal to the truth",
                "all",
                f"{equal} of {len(self.counts)}",
                equal == len(self.counts),
            ),
            Requirement(
                "AP50 of the SavedModel",
                f"at least {LEAST_AP50:.2f}",
                f"{saved_model:.3f}",
                saved_model >= LEAST_AP50,
            ),
            Requirement(
                "AP50 of int8",
                f"at most {MOST_AP50_LOSS:.2f} less",
                f"{self.scores.int8.ap50:.3f} ({-self.scores.loss:+.3f})",
                round(self.scores.loss, 6) <= MOST_AP50_LOSS,
            ),
            Requirement(
                "duration",
                f"at most {duration(MOST_SECONDS)}",
                duration(self.seconds),
                self.seconds <= MOST_SECONDS,
                is_decisive=False,
            ),
        ]

    @property
    def broken(self) -> list[Requirement]:
        """The decisive ones that are not kept."""
        return [
            each
            for each in self.requirements
            if each.is_decisive and not each.holds
        ]

    def to_json(self) -> str:
        """Returns all of it."""
        values = {
            "holds": not self.broken,
            "requirements": [asdict(each) for each in self.requirements],
            "seconds": round(self.seconds, 1),
            "stages": [stage._asdict() for stage in self.stages],
            "images": self.scores.images,
            "models": {
                "saved_model": _model(self.scores.saved_model),
                "int8": _model(self.scores.int8),
            },
            "difference": {
                name: asdict(difference)
                for name, difference in self.scores.difference.items()
            },
            "counts": [
                {**_row(count), "equal": count.is_equal}
                for count in self.counts
            ],
            "missed": [_row(crossing) for crossing in self.missed],
            "invented": [_row(crossing) for crossing in self.invented],
            "footage": self.footage and _footage(self.footage),
            "files": dict(self.files),
            "versions": versions(),
            "cores": os.cpu_count(),
        }
        return json.dumps(values, indent=2, ensure_ascii=False) + "\n"

    def to_text(self) -> str:
        """Returns counts, average precision and verdict, to be read."""
        return "\n".join(
            [*self._counts(), "", *self._scores(), "", *self._verdict()]
        )

    def _counts(self) -> Iterator[str]:
        yield f"{'line':8}{'class':14}{'direction':12} counted  true"
        for count in self.counts:
            yield (
                f"{count.line:8}{count.class_name:14}{count.direction:12}"
                f"{count.counted:8}{count.true:6}"
                f"{'' if count.is_equal else '  differs'}"
            )

    def _scores(self) -> Iterator[str]:
        saved_model, int8 = self.scores.saved_model, self.scores.int8
        yield f"{'':22}{'SavedModel':>12}{'int8':>8}"
        yield f"{'AP50':22}{saved_model.ap50:12.3f}{int8.ap50:8.3f}"
        yield f"{'AP':22}{saved_model.ap:12.3f}{int8.ap:8.3f}"
        sizes = [model.size / 1e6 for model in (saved_model, int8)]
        yield f"{'MB':22}{sizes[0]:12.1f}{sizes[1]:8.1f}"

    def _verdict(self) -> Iterator[str]:
        for each in self.requirements:
            promise = f"promised: {each.wanted}"
            yield f"{each.verdict:7} {each.name}: {each.found}; {promise}"


def require_kept(summary: DemoSummary, report: Path) -> None:
    """Makes sure that the demo kept what it promises, but for the time.

    Args:
        summary: what it measured.
        report: where one can read more, named in the error.

    Raises:
        InputError: it did not.
    """
    broken = [
        f"{each.name}: {each.found}, promised: {each.wanted}"
        for each in summary.broken
    ]
    if broken:
        raise InputError(report, f"the demo failed; {'; '.join(broken)}")


def versions() -> dict[str, str]:
    """Returns what the figures depend on."""
    return {
        "python": platform.python_version(),
        "tensorflow": metadata.version("tensorflow"),
        "crossline": metadata.version("crossline"),
        "platform": platform.platform(),
    }


def _row(row: Count | Crossing) -> dict[str, Any]:
    names = {"class_name": "class"}
    return {names.get(key, key): value for key, value in row._asdict().items()}


def _footage(footage: CountedVideo) -> dict[str, Any]:
    return {
        "source": footage.source,
        "model": footage.model,
        "duration_s": footage.duration_s,
        "totals": footage.totals,
    }


def _model(model: ModelScores) -> dict[str, Any]:
    return {
        "path": str(model.path),
        "bytes": model.size,
        "AP": model.ap,
        "AP50": model.ap50,
        "per_class": {
            name: {"AP": of.ap, "AP50": of.ap50, "objects": of.objects}
            for name, of in model.per_class.items()
        },
    }
