"""Image files: bytes that TensorFlow's decoders can read, upright.

The bytes of a JPEG or PNG pass through untouched. A picture is encoded again
only where the Object Detection API's decoder would fail on it (GIF, WebP),
where it would store raw pixels (BMP) or CMYK, or where it would not turn it
(an EXIF orientation).
"""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageOps

from crossline.files import require_file
from crossline.geometry import Image
from crossline.image_files import (
    LYING,
    open_image,
    orientation_of,
    require_whole,
)

_FORMATS = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png"}
_PNG_MARKS = (b"eXIf", b"Raw profile type exif", b"tiff:Orientation")
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
        return self.size[::-1] if self.orientation in LYING else self.size


def encode_image(path: Path) -> EncodedImage:
    """Reads an image file for an Example.

    Raises:
        InputError: missing, empty, no image, or cut short.
    """
    # What is wrong is asked afterwards: nearly always, nothing is.
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    return encode_bytes(data or require_file(path).read_bytes(), path)


def encode_bytes(data: bytes, source: str | Path) -> EncodedImage:
    """Makes the bytes of an image file fit for an Example.

    Args:
        data: of the file.
        source: named in errors.

    Raises:
        InputError: no image, or cut short.
    """
    with open_image(io.BytesIO(data), source) as picture:
        kind = _FORMATS.get(str(picture.format), "")
        # To look for a PNG's orientation, Pillow decodes it.
        may_turn = kind != "png" or any(mark in data for mark in _PNG_MARKS)
        orientation = orientation_of(picture) if may_turn else 1
        if orientation != 1:
            return _encode_again(picture, orientation, "EXIF orientation")
        if not kind or picture.mode == _CMYK:
            reason = f"{picture.format} {picture.mode}"
            return _encode_again(picture, 1, reason)
        require_whole(picture, data)
        return EncodedImage(data, kind, *picture.size)


def decode_image(data: bytes, source: str | Path = "image bytes") -> Image:
    """Decodes an image to upright RGB, ``(height, width, 3)`` uint8.

    Raises:
        InputError: the bytes are no image, or cut short; `source` names them.
    """
    with open_image(io.BytesIO(data), source) as picture:
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
