"""An image file's size, upright, and whether it is whole."""

from pathlib import Path

import pytest
from PIL import Image as Pillow

from crossline.errors import InputError
from crossline.image_files import image_size


def saved(path: Path, orientation: int = 1) -> Path:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    noise = Pillow.effect_noise((64, 48), 60)
    noise.save(path, exif=exif)
    return path


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
@pytest.mark.parametrize(
    ("orientation", "size"),
    [
        pytest.param(1, (64, 48), id="as it lies"),
        pytest.param(3, (64, 48), id="upside down"),
        pytest.param(6, (48, 64), id="turned"),
    ],
)
def test_the_size_is_upright(
    suffix: str, orientation: int, size: tuple[int, int], tmp_path: Path
) -> None:
    path = saved(tmp_path / f"a.{suffix}", orientation)
    assert image_size(path) == size


@pytest.mark.parametrize(
    ("name", "keep", "complaint"),
    [
        pytest.param("a.jpg", 0.9, "cannot be read as an image", id="JPEG"),
        pytest.param("a.png", 0.6, "cannot be read as an image", id="PNG"),
        pytest.param("a.jpg", 0.01, "cannot be read", id="nothing but a head"),
        pytest.param("a.jpg", 0, "is empty", id="empty"),
    ],
)
def test_a_cut_file_is_refused(
    name: str, keep: float, complaint: str, tmp_path: Path
) -> None:
    path = saved(tmp_path / name)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(InputError, match=complaint):
        image_size(path)


def test_what_a_camera_appends_does_no_harm(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg")
    path.write_bytes(path.read_bytes() + bytes(100))
    assert image_size(path) == (64, 48)


def test_what_is_no_image_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("<html>404</html>")
    with pytest.raises(InputError, match=r"a\.jpg: cannot be read as an"):
        image_size(tmp_path / "a.jpg")
    with pytest.raises(InputError, match="no such file"):
        image_size(tmp_path / "b.jpg")
