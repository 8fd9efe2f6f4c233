"""The images of an annotation table, upright, one at a time."""

from collections.abc import Collection, Iterator
from pathlib import Path

import pandas as pd

from crossline.errors import InputError
from crossline.files import require_folder
from crossline.geometry import Image
from crossline.records.images import read_image


def annotated_images(
    table: pd.DataFrame, folder: Path, only: Collection[str] | None = None
) -> Iterator[tuple[str, Image]]:
    """Reads the images of a table.

    Args:
        table: see `crossline.annotations.table`.
        folder: that its filenames are relative to.
        only: filenames to read; all without it.

    Returns:
        An iterator of filename and RGB image, each image once.

    Raises:
        InputError: the folder or an image is missing (said at once), an
            image cannot be read or has another size than its annotation.
    """
    images = table.drop_duplicates("filename")
    if only is not None:
        images = images[images["filename"].isin(only)]
    _require_images(images["filename"].tolist(), folder)
    sizes = zip(
        images["filename"], images["width"], images["height"], strict=True
    )
    return (
        (filename, _sized_image(folder / filename, width, height))
        for filename, width, height in sizes
    )


def _require_images(filenames: list[str], folder: Path) -> None:
    require_folder(folder)
    missing = [name for name in filenames if not (folder / name).is_file()]
    if missing:
        raise InputError(
            folder / missing[0],
            f"no such file; {len(missing)} of {len(filenames)} annotated "
            "images are missing",
            remedy="name the folder that the filenames are relative to",
        )


def _sized_image(path: Path, width: int, height: int) -> Image:
    image = read_image(path)
    if image.shape[:2] != (height, width):
        raise InputError(
            path,
            f"is {image.shape[1]}x{image.shape[0]} pixels (upright), "
            f"annotated are {width}x{height}",
            remedy="correct the annotation or the image",
        )
    return image
