"""Image files: passed through where TensorFlow reads them, else encoded."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from crossline.errors import InputError
from crossline.records.images import (
    decode_image,
    encode_image,
    read_image,
    turn_boxes,
)
from tests.records.pictures import (
    BOX,
    HEIGHT,
    WIDTH,
    block,
    bright_box,
    save,
    save_16_bit,
)

Make = Callable[[Path], Path]


def made(name: str, mode: str = "RGB", **options: Any) -> Make:
    return lambda folder: save(folder / name, block(mode), **options)


def appended(folder: Path) -> Path:
    """As cameras do that append their own data."""
    path = save(folder / "a.jpg")
    path.write_bytes(path.read_bytes() + b"SEFT" * 1000)
    return path


UNTOUCHED = [
    pytest.param(made("a.jpg"), "jpeg", id="JPEG"),
    pytest.param(made("a.jpg", "L"), "jpeg", id="grey JPEG"),
    pytest.param(made("a.jpg", progressive=True), "jpeg", id="progressive"),
    pytest.param(made("a.mpo"), "jpeg", id="MPO"),
    pytest.param(appended, "jpeg", id="JPEG with an appendix"),
    pytest.param(made("a.png"), "png", id="PNG"),
    pytest.param(made("a.png", "L"), "png", id="grey PNG"),
    pytest.param(made("a.png", "1"), "png", id="PNG of 1 bit"),
    pytest.param(made("a.png", "P"), "png", id="PNG with a palette"),
    pytest.param(made("a.png", "RGBA"), "png", id="PNG with alpha"),
    pytest.param(made("a.png", "LA"), "png", id="grey PNG with alpha"),
    pytest.param(
        lambda folder: save_16_bit(folder / "a.png"), "png", id="16 bit PNG"
    ),
]
REENCODED = [
    pytest.param(made("a.jpg", "CMYK"), "JPEG CMYK", id="CMYK JPEG"),
    pytest.param(made("a.bmp"), "BMP RGB", id="BMP"),
    pytest.param(made("a.gif", "P"), "GIF P", id="GIF"),
    pytest.param(made("a.webp", lossless=True), "WEBP RGB", id="WebP"),
    pytest.param(made("a.tif"), "TIFF RGB", id="TIFF"),
    pytest.param(
        made("a.png", orientation=3), "EXIF orientation", id="turned PNG"
    ),
]


@pytest.mark.parametrize(("make", "kind"), UNTOUCHED)
def test_bytes_pass_through(make: Make, kind: str, tmp_path: Path) -> None:
    path = make(tmp_path)
    image = encode_image(path)
    assert image.data == path.read_bytes()
    assert (image.format, image.reencoded) == (kind, "")
    assert image.size == image.stored_size == (WIDTH, HEIGHT)


@pytest.mark.parametrize(("make", "reason"), REENCODED)
def test_is_encoded_again(make: Make, reason: str, tmp_path: Path) -> None:
    image = encode_image(make(tmp_path))
    assert (image.format, image.reencoded) == ("jpeg", reason)
    assert image.size == (WIDTH, HEIGHT)
    assert image.data.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    "make", [pytest.param(p.values[0], id=p.id) for p in UNTOUCHED + REENCODED]
)
def test_tensorflow_sees_what_we_see(make: Make, tmp_path: Path) -> None:
    path = make(tmp_path)
    data = encode_image(path).data
    seen = tf.io.decode_image(data, channels=3).numpy().astype(int)
    # Levels of 255; the decoders of JPEG differ at sharp edges.
    assert np.abs(seen - decode_image(data)).mean() < 2
    assert np.abs(seen - read_image(path)).mean() < 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright_and_boxes_turn_along(
    orientation: int, tmp_path: Path
) -> None:
    path = save(tmp_path / "a.jpg", orientation=orientation, quality=95)
    image = encode_image(path)
    upright = decode_image(image.data)
    lies = orientation >= 5
    assert image.stored_size == (WIDTH, HEIGHT)
    assert image.size == ((HEIGHT, WIDTH) if lies else (WIDTH, HEIGHT))
    assert upright.shape == (image.height, image.width, 3)
    np.testing.assert_array_equal(
        bright_box(upright), bright_box(read_image(path))
    )
    if lies:
        turned = turn_boxes(np.array([BOX]), orientation, image.stored_size)
        assert turned.tolist() == [bright_box(upright)]


def test_an_unknown_orientation_means_none(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", orientation=9)
    assert encode_image(path).data == path.read_bytes()


def noise(form: str) -> bytes:
    """A picture that fills some kilobytes."""
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, form)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"<html>404</html>", "no known format", id="a web page"),
        pytest.param(noise("JPEG")[:-1500], "truncated", id="cut JPEG"),
        pytest.param(noise("JPEG")[:-2], "truncated", id="JPEG, 2 bytes less"),
        pytest.param(noise("PNG")[:-1500], "truncated", id="cut PNG"),
        pytest.param(noise("GIF")[:-1500], "truncated", id="cut GIF"),
    ],
)
def test_refuses(data: bytes, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    for read in (encode_image, read_image):
        with pytest.raises(InputError, match=complaint) as refusal:
            read(path)
        assert str(refusal.value).startswith(str(path))


def test_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        encode_image(tmp_path / "a.jpg")


@given(st.data())
def test_any_damage_is_refused_or_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged"
    whole = noise(data.draw(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"])))
    damaged = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for _ in range(data.draw(st.integers(0, 8))):
        place = data.draw(st.integers(0, min(len(damaged), 700) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    path.write_bytes(damaged)
    for read in (encode_image, read_image):
        try:
            read(path)
        except InputError as refusal:
            assert str(refusal).startswith(str(path))  # noqa: PT017
