"""Image files: bytes that TensorFlow's decoders can read, upright.

JPEG and PNG bytes pass through untouched. They are encoded again only where
the Object Detection API's decoder would fail or turn the picture: CMYK, 16
bit, other formats, and an EXIF orientation.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from crossline.errors import InputError
from crossline.files import require_file
from crossline.geometry import Image

_ORIENTATION = 0x0112
_PASSED_THROUGH = {"JPEG": ("L", "RGB"), "PNG": ("L", "RGB", "P", "RGBA")}
_JPEG_QUALITY = 95
_JPEG_END = b"\xff\xd9"


@dataclass(frozen=True)
class EncodedImage:
    """An image as an Example holds it.

    Attributes:
        data: JPEG or PNG.
        format: ``jpeg`` or ``png``.
        width: upright, pixels.
        height: upright, pixels.
        reencoded: why the bytes are not the file's; empty if they are.
    """

    data: bytes
    format: str
    width: int
    height: int
    reencoded: str = ""


def encode_image(path: Path) -> EncodedImage:
    """Reads an image file for an Example.

    Raises:
        InputError: missing, empty, no image, or cut short.
    """
    data = require_file(path).read_bytes()
    try:
        with Pillow.open(io.BytesIO(data)) as picture:
            reason = _reason_to_reencode(picture)
            if not reason:
                _check_end(path, data, picture.format)
                form = str(picture.format).lower()
                return EncodedImage(data, form, *picture.size)
            upright = ImageOps.exif_transpose(picture)
            return EncodedImage(
                _to_jpeg(upright), "jpeg", *upright.size, reason
            )
    except (OSError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise InputError(
            path,
            f"cannot be read as an image ({error})",
            remedy="replace or remove it",
        ) from error


def decode_image(data: bytes) -> Image:
    """Decodes an image to upright RGB, ``(height, width, 3)`` uint8.

    Raises:
        OSError: the bytes are no image, or cut short.
    """
    with Pillow.open(io.BytesIO(data)) as picture:
        return np.asarray(_to_rgb(ImageOps.exif_transpose(picture)))


def read_image(path: Path) -> Image:
    """Reads an image file as upright RGB.

    Raises:
        InputError: missing, empty, no image, or cut short.
    """
    try:
        return decode_image(require_file(path).read_bytes())
    except (OSError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise InputError(
            path, f"cannot be read as an image ({error})"
        ) from error


def _reason_to_reencode(picture: Pillow.Image) -> str:
    if picture.getexif().get(_ORIENTATION, 1) != 1:
        return "EXIF orientation"
    modes = _PASSED_THROUGH.get(str(picture.format), ())
    if picture.mode not in modes:
        return f"{picture.format} {picture.mode}"
    return ""


def _check_end(path: Path, data: bytes, form: str | None) -> None:
    """A cut JPEG decodes to half a picture; only its end tells."""
    if form == "JPEG" and _JPEG_END not in data[-1024:]:
        raise InputError(
            path, "the JPEG is cut short", remedy="replace or remove it"
        )


def _to_jpeg(picture: Pillow.Image) -> bytes:
    buffer = io.BytesIO()
    _to_rgb(picture).save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()


def _to_rgb(picture: Pillow.Image) -> Pillow.Image:
    if picture.mode.startswith("I") or picture.mode == "F":
        # Pillow clips 16 bits to 8 instead of scaling them.
        values = np.asarray(picture, np.float64) / 257
        picture = Pillow.fromarray(values.clip(0, 255).astype(np.uint8))
    return picture.convert("RGB")
