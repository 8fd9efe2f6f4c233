"""Image files: bytes that TensorFlow's decoders can read, upright.

The bytes of a JPEG or PNG pass through untouched. A picture is encoded again
only where the Object Detection API's decoder would fail on it (GIF, WebP),
where it would store raw pixels (BMP) or CMYK, or where it would not turn it
(an EXIF orientation).
"""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, ImageOps
from PIL import Image as Pillow

from crossline.errors import InputError
from crossline.files import require_file
from crossline.geometry import Image

_TURNED = (2, 3, 4, 5, 6, 7, 8)
_LYING = (5, 6, 7, 8)
"""EXIF orientations that exchange width and height."""
# MPO is a JPEG with further pictures behind it, as telephones write it.
_FORMATS = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png"}
_ENDS = {"jpeg": b"\xff\xd9", "png": b"IEND\xaeB`\x82"}
_CMYK = "CMYK"
_JPEG_QUALITY = 95


@dataclass(frozen=True)
class EncodedImage:
    """An image as an Example holds it.

    Attributes:
        data: JPEG or PNG.
        format: ``jpeg`` or ``png``.
        width: upright, pixels.
        height: upright, pixels.
        orientation: EXIF's, 1 to 8, by which the file's picture was turned.
        reencoded: why the bytes are not the file's; empty if they are.
    """

    data: bytes
    format: str
    width: int
    height: int
    orientation: int = 1
    reencoded: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, upright."""
        return self.width, self.height

    @property
    def stored_size(self) -> tuple[int, int]:
        """Width and height of the picture as the file holds it."""
        return self.size[::-1] if self.orientation in _LYING else self.size


def encode_image(path: Path) -> EncodedImage:
    """Reads an image file for an Example.

    Raises:
        InputError: missing, empty, no image, or cut short.
    """
    data = require_file(path).read_bytes()
    with _open(data, path) as picture:
        kind = _FORMATS.get(str(picture.format), "")
        orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
        if orientation in _TURNED:
            return _encode_again(picture, orientation, "EXIF orientation")
        if not kind or picture.mode == _CMYK:
            reason = f"{picture.format} {picture.mode}"
            return _encode_again(picture, 1, reason)
        if not data.rstrip(b"\0").endswith(_ENDS[kind]):
            # Cut short, or something is appended: decoding tells.
            picture.load()
        return EncodedImage(data, kind, *picture.size)


def decode_image(data: bytes, source: str | Path = "image bytes") -> Image:
    """Decodes an image to upright RGB, ``(height, width, 3)`` uint8.

    Raises:
        InputError: the bytes are no image, or cut short; `source` names them.
    """
    with _open(data, source) as picture:
        return np.asarray(_to_rgb(ImageOps.exif_transpose(picture)))


def read_image(path: Path) -> Image:
    """Reads an image file as upright RGB.

    Raises:
        InputError: missing, empty, no image, or cut short.
    """
    return decode_image(require_file(path).read_bytes(), path)


def turn_boxes(
    boxes: npt.NDArray[np.float64],
    orientation: int,
    stored_size: tuple[int, int],
) -> npt.NDArray[np.float64]:
    """Turns boxes as the picture is turned that lies on its side.

    Args:
        boxes: ``(n, 4)``, pixels of the picture as the file holds it.
        orientation: 5 to 8, of tag 0x0112 in EXIF 2.3, section 4.6.4.
        stored_size: width and height of that picture.

    Returns:
        ``(n, 4)``, pixels of the upright picture.
    """
    width, height = stored_size
    x, y = boxes[:, 0::2], boxes[:, 1::2]
    if orientation in (6, 7):
        y = height - y[:, ::-1]
    if orientation in (7, 8):
        x = width - x[:, ::-1]
    return np.stack([y[:, 0], x[:, 0], y[:, 1], x[:, 1]], axis=1)


@contextlib.contextmanager
def _open(data: bytes, source: str | Path) -> Iterator[Pillow.Image]:
    """Opens a picture; what the body fails to read is bad input too."""
    try:
        with Pillow.open(io.BytesIO(data)) as picture:
            yield picture
    except (
        OSError,
        SyntaxError,
        ValueError,
        Pillow.DecompressionBombError,
    ) as error:
        raise InputError(
            source,
            f"cannot be read as an image ({error})",
            remedy="replace or remove it",
        ) from error


def _encode_again(
    picture: Pillow.Image, orientation: int, reason: str
) -> EncodedImage:
    upright = _to_rgb(ImageOps.exif_transpose(picture))
    buffer = io.BytesIO()
    upright.save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return EncodedImage(
        buffer.getvalue(), "jpeg", *upright.size, orientation, reason
    )


def _to_rgb(picture: Pillow.Image) -> Pillow.Image:
    if picture.mode.startswith("I"):
        # Pillow clips 16 bits to 8 instead of scaling them.
        values = np.asarray(picture, np.float64) / 257
        picture = Pillow.fromarray(values.clip(0, 255).astype(np.uint8))
    return picture.convert("RGB")
