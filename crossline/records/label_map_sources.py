"""Label maps from what people have: a CSV, a JSON list, or names."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from crossline.annotations.json_file import read_json
from crossline.annotations.table import class_names, read_csv
from crossline.errors import InputError
from crossline.records.label_map import LabelMap


def label_map_of(source: Sequence[str]) -> LabelMap:
    """Makes a label map.

    Args:
        source: one path of a ``.csv`` or ``.json``, or class names.

    Raises:
        InputError: the file is bad, or a class is named twice or not at all.
    """
    path = Path(source[0])
    if len(source) == 1 and path.suffix.lower() == ".csv":
        names = class_names(read_csv(path))
    elif len(source) == 1 and path.suffix.lower() == ".json":
        names = _names_of_json(path)
    else:
        names = [name.strip() for name in source]
    where = path if len(source) == 1 else "class names"
    if not names:
        raise InputError(where, "names no class")
    for name, count in Counter(names).items():
        if not name or count > 1:
            raise InputError(where, f"class {name!r} occurs {count} times")
    return LabelMap.from_names(names)


def _names_of_json(path: Path) -> list[str]:
    """Returns the names in the order of their ids."""
    try:
        items = read_json(path)
        named = [(int(item["id"]), str(item["name"])) for item in items]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            path,
            f"is not a list of classes ({error!r})",
            remedy='expected [{"name": "person", "id": 1}, ...]',
        ) from error
    ids = Counter(id_ for id_, _ in named)
    for id_, count in ids.items():
        if id_ < 1 or count > 1:
            raise InputError(
                path,
                f"id {id_} occurs {count} times"
                if count > 1
                else f"id {id_} is below 1",
                remedy="ids count from 1, once each",
            )
    return [name for _, name in sorted(named)]
