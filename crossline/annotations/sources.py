"""What somebody names as annotations: a file, or a folder of its parts."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crossline.annotations.annotation import OPTIONAL_COLUMNS
from crossline.annotations.categories import (
    remember_categories,
    source_categories,
)
from crossline.annotations.formats import FORMATS, Format, Read
from crossline.annotations.image_paths import SPLITS
from crossline.errors import InputError
from crossline.files import require_file

_SUFFIXES = (".json", ".csv")
_SPLIT_IN_NAME = re.compile(rf"(?<![a-z])({'|'.join(SPLITS)})(?![a-z])")


@dataclass(frozen=True)
class Source:
    """Annotations of one format.

    Attributes:
        format: of it.
        path: a file, or a folder that is a data set.
        split: the part that all its images belong to; empty if it tells
            that itself, or nobody does.
        folder: where its images are, in the folder that somebody named.
    """

    format: Format
    path: Path
    split: str = ""
    folder: str = ""


def find_sources(path: Path, known: Format | None = None) -> list[Source]:
    """Tells by its contents what a file or folder holds.

    A folder may hold one file, or a file per part, such as ``train.csv`` and
    ``val.csv``, or as Roboflow leaves them, ``train/_annotations.coco.json``,
    beside the images.

    Args:
        path: of the file or folder.
        known: its format, where somebody said it.

    Raises:
        InputError: it is of no known format, or it is not plain which file
            is meant.
    """
    if known and (known.is_folder or not path.is_dir()):
        return [Source(known, path)]
    if not path.is_dir():
        require_file(path)
    formats = [known] if known else list(FORMATS.values())
    for each in formats:
        if each.fits(path):
            return [Source(each, path)]
    if path.is_dir() and (parts := _parts(path, formats)):
        return parts
    if known:
        require_file(path)
    looks = "; ".join(f"{each.title} ({each.looks})" for each in formats)
    raise InputError(
        path,
        f"is of no format that is known by its contents: {looks}",
        remedy="say which it is by --from",
    )


def read_sources(sources: Sequence[Source], images: Path | None) -> Read:
    """Reads all parts of a data set into one table.

    Raises:
        InputError: as the formats' readers; or an image is in two parts.
    """
    tables = []
    left_out: Counter[str] = Counter()
    part_of: dict[str, Path] = {}
    for source in sources:
        beside = images / source.folder if images else None
        table, of_part = source.format.read(source.path, beside)
        left_out += of_part
        if source.folder:
            table["filename"] = f"{source.folder}/" + table["filename"]
        if source.split:
            table["split"] = source.split
        for filename in table["filename"].unique():
            if filename in part_of:
                raise InputError(
                    source.path,
                    f"has {filename}, as {part_of[filename]} has",
                    remedy="leave each image in one part",
                )
            part_of[filename] = source.path
        tables.append(table)
    if len(tables) == 1:
        return tables[0], left_out
    joined = pd.concat(tables, ignore_index=True)
    told = joined.columns.intersection(list(OPTIONAL_COLUMNS))
    joined[told] = joined[told].fillna("")
    own = [each for table in tables for each in source_categories(table)]
    remember_categories(
        joined, list({each.name: each for each in own}.values())
    )
    return joined, left_out


def _parts(folder: Path, formats: Collection[Format]) -> list[Source]:
    """Returns the one file of a folder, or one for each of its parts."""
    found = [
        source
        for file in sorted(folder.rglob("*"))
        for source in _sources(file, folder, formats)
    ]
    if len(found) < 2:
        return [
            Source(each.format, each.path, "", each.folder) for each in found
        ]
    parts = [source for source in found if source.split]
    is_plain = (
        len(parts) > 1
        and len({source.split for source in parts}) == len(parts)
        and len({source.format.name for source in parts}) == 1
    )
    if not is_plain:
        names = ", ".join(
            f"{source.path.relative_to(folder)} ({source.format.title})"
            for source in found
        )
        raise InputError(folder, f"holds {names}", remedy="name one of them")
    return parts


def _sources(
    file: Path, folder: Path, formats: Collection[Format]
) -> list[Source]:
    """Returns the source that a file is, if it is one."""
    if file.name.startswith(".") or file.suffix.lower() not in _SUFFIXES:
        return []
    # Images lie beside a file that is in a folder of their part.
    is_beside = file.parent != folder and file.parent.name in SPLITS
    inside = file.parent.relative_to(folder).as_posix() if is_beside else ""
    told = _SPLIT_IN_NAME.search(
        file.parent.name if is_beside else file.stem.lower()
    )
    split = SPLITS[told[1]] if told else ""
    return [
        Source(each, file, split, inside)
        for each in formats
        if not each.is_folder and file.is_file() and each.fits(file)
    ]
