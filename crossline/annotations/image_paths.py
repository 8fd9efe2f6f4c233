"""Names of image files, as annotations tell them and as they lie on disk."""

from pathlib import Path, PurePosixPath

from crossline.errors import InputError

IMAGE_SUFFIXES = (
    ".jpg",
    ".jpeg",
    ".png",
    ".bmp",
    ".webp",
    ".tif",
    ".tiff",
    ".mpo",
)
SPLITS = {
    "train": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
}
"""What tools call the parts of a data set, to what we call them."""


def is_image(path: Path) -> bool:
    """Tells by its name whether a file is an image, and no hidden one."""
    is_hidden = path.name.startswith(".")
    return path.suffix.lower() in IMAGE_SUFFIXES and not is_hidden


def split_of(path: PurePosixPath) -> str:
    """Returns the part whose folder a relative path starts with, or ""."""
    return SPLITS.get(path.parts[0].lower(), "") if path.parts else ""


def inner_path(filename: str, source: str | Path) -> PurePosixPath:
    """Returns a file name as a path that stays within its folder.

    Raises:
        InputError: it would not; `source` names it.
    """
    path = PurePosixPath(filename)
    if path.is_absolute() or ".." in path.parts or "\0" in filename:
        raise InputError(
            source,
            f"cannot hold an image of the name {filename!r}",
            remedy="make the file names relative to the images' folder",
        )
    return path
