"""What an image file tells without being decoded."""

import os
from pathlib import Path

from PIL import ExifTags
from PIL import Image as Pillow

from crossline.errors import InputError
from crossline.files import require_file

_JPEG_END = b"\xff\xd9"
_TAIL = 1024  # Some cameras append to the end marker.
_LYING = (5, 6, 7, 8)
"""EXIF orientations that exchange width and height."""


def image_size(path: Path) -> tuple[int, int]:
    """Checks an image file and returns its width and height, upright.

    Raises:
        InputError: missing, empty, no image, or cut short.
    """
    require_file(path)
    try:
        with Pillow.open(path) as picture:
            if picture.format == "JPEG":
                # Its pixels are read too late and at too high a price: a
                # cut JPEG opens, and only its end tells.
                _require_end(path)
                return _upright(picture)
            size = _upright(picture)
            picture.verify()
            return size
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
    with path.open("rb") as file:
        file.seek(-min(_TAIL, path.stat().st_size), os.SEEK_END)
        if _JPEG_END not in file.read():
            raise InputError(
                path, "the JPEG is cut short", remedy="replace or remove it"
            )
