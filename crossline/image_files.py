"""Whether an image file is whole, and how large its picture is."""

import os
from pathlib import Path

from PIL import ExifTags, ImageOps
from PIL import Image as Pillow

from crossline.errors import InputError
from crossline.files import require_file

_JPEG_END = b"\xff\xd9"
_TAIL = 1024  # Some cameras append to the end marker.
_LYING = (5, 6, 7, 8)
"""EXIF orientations that exchange width and height."""


def image_size(path: Path) -> tuple[int, int]:
    """Checks an image file and returns its width and height, upright.

    JPEGs, which come by the thousand, are not decoded: 0.1 ms instead of 8.

    Raises:
        InputError: missing, empty, no image, or cut short.
    """
    require_file(path)
    try:
        with Pillow.open(path) as picture:
            if picture.format == "JPEG":
                _require_end(path)
                return _upright(picture)
            return ImageOps.exif_transpose(picture).size
    except (OSError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise InputError(
            path,
            f"cannot be read as an image ({error})",
            remedy="replace or remove it",
        ) from error


def _upright(picture: Pillow.Image) -> tuple[int, int]:
    width, height = picture.size
    orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    return (height, width) if orientation in _LYING else (width, height)


def _require_end(path: Path) -> None:
    """A cut JPEG decodes to half a picture; only its end tells."""
    with path.open("rb") as file:
        file.seek(-min(_TAIL, path.stat().st_size), os.SEEK_END)
        if _JPEG_END not in file.read():
            raise InputError(
                path, "the JPEG is cut short", remedy="replace or remove it"
            )
