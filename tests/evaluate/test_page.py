import re
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import pytest

from crossline.errors import InputError
from crossline.evaluate.evaluation import Candidate, evaluate
from crossline.evaluate.judged_images import JudgedImage, LabelledBox
from crossline.evaluate.page import write_evaluation_page
from crossline.evaluate.pictures import worst_images
from crossline.evaluate.report import Evaluation
from crossline.geometry import Image
from tests.evaluate.scenes import (
    empty,
    perfect_results,
    row,
    seen,
    truth_of,
)


def evaluation(models: int) -> Evaluation:
    """Cars, one of them missed, and persons that are all crowds."""
    truth = truth_of(
        row("a.jpg"),
        row("b.jpg"),
        row("b.jpg", "person", is_crowd=True),
        empty("c.jpg"),
    )
    found = [seen(truth), seen(truth, (200, 200, 300, 300), score=0.8)]
    results = [found, perfect_results(truth), []]
    return evaluate(
        truth,
        [
            Candidate(f"model {number}", Path("m"), Path("d"), results[number])
            for number in range(models)
        ],
    )


def read(wanted: Collection[str]) -> Iterator[tuple[str, Image]]:
    for name in wanted:
        yield name, np.zeros((480, 640, 3), np.uint8)


@pytest.mark.parametrize("models", [1, 3])
def test_a_page(models: int, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_evaluation_page(path, evaluation(models), read)
    html = path.read_text()
    for title in (
        "In short",
        "Which threshold",
        "What is taken for what",
        "What goes wrong",
        "Whether scores can be believed",
        "Findings",
    ):
        assert f"<h2>{title}</h2>" in html
    # Of the first model, at its best threshold, one image has errors.
    assert html.count("image/jpeg") == models
    assert "b.jpg: 0 of 1 found, 0 false" in html
    assert ("(3) against (1)" in html) == (models == 3)
    words = re.sub(r'src="[^"]*"', "", html)
    assert "n/a" in words
    assert "nan" not in words


def test_images_that_are_not_at_hand(tmp_path: Path) -> None:
    def refuse(wanted: Collection[str]) -> Iterator[tuple[str, Image]]:
        raise InputError("images", "no such folder")

    path = tmp_path / "page.html"
    write_evaluation_page(path, evaluation(1), refuse)
    html = path.read_text()
    assert "The images are not at hand: images: no such folder" in html
    assert "image/jpeg" not in html


def test_worst_images_let_each_class_have_its_turn() -> None:
    def judged(filename: str, **missed: int) -> JudgedImage:
        boxes = [
            LabelledBox(name, (0, 0, 1, 1))
            for name, count in missed.items()
            for _ in range(count)
        ]
        return JudgedImage(filename, missed=boxes)

    images = [
        judged("none"),
        judged("crowd", person=9),
        judged("people", person=8),
        judged("both", person=7, bus=1),
        judged("few", person=1),
    ]
    chosen = worst_images(images, ["bus", "person"], 3)
    assert [each.filename for each in chosen] == ["both", "crowd", "people"]
    assert len(worst_images(images, ["bus", "person"], 9)) == 4
