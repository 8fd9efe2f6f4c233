"""Detections are kept by class and score; unknown classes are told."""

from pathlib import Path

import pytest

from crossline.detect.select import select, wanted_class_ids
from crossline.errors import InputError
from crossline.geometry import Detections

NAMES = {1: "person", 3: "car", 8: "truck"}


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        pytest.param([], [1, 3, 8], id="all"),
        pytest.param(["truck", "person"], [8, 1], id="some"),
    ],
)
def test_classes_by_name(names: list[str], ids: list[int]) -> None:
    assert wanted_class_ids(names, NAMES, Path("m.tflite")) == ids


def test_an_unknown_class_is_told_with_the_known_ones() -> None:
    with pytest.raises(InputError) as refused:
        wanted_class_ids(["persons"], NAMES, Path("m.tflite"))
    assert str(refused.value) == (
        "m.tflite: knows no class 'persons', did you mean 'person'?; "
        "it knows person, car, truck"
    )


def test_class_and_score_decide() -> None:
    found = Detections.of(
        [[k, 0, k + 1, 1] for k in range(4)],
        [0.9, 0.6, 0.5, 0.4],
        [1, 5, 3, 1],
    )
    kept = select(found, [1, 3], 0.5)
    assert kept.boxes[:, 0].tolist() == [0, 2]
    assert kept.class_ids.tolist() == [1, 3]
    assert len(select(found, [], 0)) == 0
