"""Image files of a device: found, read upright, written."""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from crossline.errors import InputError
from crossline.files import replacing, require_file
from crossline.geometry import Image

SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


def find_images(sources: Iterable[Path]) -> dict[str, Path]:
    """Finds the images of files and folders, subfolders included.

    Returns:
        Name to path: a file's own name, or that within its folder, such as
        ``2024/a.jpg``; sorted within each folder.

    Raises:
        InputError: a source is missing or holds no image, or two images have
            one name.
    """
    found: dict[str, Path] = {}
    for source in sources:
        for name, path in _images_of(source):
            if found.setdefault(name, path) != path:
                raise InputError(
                    path,
                    f"has the same name as {found[name]}",
                    remedy="detect in them one after the other",
                )
    return found


def read_image(path: Path) -> Image:
    """Reads an image as RGB, turned as its EXIF orientation says.

    Raises:
        InputError: missing, empty, no image, or cut short.
    """
    data = np.frombuffer(require_file(path).read_bytes(), np.uint8)
    try:
        image = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB)
    except cv2.error as error:  # Too many pixels.
        raise InputError(path, f"cannot be read ({error.err})") from error
    if image is None:
        raise InputError(path, "is no image that can be read, or cut short")
    return image.astype(np.uint8, copy=False)


def write_image(path: Path, image: Image) -> None:
    """Writes an RGB image in the format of its suffix."""
    _, data = cv2.imencode(
        path.suffix.lower(), cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    )
    with replacing(path) as draft:
        draft.write_bytes(data.tobytes())


def _images_of(source: Path) -> list[tuple[str, Path]]:
    if not source.is_dir():
        require_file(source)
        if source.suffix.lower() not in SUFFIXES:
            raise InputError(source, f"is none of {', '.join(SUFFIXES)}")
        return [(source.name, source)]
    paths = sorted(
        path
        for path in source.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file()
    )
    if not paths:
        raise InputError(source, f"holds no image ({', '.join(SUFFIXES)})")
    return [(path.relative_to(source).as_posix(), path) for path in paths]
