"""Image files as bytes: whole, odd and damaged."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import ExifTags
from PIL import Image as Pillow

from tests.records.pictures import HEIGHT, WIDTH, block

MADE = {".jpg": "JPEG", ".png": "PNG"}


def picture(form: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """Returns the bright block of `tests.records.pictures` as a file."""
    return encoded(block(mode), form, **options)


def grey_of_16_bits() -> bytes:
    grey = np.asarray(block("L")).astype(np.uint16)
    return encoded(Pillow.fromarray(grey * 257), "PNG")


def lying() -> bytes:
    """Returns the block's picture turned to the left, and EXIF to say so."""
    exif = Pillow.Exif()
    exif[ExifTags.Base.Orientation] = 6
    turned = block().transpose(Pillow.Transpose.ROTATE_90)
    return encoded(turned, "JPEG", exif=exif)


def noise(form: str = "JPEG") -> bytes:
    """Returns some kilobytes that no format makes small."""
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    return encoded(Pillow.fromarray(pixels), form)


def png_header(width: int, height: int) -> bytes:
    """Returns a PNG that promises so many pixels and holds none."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IEND", b"")


def encoded(image: Pillow.Image, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()
