import pytest

from crossline.annotations.table import Annotation
from crossline.evaluate.coco_results import CocoResult, results_of
from crossline.evaluate.ground_truth import GroundTruth
from crossline.evaluate.judged_images import JudgedImage, judge_images
from crossline.geometry import Detections
from tests.evaluate.scenes import empty, row, truth_of

BOX = (10.0, 10.0, 60.0, 60.0)
AWAY = (200.0, 200.0, 260.0, 260.0)
NAMES = {1: "car", 2: "person"}


def seen(
    truth: GroundTruth,
    box: tuple[float, ...] = BOX,
    class_id: int = 1,
    score: float = 0.9,
    filename: str = "a.jpg",
) -> list[CocoResult]:
    detections = Detections.of([box], [score], [class_id])
    return results_of(detections, filename, NAMES, truth)


def counts(image: JudgedImage) -> tuple[int, int, int]:
    return len(image.found), len(image.missed), len(image.false)


@pytest.mark.parametrize(
    ("box", "class_id", "score", "expected"),
    [
        pytest.param(BOX, 1, 0.9, (1, 1, 0), id="right"),
        pytest.param(BOX, 1, 0.4, (0, 2, 0), id="too weak"),
        pytest.param(AWAY, 1, 0.9, (0, 2, 1), id="elsewhere"),
        pytest.param(BOX, 2, 0.9, (0, 2, 1), id="another class"),
    ],
)
def test_each_box_is_found_missed_or_made_up(
    box: tuple[float, ...],
    class_id: int,
    score: float,
    expected: tuple[int, int, int],
) -> None:
    other = row(class_name="person", box=(300, 10, 340, 90))
    truth = truth_of(row(box=BOX), other)
    (image,) = judge_images(truth, seen(truth, box, class_id, score), 0.5)
    assert counts(image) == expected
    assert image.errors == expected[1] + expected[2]


def test_boxes_are_told_as_edges_with_class_and_score() -> None:
    truth = truth_of(row(box=BOX), row(box=AWAY))
    (image,) = judge_images(truth, seen(truth), 0.5)
    (found,), (missed,) = image.found, image.missed
    assert (found.class_name, found.edges) == ("car", BOX)
    assert found.score == pytest.approx(0.9)
    assert (missed.edges, missed.score) == (AWAY, 1)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([row(is_crowd=True, box=BOX)], (0, 1, 0), id="a crowd"),
        pytest.param([], (0, 1, 1), id="nothing there"),
    ],
)
def test_a_crowd_is_neither_missed_nor_met(
    rows: list[Annotation], expected: tuple[int, int, int]
) -> None:
    truth = truth_of(row(box=AWAY), *rows)
    (image,) = judge_images(truth, seen(truth), 0.5)
    assert counts(image) == expected


def test_boxes_made_up_on_an_empty_image() -> None:
    truth = truth_of(row(), empty())
    judged = judge_images(truth, seen(truth, filename="z.jpg"), 0.5)
    assert {image.filename: counts(image) for image in judged} == {
        "a.jpg": (0, 1, 0),
        "z.jpg": (0, 0, 1),
    }
