import json
from pathlib import Path

import pytest

from crossline.evaluate.evaluation import Candidate, evaluate
from crossline.evaluate.report import Evaluation, short_names
from tests.evaluate.scenes import empty, perfect_results, row, truth_of


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    """A perfect model and one that finds nothing; persons are a crowd."""
    truth = truth_of(
        row("a.jpg"),
        row("b.jpg"),
        row("b.jpg", "person", is_crowd=True),
        empty("c.jpg"),
    )
    found = {"good": perfect_results(truth), "blind": []}
    return evaluate(
        truth,
        [
            Candidate(name, Path(f"{name}.tflite"), Path(f"{name}.json"), of)
            for name, of in found.items()
        ],
    )


def test_table(evaluation: Evaluation) -> None:
    head, *lines = evaluation.to_text().splitlines()
    assert head == (
        "val.csv: 3 images, 2 objects (crowds left out), judged on car, person"
    )
    *lines, difference, _ = lines
    assert difference == (
        "(2) against (1): AP -1.000 [-1.000, -1.000], "
        "AP50 -1.000 [-1.000, -1.000]"
    )
    assert lines == [
        "(1) good",
        "(2) blind",
        "",
        "           objects     (1)     (2)",
        "AP               2   1.000   0.000",
        "AP50             2   1.000   0.000",
        "AP75             2   1.000   0.000",
        "AP small         0     n/a     n/a",
        "AP medium        2   1.000   0.000",
        "AP large         0     n/a     n/a",
        "AR100            2   1.000   0.000",
        "AP by class",
        "car              2   1.000   0.000",
        "person           0     n/a     n/a",
        (
            "(2) detects nothing at all of: car, person; where training was "
            "short, no score may reach the threshold that a TFLite file has"
        ),
    ]


def test_json(evaluation: Evaluation) -> None:
    values = json.loads(evaluation.to_json())
    good, blind = values["models"]
    assert values["images"] == 3
    assert values["classes"] == ["car", "person"]
    assert good["model"] == "good.tflite"
    assert good["detections"] == "good.json"
    assert good["metrics"]["summary"]["AP"] == pytest.approx(1)
    assert good["metrics"]["summary"]["AP_small"] is None
    assert good["metrics"]["per_class"]["person"]["AP"] is None
    assert good["differences"] is None
    assert good["analysis"]["confusion"]["counts"] == [
        [2, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
    ]
    missed = blind["analysis"]["errors"]["per_class"]["car"]["missed"]
    assert missed == {"count": 2, "cost": 1}
    # n/a, as all is that is about a class without objects.
    recall = good["analysis"]["curves"]["per_class"]["person"]["recall"]
    assert recall == [None] * 101
    assert blind["differences"]["AP"] == pytest.approx(
        {"estimate": -1, "low": -1, "high": -1}
    )


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        pytest.param(
            ["/x/exported/street/model_int8.tflite", "/x/runs/v1.5"],
            ["street-model_int8", "runs-v1.5"],
            id="a file and a folder",
        ),
        pytest.param(
            ["/x/a/train/ckpt", "/x/b/train/ckpt"],
            ["a-train-ckpt", "b-train-ckpt"],
            id="as many parts as it takes",
        ),
        pytest.param(
            ["/x/runs/street.detections.json"],
            ["runs-street"],
            id="kept detections",
        ),
        pytest.param(["/x/m", "/x/m"], ["x-m", "x-m"], id="the same twice"),
    ],
)
def test_short_names(models: list[str], expected: list[str]) -> None:
    assert short_names([Path(model) for model in models]) == expected
