"""What is said of a model, by what is wrong with it."""

import re
from pathlib import Path

import pytest

from crossline.annotations.table import Annotation
from crossline.evaluate.coco_results import CocoResult
from crossline.evaluate.evaluation import Candidate, evaluate
from crossline.evaluate.findings import Finding
from crossline.evaluate.ground_truth import GroundTruth
from crossline.evaluate.remedies import LARGER_INPUT, MORE_IMAGES, REMEDIES
from crossline.experiment.settings_file import known_keys
from tests.evaluate.scenes import perfect_results, row, seen, truth_of

IMAGES = [f"{number}.jpg" for number in range(4)]
CAR = (0.0, 0.0, 100.0, 100.0)
TINY = (0.0, 0.0, 20.0, 20.0)
PERSON = (300.0, 0.0, 400.0, 100.0)


def objects(box: tuple[float, float, float, float]) -> list[Annotation]:
    """A car in `box` and a large person on each image."""
    return [
        row(name, class_name, of)
        for name in IMAGES
        for class_name, of in (("car", box), ("person", PERSON))
    ]


def findings(
    truth: GroundTruth, *models: list[CocoResult]
) -> list[list[Finding]]:
    candidates = [
        Candidate(f"{number}", Path("a"), Path("b"), results)
        for number, results in enumerate(models)
    ]
    return [
        list(each.findings) for each in evaluate(truth, candidates).judgements
    ]


def of_kind(found: list[Finding], kind: str, name: str = "") -> Finding:
    (finding,) = (
        each for each in found if (each.kind, each.class_name) == (kind, name)
    )
    return finding


def persons(truth: GroundTruth) -> list[CocoResult]:
    return [
        each
        for each in perfect_results(truth)
        if each["category_name"] == "person"
    ]


def test_small_objects_that_are_missed_want_a_larger_input() -> None:
    truth = truth_of(*objects(TINY))
    found = [*persons(truth), seen(truth, TINY, filename=IMAGES[0])]
    (said,) = findings(truth, found)
    missed = of_kind(said, "missed", "car")
    assert "3 of 4 objects are missed at the threshold of" in missed.text
    assert "3 of these are small, 0 are seen with a weaker" in missed.text
    # AP50 is 26 / 101: recalls 0.00 to 0.25.
    assert f"This costs {1 - 26 / 101:.3f} AP50." in missed.text
    assert "`model.checkpoint`" in missed.remedy
    assert "50% of the objects are small" in of_kind(said, "size").text


@pytest.mark.parametrize(
    ("box", "name", "kind", "words", "remedy"),
    [
        pytest.param(
            (50, 0, 150, 100),
            "car",
            "localisation",
            "3 detections at the threshold",
            "labels of car",
            id="badly placed",
        ),
        pytest.param(
            CAR,
            "person",
            "classification",
            "of its own objects are taken 3 for person",
            "car and person",
            id="taken for another class",
        ),
    ],
)
def test_reasons(
    box: tuple[float, ...], name: str, kind: str, words: str, remedy: str
) -> None:
    truth = truth_of(*objects(CAR))
    wrong = [seen(truth, box, name, filename=each) for each in IMAGES[1:]]
    right = seen(truth, CAR, filename=IMAGES[0])
    (said,) = findings(truth, [*persons(truth), right, *wrong])
    finding = of_kind(said, kind, "car")
    assert words in finding.text
    assert remedy in finding.remedy


def test_few_objects_are_said_with_the_interval() -> None:
    truth = truth_of(*objects(CAR))
    found = [*persons(truth), seen(truth, CAR, filename=IMAGES[0])]
    few = of_kind(findings(truth, found)[0], "few_objects", "car")
    assert "only 4 of 8 objects here (50%)" in few.text
    assert "between 0.000 and" in few.text
    assert "`balance.rule`" in few.remedy


def test_a_class_of_which_nothing_is_detected_may_be_a_fault() -> None:
    truth = truth_of(*objects(CAR))
    (said,) = findings(truth, persons(truth))
    undetected = of_kind(said, "undetected", "car")
    assert undetected.text.startswith("car: not one detection")
    assert not any(
        each.class_name == "car" and each.kind == "missed" for each in said
    )


def test_a_comparison_says_whether_it_is_luck() -> None:
    truth = truth_of(*objects(CAR))
    good, blind = perfect_results(truth), persons(truth)
    first, same, worse = findings(truth, good, good, blind)
    assert not {"better", "worse", "same"} & {each.kind for each in first}
    assert "cannot tell the two apart" in of_kind(same, "same").text
    assert "-1.000 (95 %: -1.000 to -1.000)" in (
        of_kind(worse, "worse", "car").text
    )


def test_a_perfect_model_gets_its_threshold_alone() -> None:
    truth = truth_of(*objects(CAR))
    sure = perfect_results(truth)
    for each in sure:
        each["score"] = 1.0
    kinds = {each.kind for each in findings(truth, sure)[0]}
    assert kinds == {"threshold", "few_objects"}


@pytest.mark.parametrize(
    "remedy", [LARGER_INPUT, MORE_IMAGES, *REMEDIES.values()]
)
def test_remedies_name_keys_that_experiments_have(remedy: str) -> None:
    named = set(re.findall(r"`([a-z_.]+)", remedy))
    assert named <= set(known_keys())
