"""Images are found by name, read upright and as RGB, and written."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from crossline.errors import InputError
from crossline.video.images import (
    SUFFIXES,
    find_images,
    read_image,
    write_image,
)

ORIENTATION = 0x0112


def picture(path: Path, mode: str = "RGB", orientation: int = 1) -> Path:
    """Saves 40 x 20 pixels, the left half red (or light)."""
    image = Pillow.new("RGB", (40, 20))
    image.paste((255, 0, 0), (0, 0, 20, 20))
    exif = Pillow.Exif()
    exif[ORIENTATION] = orientation
    path.parent.mkdir(parents=True, exist_ok=True)
    image.convert(mode).save(path, exif=exif)
    return path


def test_images_are_rgb(tmp_path: Path) -> None:
    image = read_image(picture(tmp_path / "a.png"))
    assert image.shape == (20, 40, 3)
    assert image.dtype == np.uint8
    assert image[10, 5].tolist() == [255, 0, 0]
    assert image[10, 35].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("orientation", "shape", "red"),
    [
        pytest.param(1, (20, 40), (10, 5), id="upright"),
        pytest.param(3, (20, 40), (10, 35), id="upside down"),
        pytest.param(6, (40, 20), (5, 10), id="turned left"),
        pytest.param(8, (40, 20), (35, 10), id="turned right"),
    ],
)
def test_exif_orientation_is_honoured(
    orientation: int,
    shape: tuple[int, int],
    red: tuple[int, int],
    tmp_path: Path,
) -> None:
    path = picture(tmp_path / "a.jpg", orientation=orientation)
    image = read_image(path)
    assert image.shape[:2] == shape
    np.testing.assert_allclose(image[red], [255, 0, 0], atol=10)
    opposite = shape[0] - 1 - red[0], shape[1] - 1 - red[1]
    np.testing.assert_allclose(image[opposite], [0, 0, 0], atol=10)


@pytest.mark.parametrize(
    ("mode", "name"), [("L", "a.jpg"), ("P", "a.png"), ("RGBA", "a.webp")]
)
def test_every_mode_becomes_three_channels(
    mode: str, name: str, tmp_path: Path
) -> None:
    assert read_image(picture(tmp_path / name, mode)).shape == (20, 40, 3)


def _cut(path: Path) -> None:
    picture(path)
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.touch(), "is empty"),
        (lambda path: path.write_text("x"), "is no image that can be read"),
        (_cut, "is no image that can be read, or cut short"),
    ],
)
def test_what_is_no_image_is_refused(
    make: Callable[[Path], object], problem: str, tmp_path: Path
) -> None:
    make(tmp_path / "a.jpg")
    with pytest.raises(InputError, match=f"a.jpg: {problem}"):
        read_image(tmp_path / "a.jpg")


def test_written_images_are_read_again(tmp_path: Path) -> None:
    image = np.random.default_rng(1).integers(0, 256, (9, 7, 3), np.uint8)
    write_image(tmp_path / "new" / "a.PNG", image)
    np.testing.assert_array_equal(read_image(tmp_path / "new/a.PNG"), image)


def test_folders_give_their_images_by_name(tmp_path: Path) -> None:
    single = picture(tmp_path / "single.png")
    folder = tmp_path / "folder"
    names = ("b.JPG", "a.png", "sub/a.png")
    paths = [picture(folder / name) for name in names]
    (folder / "notes.txt").write_text("no image")
    assert find_images([single, folder]) == {
        "single.png": single,
        "a.png": paths[1],
        "b.JPG": paths[0],
        "sub/a.png": paths[2],
    }


def test_sources_without_images_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    with pytest.raises(InputError, match="holds no image"):
        find_images([tmp_path])
    with pytest.raises(InputError, match=r"notes.txt: is none of \.bmp"):
        find_images([tmp_path / "notes.txt"])
    with pytest.raises(InputError, match=r"absent\.jpg: no such file"):
        find_images([tmp_path / "absent.jpg"])


def test_two_images_of_one_name_are_refused(tmp_path: Path) -> None:
    first = picture(tmp_path / "one" / "a.png")
    second = picture(tmp_path / "two" / "a.png")
    with pytest.raises(InputError, match="has the same name as"):
        find_images([first, second])
    assert find_images([first, first]) == {"a.png": first}


@st.composite
def damaged_images(draw: st.DrawFn) -> bytes:
    """Draws a picture of any format, cut and with some bytes changed."""
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    suffix = draw(st.sampled_from(SUFFIXES))
    whole = cv2.imencode(suffix, pixels)[1].tobytes()
    damaged = bytearray(whole[: draw(st.integers(1, len(whole)))])
    for _ in range(draw(st.integers(0, 8))):
        place = draw(st.integers(0, min(len(damaged), 700) - 1))
        damaged[place] = draw(st.integers(0, 255))
    return bytes(damaged)


@given(data=damaged_images())
def test_any_damage_is_refused_or_read(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(data)
    try:
        image = read_image(path)
    except InputError as refusal:
        assert str(refusal).startswith(f"{path}: ")  # noqa: PT017
    else:
        assert image.dtype == np.uint8
        assert image.shape[2:] == (3,)
