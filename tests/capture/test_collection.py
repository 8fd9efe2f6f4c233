"""A collection takes what is sharp and new, and counts what it does not."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crossline.capture.collection import Collection
from crossline.video.images import read_image
from tests.capture.pictures import blurred, frame, picture

TARGETS = {"person": 2, "motorcycle": None}


def collection(folder: Path, **options: Any) -> Collection:
    defaults = {"targets": TARGETS, "min_sharpness": 60, "min_difference": 4}
    return Collection(folder, **{**defaults, **options})


def files(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).parts[0] for path in paths)


def test_keeps_a_frame_in_the_folder_of_its_class(tmp_path: Path) -> None:
    ours = collection(tmp_path / "new")
    assert ours.offer(frame(picture(1), 7), "person")
    (path,) = (tmp_path / "new" / "person").iterdir()
    assert path.name.endswith("-000007.jpg")
    kept = read_image(path).astype(float)
    assert np.abs(kept - picture(1)).mean() < 5
    assert ours.counts == {"person": 1, "motorcycle": 0}
    assert (ours.saved, ours.last) == (1, "person: saved")


@pytest.mark.parametrize(
    ("offered", "options", "expected"),
    [
        pytest.param([blurred(1)], {}, {"blurred": 1}, id="blurred"),
        pytest.param([blurred(1)], {"min_sharpness": 0}, {}, id="allowed"),
        pytest.param(
            [picture(1), picture(1), picture(2)],
            {},
            {"near duplicate": 1},
            id="the same again",
        ),
        pytest.param(
            [picture(1), picture(2), picture(1, 192, 128) // 2],
            {},
            {"near duplicate": 1},
            id="larger and darker",
        ),
        pytest.param(
            [picture(1), picture(1)], {"min_difference": 0}, {}, id="any"
        ),
        pytest.param(
            [picture(1), picture(2)],
            {"min_difference": 64},
            {"near duplicate": 1},
            id="nothing differs so much",
        ),
        pytest.param(
            [blurred(1), blurred(1)], {}, {"blurred": 2}, id="blurred first"
        ),
    ],
)
def test_leaves_out_and_counts_why(
    offered: list[Any],
    options: dict[str, Any],
    expected: dict[str, int],
    tmp_path: Path,
) -> None:
    ours = collection(tmp_path, **options)
    for number, image in enumerate(offered):
        ours.offer(frame(image, number), "motorcycle")
    assert ours.left_out == expected
    left_out = sum(expected.values())
    assert ours.saved == len(offered) - left_out == len(files(tmp_path))


def test_a_picture_is_not_kept_for_two_classes(tmp_path: Path) -> None:
    ours = collection(tmp_path)
    assert ours.offer(frame(picture(1)), "person")
    assert not ours.offer(frame(picture(1)), "motorcycle")
    assert ours.last == "motorcycle: near duplicate"


def test_earlier_runs_count_and_are_not_collected_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    collection(tmp_path).offer(frame(picture(1)), "person")
    (tmp_path / "person" / "notes.txt").write_text("no image")
    (tmp_path / "person" / "broken.jpg").write_bytes(b"no image")
    again = collection(tmp_path)
    assert again.counts == {"person": 2, "motorcycle": 0}
    assert "broken.jpg: is no image that can be read" in caplog.text
    assert not again.offer(frame(picture(1)), "person")
    assert again.offer(frame(picture(2)), "person")
    assert again.saved == 1
    other = collection(tmp_path, targets={"car": None})
    assert not other.offer(frame(picture(2)), "car")


def test_names_are_unique_over_runs_and_sort_by_time(tmp_path: Path) -> None:
    kept: list[Path] = []
    for run in range(3):
        ours = collection(tmp_path)
        for number in (0, 9, 10, 123_456):
            image = picture(1000 * run + number)
            assert ours.offer(frame(image, number), "person")
            (new,) = set(tmp_path.rglob("*.jpg")) - set(kept)
            kept.append(new)
    assert kept == sorted(kept)


def test_is_complete_when_all_targets_are_reached(tmp_path: Path) -> None:
    ours = collection(tmp_path)
    states = [ours.is_complete]
    for number in range(2):
        ours.offer(frame(picture(number), number), "person")
        states.append(ours.is_complete)
    assert states == [False, False, True]
    assert not collection(tmp_path, targets={"person": None}).is_complete


def test_says_how_far_it_is(tmp_path: Path) -> None:
    ours = collection(tmp_path)
    assert ours.status() == "person 0 of 2, motorcycle 0"
    for image in (picture(1), blurred(2), picture(1)):
        ours.offer(frame(image), "person")
    assert ours.status() == (
        "person 1 of 2, motorcycle 0; 1 blurred, 1 near duplicate; "
        "person: near duplicate"
    )
