"""Long runs take no more of the machine at their end than at their start."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crossline.video.images import write_image
from soak.processes import Script
from soak.sizes import FRAMES, IMAGES
from soak.street import CROSSINGS, LINE, LOOP, write_street
from soak.watching import watch
from tests.tiny_detector import scene

LEAST_MB = 5.0
"""Growth that the allocator may show whatever the length."""
BYTES_PER_FRAME = 150
"""Of the index that an MP4 ends with, which has to be held until then."""
BYTES_PER_IMAGE = 4000
"""Of an image's entry in detections.json, which is written at the end."""


@pytest.mark.parametrize(
    ("options", "share", "index"),
    [
        pytest.param((), 1, BYTES_PER_FRAME, id="with a video"),
        pytest.param(("--no-video",), 1, 0, id="without a video"),
        pytest.param(
            ("--detect-every", "3"),
            5,
            BYTES_PER_FRAME,
            id="detecting in every third frame",
        ),
    ],
)
def test_counting_for_long(
    model: Path,
    tmp_path: Path,
    tell: Callable[[str], None],
    options: tuple[str, ...],
    share: int,
    index: int,
) -> None:
    loops = FRAMES // share // LOOP
    street = write_street(tmp_path / "street.mp4", loops)
    output = tmp_path / "out"
    where = ("--line", LINE, "--output", output)
    course = watch(
        Script("count_video", (street, "--model", model, *where, *options))
    )
    summary = json.loads((output / "summary.json").read_text())
    assert summary["frames"] == loops * LOOP
    assert summary["totals"] == {
        "gate": {"right": {"red": loops}, "left": {"green": loops}}
    }
    ids = track_ids(output)
    assert len(set(ids)) == len(ids) == loops * CROSSINGS
    assert ids == sorted(ids)
    course.require_flat(LEAST_MB + loops * LOOP * index / 1e6)
    tell(
        f"{loops * LOOP} frames at {summary['processed_fps']} fps, "
        f"{len(ids)} crossings, each with an id of its own; {course}"
    )


def track_ids(folder: Path) -> list[int]:
    with (folder / "events.csv").open(newline="") as file:
        return [int(row["track_id"]) for row in csv.DictReader(file)]


def test_looking_at_thousands_of_images(
    model: Path, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    (tmp_path / "images").mkdir()
    for number in range(IMAGES):
        at = number % 50
        image = scene(320, 240, red=(at, 20, at + 100, 200))
        write_image(tmp_path / "images" / f"{number}.jpg", image)
    output = tmp_path / "out"
    where = (tmp_path / "images", "--model", model, "--output", output)
    course = watch(Script("detect_images", where))
    found = json.loads((output / "detections.json").read_text())
    assert len(found["images"]) == IMAGES
    assert all(image["detections"] for image in found["images"])
    assert len(list(output.glob("*.jpg"))) == IMAGES
    course.require_flat(LEAST_MB + IMAGES * BYTES_PER_IMAGE / 1e6)
    tell(f"{IMAGES} images; {course}")
