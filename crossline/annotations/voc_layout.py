"""Where tools put Pascal VOC's XML files and their images."""

from collections.abc import Sequence
from pathlib import Path

from crossline.annotations.image_paths import IMAGE_SUFFIXES
from crossline.errors import InputError
from crossline.files import require_folder

_ANNOTATIONS = "Annotations"


def xml_files(source: Path) -> tuple[Path, list[Path]]:
    """Returns the folder that XML files are told relative to, and them.

    Raises:
        InputError: there is none.
    """
    if source.is_file() and source.suffix.lower() == ".xml":
        return source.parent, [source]
    folder = require_folder(source)
    if (folder / _ANNOTATIONS).is_dir():
        folder /= _ANNOTATIONS
    paths = [
        path
        for path in sorted(folder.rglob("*.xml"))
        # What macOS leaves beside files of other systems.
        if not path.name.startswith(".")
    ]
    if not paths:
        raise InputError(source, "holds no .xml files")
    return folder, paths


def image_folders(folder: Path) -> list[Path]:
    """Returns where tools put the images of a folder of XML files."""
    beside = folder.parent
    return [folder, beside / "JPEGImages", beside / "images"]


def with_suffix(name: str, folders: Sequence[Path]) -> str:
    """Returns the name of the image that is called so but for its suffix."""
    names = [f"{name}{suffix}" for suffix in IMAGE_SUFFIXES]
    names += [f"{name}{suffix.upper()}" for suffix in IMAGE_SUFFIXES]
    found = (
        each
        for folder in folders
        for each in names
        if (folder / each).exists()
    )
    return next(found, name)
