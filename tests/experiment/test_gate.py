"""The quality gate: each requirement, held against figures."""

import dataclasses
from typing import Any

import pytest

from crossline.errors import InputError
from crossline.evaluate.coco_metrics import ClassMetrics, Metrics
from crossline.experiment.gate import require_passed, requirements
from crossline.experiment.settings import QualityGate


def metrics(score: float | None, car: float | None = 0.5) -> Metrics:
    names = [field.name for field in dataclasses.fields(ClassMetrics)]
    values: dict[str, Any] = {**dict.fromkeys(names), "AP": car}
    summary = {"AP": score, "AP50": score}
    return Metrics(summary, {}, {"car": ClassMetrics(**values)})


@pytest.mark.parametrize(
    ("gate", "int8", "missed"),
    [
        pytest.param({}, None, None, id="no gate"),
        pytest.param({"AP": 0.4}, None, None, id="just reached"),
        pytest.param(
            {"AP": 0.41}, None, "AP 0.400, wanted at least 0.410", id="too low"
        ),
        pytest.param(
            {"AP50": 0.5}, None, "AP50 0.400, wanted at least 0.500", id="AP50"
        ),
        pytest.param(
            {"class_AP": {"car": 0.6}},
            None,
            "AP of car 0.500, wanted at least 0.600",
            id="class",
        ),
        pytest.param({"int8_loss": 0.02}, 0.39, None, id="int8 is near"),
        pytest.param(
            {"int8_loss": 0.02},
            0.3,
            "AP lost by int8 0.100, wanted at most 0.020",
            id="int8 is far",
        ),
        pytest.param(
            {"int8_loss": 0.02},
            None,
            "AP lost by int8 n/a, wanted at most 0.020",
            id="int8 was not judged",
        ),
    ],
)
def test_a_gate(
    gate: dict[str, Any], int8: float | None, missed: str | None
) -> None:
    found = requirements(
        QualityGate(**gate),
        metrics(0.4),
        None if int8 is None else metrics(int8),
    )
    if missed is None:
        require_passed(found, "x")
        return
    with pytest.raises(InputError, match=f"quality gate missed: {missed}"):
        require_passed(found, "x")


def test_without_objects_there_is_no_score_to_pass() -> None:
    found = requirements(QualityGate(AP=0.1), metrics(None), None)
    with pytest.raises(InputError, match=r"AP n/a, wanted at least 0\.100"):
        require_passed(found, "x")
