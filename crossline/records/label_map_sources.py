"""Label maps from what people have: a CSV, a JSON list, or names."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from crossline.annotations.compact import read_compact
from crossline.annotations.json_file import read_json
from crossline.annotations.table import class_names
from crossline.errors import InputError
from crossline.records.label_map import LabelMap

_FILES = (".csv", ".json")


def is_file_source(source: Sequence[str]) -> bool:
    """Tells a file from class names; the file must stand alone.

    Raises:
        InputError: files among names, or several files.
    """
    files = [name for name in source if name.lower().endswith(_FILES)]
    if files and len(source) > 1:
        raise InputError(
            files[0],
            f"is one of {len(source)} sources",
            remedy="give one file, or class names alone",
        )
    return bool(files)


def label_map_of(source: Sequence[str]) -> LabelMap:
    """Makes a label map, its ids as the source has them.

    Args:
        source: one path of a ``.csv``, whose classes are numbered in
            alphabetical order, or of a ``.json``, or class names.

    Raises:
        InputError: the file is bad, there is no class, an id is below 1, or
            an id or name is there twice.
    """
    if not is_file_source(source):
        return _checked(enumerate(source, 1), "class names")
    path = Path(source[0])
    if path.suffix.lower() == ".csv":
        return _checked(enumerate(class_names(read_compact(path)), 1), path)
    return _checked(_items_of_json(path), path)


def _items_of_json(path: Path) -> list[tuple[int, str]]:
    items = read_json(path)
    if not isinstance(items, list):
        raise _not_a_list(path, f"it is a {type(items).__name__}")
    return [_item(item, path) for item in items]


def _item(item: Any, path: Path) -> tuple[int, str]:
    try:
        id_, name = item["id"], item["name"]
        if isinstance(name, str) and not isinstance(id_, bool | float):
            return int(id_), name
    except (KeyError, TypeError, ValueError):
        pass
    raise _not_a_list(path, f"an item is {item!r}")


def _not_a_list(path: Path, problem: str) -> InputError:
    return InputError(
        path,
        f"is not a list of classes: {problem}",
        remedy='expected [{"name": "person", "id": 1}, ...]',
    )


def _checked(items: Iterable[tuple[int, str]], source: str | Path) -> LabelMap:
    items = sorted((id_, name.strip()) for id_, name in items)
    if not items:
        raise InputError(source, "names no class")
    for id_, name in items:
        if not name:
            raise InputError(source, f"the class of id {id_} has no name")
        if id_ < 1:
            raise InputError(
                source,
                f"id {id_} of {name!r} is below 1",
                remedy="ids count from 1",
            )
    for column, what in enumerate(("id", "class")):
        counts = Counter(item[column] for item in items)
        twice = [value for value, count in counts.items() if count > 1]
        if twice:
            raise InputError(source, f"{what} {twice[0]!r} is there twice")
    return LabelMap(dict(items))
