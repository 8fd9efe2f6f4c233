"""Experiments that are no YAML, or say what cannot be."""

import pytest

from tests.bad_input.conftest import Lay, Refuses

GOOD = """\
data: {train: labels.csv, images: images}
model: {checkpoint: zoo}
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("", "x.yaml: is empty", id="empty"),
        pytest.param(
            "- a\n",
            "x.yaml: holds no keys; see docs/experiments...",
            id="list",
        ),
        pytest.param(
            "data: {\n", "x.yaml line 2: is no YAML (...)", id="cut short"
        ),
        pytest.param(
            f"{GOOD}seed: 1\nseed: 2\n",
            "x.yaml line 1: is no YAML (seed is there twice)",
            id="a key twice",
        ),
        pytest.param(
            f"{GOOD}sede: 1\n",
            "x.yaml sede: is no key; did you mean seed?",
            id="unknown key",
        ),
        pytest.param(
            f"{GOOD}schedule: {{learnin_rate: 1}}\n",
            "x.yaml schedule.learnin_rate: is no key; did you mean "
            "learning_rate?",
            id="unknown key of a section",
        ),
        pytest.param(
            f"{GOOD}schedule: {{batch_size: 1}}\n",
            "x.yaml schedule.batch_size: is no key; did you mean batch_size?",
            id="key of another section",
        ),
        pytest.param(
            f"{GOOD}batch_size: eight\n",
            "x.yaml batch_size: 'eight': input should be a valid integer",
            id="word for a number",
        ),
        pytest.param(
            f"{GOOD}batch_size: 0\n",
            "x.yaml batch_size: 0: input should be greater than or equal to 1",
            id="batch of none",
        ),
        pytest.param(
            f"{GOOD}schedule: {{steps: 1.5, patience: no}}\n",
            "x.yaml schedule.steps: 1.5: input should be a valid integer "
            "(1 more such faults)",
            id="two faults",
        ),
        pytest.param(
            "data: {train: labels.csv, images: images}\n",
            "x.yaml model: is missing; write it",
            id="section missing",
        ),
        pytest.param(
            "data: {train: labels.csv}\nmodel: {checkpoint: zoo}\n",
            "x.yaml data: needs images (of annotations) or label_map (of "
            "TFRecords)",
            id="neither images nor label map",
        ),
        pytest.param(
            "data: {train: a, images: b, val_share: 0.6, test_share: 0.5}\n"
            "model: {checkpoint: zoo}\n",
            "x.yaml data: leaves nothing to train on: the shares reach 1",
            id="shares of more than all",
        ),
        pytest.param(
            f"{GOOD}distribution: {{workers: 3}}\n",
            "x.yaml: batch_size 8 does not divide by 3 replicas; choose a "
            "multiple of 3",
            id="batch that workers cannot share",
        ),
        pytest.param(
            f"{GOOD}distribution: {{cpu_replicas: 16}}\n",
            "x.yaml: batch_size 8 does not divide by 16 replicas; choose a "
            "multiple of 16",
            id="more replicas than images",
        ),
        pytest.param(
            f"{GOOD}distribution: {{workers: 2, cpu_replicas: 2}}\n",
            "x.yaml distribution: takes several workers or several "
            "cpu_replicas",
            id="workers of several replicas",
        ),
        pytest.param(
            f"{GOOD}distribution: {{precision: float16}}\n",
            "x.yaml distribution.precision: 'float16': input should be "
            "'float32' or 'bfloat16'",
            id="precision that needs its loss scaled",
        ),
        pytest.param(
            f"{GOOD}balance: {{rule: inverse}}\n",
            "x.yaml balance.rule: 'inverse': input should be "
            "'inverse_frequency' or 'effective_number'",
            id="unknown rule",
        ),
        pytest.param(
            f"{GOOD}balance: {{weights: {{car: 0}}}}\n",
            "x.yaml balance.weights.car: 0: input should be greater than 0",
            id="weight of nothing",
        ),
        pytest.param(
            f"{GOOD}balance: {{rule: effective_number, weights: {{car: 2}}}}"
            "\n",
            "x.yaml balance: takes a rule or weights, not both",
            id="rule and weights",
        ),
    ],
)
def test_a_bad_file(text: str, line: str, lay: Lay, refuses: Refuses) -> None:
    lay({"x.yaml": text})
    refuses("run_experiment x.yaml", line)


@pytest.mark.parametrize(
    ("override", "line"),
    [
        pytest.param(
            "schedule.step=5",
            "--set schedule.step: is no key; did you mean steps?",
            id="unknown key",
        ),
        pytest.param(
            "batch_size=many",
            "--set batch_size: 'many': input should be a valid integer",
            id="wrong type",
        ),
        pytest.param(
            "schedule=5",
            "--set schedule: 5: input should be a valid dictionary or "
            "instance of Schedule",
            id="number for a section",
        ),
    ],
)
def test_a_bad_override(
    override: str, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay({"x.yaml": GOOD})
    refuses(f"run_experiment x.yaml --set {override}", line)


def test_a_missing_file(refuses: Refuses) -> None:
    refuses("run_experiment none.yaml", "none.yaml: no such file")


@pytest.mark.parametrize(
    ("varied", "line"),
    [
        pytest.param(
            "schedule.step=[1]",
            "--vary schedule.step: is no key; did you mean steps?",
            id="unknown key",
        ),
        pytest.param(
            "'seed={low: 5, high: 1}'",
            "--vary seed: ...high...",
            id="range upside down",
        ),
        pytest.param(
            "'batch_size={low: 0, high: 8}'",
            "--vary batch_size: 0: input should be greater than or equal to 1",
            id="range that begins too low",
        ),
    ],
)
def test_what_cannot_be_varied(
    varied: str, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay({"x.yaml": GOOD})
    refuses(f"sweep x.yaml --vary {varied}", line)
