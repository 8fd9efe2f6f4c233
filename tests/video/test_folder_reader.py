"""The images of a folder, one after the other, 25 a second."""

from pathlib import Path

import numpy as np
import pytest

from crossline.errors import InputError
from crossline.video.images import write_image
from crossline.video.reader import open_video


def write_grey(path: Path, level: int, width: int = 32) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_image(path, np.full((24, width, 3), level, np.uint8))


def test_images_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name, level in (("b.png", 20), ("a.png", 10), ("c.jpg", 30)):
        write_grey(tmp_path / name, level)
    with open_video(str(tmp_path)) as video:
        assert (video.width, video.height, video.frame_count) == (32, 24, 3)
        frames = list(video)
    assert [frame.number for frame in frames] == [0, 1, 2]
    assert [frame.time_s for frame in frames] == [0, 0.04, 0.08]
    assert [int(frame.image[0, 0, 0]) for frame in frames] == [10, 20, 30]
    assert not video.is_truncated


def test_what_cannot_be_read_is_left_out_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_grey(tmp_path / "a.png", 10)
    (tmp_path / "b.png").write_text("none")
    write_grey(tmp_path / "c.png", 30, width=40)
    write_grey(tmp_path / "d.png", 40)
    with open_video(str(tmp_path)) as video:
        assert [frame.number for frame in video] == [0, 3]
    assert video.is_truncated
    (warning,) = caplog.messages
    assert warning.startswith(f"{tmp_path}: 2 of 4 images left out, first ")


def test_a_folder_without_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no image"):
        open_video(str(tmp_path))
