"""Where tools put Pascal VOC's XML files, their images and their parts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from crossline.annotations.image_paths import IMAGE_SUFFIXES, split_of
from crossline.annotations.image_splits import PARTS
from crossline.errors import InputError
from crossline.files import require_folder

_ANNOTATIONS = re.compile(r"(annotations?|xmls?)(?![a-z])", re.IGNORECASE)
_IMAGES = ("JPEGImages", "images")
_LISTS = "ImageSets/Main"


@dataclass(frozen=True)
class Layout:
    """The files of a data set.

    Attributes:
        folder: what the XML files are told relative to.
        files: the XML files.
        images: folders in which the images may lie as the XML files lie in
            `folder`, the likeliest first.
        splits: image, without suffix, to its part, where lists tell it.
    """

    folder: Path
    files: list[Path]
    images: list[Path]
    splits: dict[PurePosixPath, str]

    def split_of(self, image: PurePosixPath) -> str:
        """Returns an image's part, as lists or its folder tell it, or ""."""
        return self.splits.get(image.with_suffix(""), split_of(image))


def find_layout(source: Path, images: Path | None = None) -> Layout:
    """Finds the XML files of a data set.

    Args:
        source: an XML file; a folder of them; or one with a folder of them,
            as VOC's archives have it (``Annotations``).
        images: folder of the images, where somebody said it.

    Raises:
        InputError: there is no XML file.
    """
    if source.is_file() and source.suffix.lower() == ".xml":
        folder, files = source.parent, [source]
    else:
        files = [
            path
            for path in sorted(require_folder(source).rglob("*.xml"))
            # What macOS leaves beside files of other systems.
            if not path.name.startswith(".")
        ]
        folder = _annotations_folder(source, files)
    if not files:
        raise InputError(source, "holds no .xml files")
    above = folder.parent if source.resolve() == folder.resolve() else source
    places = [folder, *(above / name for name in _IMAGES)]
    return Layout(folder, files, [images] if images else places, _lists(above))


def write_lists(folder: Path, splits: Mapping[PurePosixPath, str]) -> None:
    """Writes ``ImageSets/Main/train.txt`` and so on.

    Args:
        folder: of the data set.
        splits: image, without suffix, to its part; empty for none.
    """
    lists = folder / _LISTS
    lists.mkdir(parents=True)
    for part in PARTS:
        names = [str(image) for image in splits if splits[image] == part]
        if names:
            text = "".join(f"{name}\n" for name in names)
            (lists / f"{part}.txt").write_text(text, encoding="utf-8")


def _lists(folder: Path) -> dict[PurePosixPath, str]:
    """Returns what ``ImageSets/Main/train.txt`` and so on list."""
    return {
        PurePosixPath(line.strip()): split
        for split in PARTS
        for path in folder.glob(f"{_LISTS}/{split}.txt")
        for line in path.read_bytes().decode("utf-8", "replace").split("\n")
        if line.strip()
    }


def _annotations_folder(folder: Path, files: Sequence[Path]) -> Path:
    """Returns the folder, such as ``Annotations``, of all the files."""
    while len({path.relative_to(folder).parts[0] for path in files}) == 1:
        inside = folder / files[0].relative_to(folder).parts[0]
        if not (_ANNOTATIONS.match(inside.name) and inside.is_dir()):
            break
        folder = inside
    return folder


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
