"""Whether an image file is whole, how large its picture is, which way up."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, UnidentifiedImageError
from PIL import Image as Pillow

from crossline.errors import InputError
from crossline.files import require_file

TURNED = (2, 3, 4, 5, 6, 7, 8)
"""EXIF orientations of a picture that does not stand upright."""
LYING = (5, 6, 7, 8)
"""Those that exchange width and height."""
_JPEG_END = b"\xff\xd9"
# MPO is a JPEG with further pictures behind it, as telephones write it.
_ENDS = {"JPEG": _JPEG_END, "MPO": _JPEG_END, "PNG": b"IEND\xaeB`\x82"}
_TAIL = 1024


def image_size(path: Path) -> tuple[int, int]:
    """Checks an image file and returns its width and height, upright.

    Raises:
        InputError: missing, empty, no image, or cut short.
    """
    with (
        require_file(path).open("rb") as file,
        open_image(file, path) as picture,
    ):
        require_whole(picture, _tail(file))
        width, height = picture.size
        lies = orientation_of(picture) in LYING
        return (height, width) if lies else (width, height)


@contextlib.contextmanager
def open_image(file: BinaryIO, source: str | Path) -> Iterator[Pillow.Image]:
    """Opens a picture; what the body fails to read is bad input too.

    Args:
        file: of any format that Pillow knows.
        source: named in errors.

    Raises:
        InputError: it is no image, or damaged.
    """
    try:
        with Pillow.open(file) as picture:
            yield picture
    except (
        OSError,
        SyntaxError,
        ValueError,
        Pillow.DecompressionBombError,
    ) as error:
        # Pillow would name the object that it was given.
        is_unknown = isinstance(error, UnidentifiedImageError)
        reason = "of no known format" if is_unknown else error
        raise InputError(
            source,
            f"cannot be read as an image ({reason})",
            remedy="replace or remove it",
        ) from error


def require_whole(picture: Pillow.Image, data: bytes) -> None:
    """Makes sure that a picture is not cut short.

    The end of a JPEG or PNG tells, as it stands there or before zeros. Only
    where it does not, the picture is decoded: 8 ms instead of 0.1.

    Args:
        picture: just opened.
        data: of its file, or the last of it.

    Raises:
        OSError: it is cut short.
    """
    end = _ENDS.get(picture.format or "")
    if end is None or not _ends_with(data, end):
        picture.load()


def orientation_of(picture: Pillow.Image) -> int:
    """Returns EXIF's orientation, 1 to 8; 1 where it tells none."""
    orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    return orientation if orientation in TURNED else 1


def _ends_with(data: bytes, end: bytes) -> bool:
    # rstrip would copy.
    return data.endswith(end) or data[-_TAIL:].rstrip(b"\0").endswith(end)


def _tail(file: BinaryIO) -> bytes:
    place = file.tell()
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    file.seek(place)
    return tail
