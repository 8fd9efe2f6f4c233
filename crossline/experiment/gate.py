"""The quality gate: what a model must reach, and whether it did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crossline.errors import InputError
from crossline.evaluate.coco_metrics import Metrics
from crossline.experiment.settings import QualityGate


@dataclass(frozen=True)
class Requirement:
    """One of the gate's, and what came of it.

    Attributes:
        name: what is measured.
        wanted: in words.
        found: in words.
        holds: whether it is kept.
    """

    name: str
    wanted: str
    found: str
    holds: bool


def requirements(
    gate: QualityGate, model: Metrics, int8: Metrics | None
) -> list[Requirement]:
    """Holds a gate against what was measured.

    Args:
        gate: settings.
        model: of the SavedModel.
        int8: of ``model_int8.tflite``, where it was made.
    """
    return list(_requirements(gate, model, int8))


def require_passed(found: Sequence[Requirement], source: str | Path) -> None:
    """Makes sure that the gate is passed.

    Args:
        found: of `requirements`.
        source: named in the error.

    Raises:
        InputError: it is not.
    """
    missed = [
        f"{each.name} {each.found}, wanted {each.wanted}"
        for each in found
        if not each.holds
    ]
    if missed:
        raise InputError(source, f"quality gate missed: {'; '.join(missed)}")


def _requirements(
    gate: QualityGate, model: Metrics, int8: Metrics | None
) -> Iterator[Requirement]:
    for name, least in (("AP", gate.AP), ("AP50", gate.AP50)):
        if least is not None:
            yield _at_least(name, least, model.summary[name])
    for name, least in gate.class_AP.items():
        score = model.per_class[name].AP
        yield _at_least(f"AP of {name}", least, score)
    if gate.int8_loss is not None:
        yield _int8_loss(gate.int8_loss, model, int8)


def _at_least(name: str, least: float, score: float | None) -> Requirement:
    found = "n/a" if score is None else f"{score:.3f}"
    holds = score is not None and score >= least
    return Requirement(name, f"at least {least:.3f}", found, holds)


def _int8_loss(
    most: float, model: Metrics, int8: Metrics | None
) -> Requirement:
    before = model.summary["AP"]
    after = int8.summary["AP"] if int8 else None
    loss = None if before is None or after is None else before - after
    return Requirement(
        "AP lost by int8",
        f"at most {most:.3f}",
        "n/a" if loss is None else f"{loss:.3f}",
        loss is not None and loss <= most,
    )
