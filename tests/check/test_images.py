"""What image files say, whoever asks."""

from pathlib import Path

import pytest

from crossline.check import images
from crossline.check.images import are_alike, look_at, look_at_all
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
    assert are_alike(bytes([10] * 256), bytes([12] * 256))
    assert not are_alike(bytes([10] * 256), bytes([200] * 256))
