"""A row of boxes on one image, each a mistake of one kind.

Cars and persons are squares of 100 pixels: a detection moved by 20 pixels
meets 80 / 120 of the union, by 50 pixels a third, by 90 pixels 1 / 19.
"""

import pytest

from crossline.evaluate.error_kinds import (
    ErrorKind,
    counts_by_class,
    mistakes_of,
)
from tests.evaluate.scenes import empty, outcomes, row, seen, truth_of

Box = tuple[float, float, float, float]

CAR: Box = (0, 0, 100, 100)
PERSON: Box = (300, 0, 400, 100)
TRUTH = truth_of(
    row("a.jpg", "car", CAR),
    row("a.jpg", "person", PERSON),
    row("a.jpg", "car", (0, 300, 100, 400), is_crowd=True),
    empty("b.jpg"),
)


def moved(box: Box, pixels: float) -> Box:
    return box[0] + pixels, box[1], box[2] + pixels, box[3]


def kinds(*found: tuple[Box, str]) -> list[str]:
    """The kinds of detections, and of what is missed, in that order."""
    results = [
        seen(TRUTH, box, name, 0.9 - 0.1 * place)
        for place, (box, name) in enumerate(found)
    ]
    judged = outcomes(TRUTH, results)
    mistakes = mistakes_of(judged)
    words = [
        "right" if kind < 0 else ErrorKind(kind).word
        for kind in mistakes.kinds.tolist()
    ]
    names = [judged.class_names[k] for k in judged.objects.class_indices]
    missed = [
        f"{name} missed"
        for name, is_missed in zip(names, mistakes.is_missed, strict=True)
        if is_missed
    ]
    return words + missed


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param([], ["car missed", "person missed"], id="nothing"),
        pytest.param([(CAR, "car")], ["right", "person missed"], id="right"),
        pytest.param(
            [(moved(CAR, 20), "car")], ["right", "person missed"], id="near"
        ),
        pytest.param(
            [(moved(CAR, 50), "car")],
            ["localisation", "person missed"],
            id="badly placed; its object is not missed",
        ),
        pytest.param(
            [(CAR, "person")],
            ["classification", "person missed"],
            id="taken for another class",
        ),
        pytest.param(
            [(moved(CAR, 50), "person")],
            ["both", "car missed", "person missed"],
            id="badly placed and of another class",
        ),
        pytest.param(
            [(CAR, "car"), (moved(CAR, 5), "car")],
            ["right", "duplicate", "person missed"],
            id="found twice",
        ),
        pytest.param(
            [(CAR, "car"), (moved(CAR, 50), "car")],
            ["right", "localisation", "person missed"],
            id="found, and badly once more",
        ),
        pytest.param(
            [(moved(CAR, 90), "car")],
            ["background", "car missed", "person missed"],
            id="hardly touches it",
        ),
        pytest.param(
            [((200, 200, 290, 290), "car")],
            ["background", "car missed", "person missed"],
            id="where nothing is",
        ),
        pytest.param(
            [((0, 300, 50, 350), "car")],
            ["car missed", "person missed"],
            id="a crowd is no mistake",
        ),
    ],
)
def test_kinds(found: list[tuple[Box, str]], expected: list[str]) -> None:
    assert kinds(*found) == expected


def test_an_image_without_objects_has_background_only() -> None:
    results = [seen(TRUTH, CAR, filename="b.jpg")]
    assert mistakes_of(outcomes(TRUTH, results)).kinds.tolist() == [
        ErrorKind.BACKGROUND
    ]


def test_counts_are_of_the_class_that_is_claimed_or_missed() -> None:
    judged = outcomes(TRUTH, [seen(TRUTH, CAR, "person")])
    counts = counts_by_class(judged, mistakes_of(judged))
    assert judged.class_names == ("car", "person")
    assert counts.tolist() == [
        [0, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 1],
    ]
