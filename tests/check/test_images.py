"""What image files say, whoever asks."""

from pathlib import Path

import numpy as np
import pytest

from crossline.check import images
from crossline.check.images import likeness, look_at, look_at_all
from tests.check.data_sets import write_image


def test_an_image_tells_its_size_upright(tmp_path: Path) -> None:
    facts = look_at(write_image(tmp_path / "a.png", orientation=6))
    assert (facts.size, facts.stored_size) == ((80, 100), (100, 80))
    assert facts.orientation == 6


def test_processes_say_what_one_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [write_image(tmp_path / f"{n}.png") for n in range(20)]
    paths[3].write_bytes(b"no image")
    alone = look_at_all(paths, workers=1)
    monkeypatch.setattr(images, "_FEWEST_FOR_PROCESSES", 1)
    assert look_at_all(paths, workers=2) == alone
    assert [path for path in paths if alone[path].problem] == [paths[3]]


def test_even_pictures_are_alike_by_their_level() -> None:
    dark = np.full(256, 10, np.uint8)
    others = np.stack([dark + 2, dark + 200, np.arange(256, dtype=np.uint8)])
    assert likeness(dark, others).tolist() == [1, 0, 0]


def test_others_are_alike_by_their_shapes() -> None:
    slope = np.arange(256, dtype=np.uint8)
    others = np.stack([slope // 2 + 50, slope[::-1]])
    assert likeness(slope, others) == pytest.approx([1, -1], abs=0.001)
