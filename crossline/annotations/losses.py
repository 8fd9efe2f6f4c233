"""What a table tells that a format has no place for."""

from collections import Counter
from collections.abc import Callable, Collection

import numpy as np
import pandas as pd

from crossline.annotations.categories import (
    source_categories,
    table_categories,
)
from crossline.annotations.coco import are_own_numbers
from crossline.annotations.table import (
    BOX_COLUMNS,
    OBJECT_COLUMNS,
    class_names,
    has_box,
)


def losses(table: pd.DataFrame, holds: Collection[str]) -> Counter[str]:
    """Counts what is lost when a table is written.

    Args:
        table: to be written.
        holds: keys of `_THINGS` that the format can tell.

    Returns:
        What is lost, in words, to how many of it.
    """
    return +Counter(
        {
            words: count(table)
            for thing, (words, count) in _THINGS.items()
            if thing not in holds
        }
    )


def _images(table: pd.DataFrame, chosen: "pd.Series[bool]") -> int:
    return int(table.loc[chosen, "filename"].nunique())


def _image_ids(table: pd.DataFrame, *, are_text: bool) -> int:
    """Counts the images with an id, if the ids are text or if they are not.

    Numbers that are not each image's own count as text: no format keeps
    them that wants numbers.
    """
    images = table.drop_duplicates("filename")
    ids = images["image_id"].astype(str)
    return int((ids != "").sum()) if are_text != are_own_numbers(ids) else 0


def _class_ids(kind: str) -> Callable[[pd.DataFrame], int]:
    """Returns what counts the class ids, if they are of this kind.

    They count on from 0 (``index``), or are otherwise each class's own
    (``own``), or they are not (``shared``): one of two classes, or two of
    one.
    """

    def count(table: pd.DataFrame) -> int:
        categories = [*source_categories(table), *table_categories(table)]
        pairs = {(category.name, category.id) for category in categories}
        names, ids = map(set, zip(*pairs, strict=True)) if pairs else ((), ())
        if not any(ids):
            return 0
        if not len(names) == len(ids) == len(pairs):
            return len(pairs) if kind == "shared" else 0
        is_index = ids == set(range(len(ids)))
        return len(ids) if kind == ("index" if is_index else "own") else 0

    return count


def _mask_areas(table: pd.DataFrame) -> int:
    edges = table[BOX_COLUMNS].to_numpy(float)
    areas = table["area"].to_numpy(float)
    of_boxes = (edges[:, 2:] - edges[:, :2]).prod(axis=1)
    is_told = has_box(table).to_numpy(bool) & np.isfinite(areas)
    return int((is_told & ~np.isclose(areas, of_boxes)).sum())


def _told(name: str) -> Callable[[pd.DataFrame], int]:
    def count(table: pd.DataFrame) -> int:
        return int((table[name] != "").sum()) if name in table else 0

    return count


def _empty_classes(table: pd.DataFrame) -> int:
    own = {category.name for category in source_categories(table)}
    return len(own - set(class_names(table)))


_THINGS: dict[str, tuple[str, Callable[[pd.DataFrame], int]]] = {
    "size": ("sizes of images", lambda table: table["filename"].nunique()),
    "image_id": (
        "image ids",
        lambda table: _image_ids(table, are_text=False),
    ),
    "image_id_text": (
        "image ids that are no numbers of their own",
        lambda table: _image_ids(table, are_text=True),
    ),
    "class_id": ("class ids", _class_ids("own")),
    "class_index": ("class ids that count from 0", _class_ids("index")),
    "class_id_shared": (
        "class ids that are not each class's own",
        _class_ids("shared"),
    ),
    "supercategory": (
        "supercategories",
        lambda table: sum(
            bool(each.supercategory) for each in source_categories(table)
        ),
    ),
    "empty_class": ("classes without a box", _empty_classes),
    "is_crowd": ("crowd flags", lambda table: int(table["is_crowd"].sum())),
    "difficult": (
        "difficult flags",
        lambda table: int(table["difficult"].sum()),
    ),
    "area": ("areas of masks", _mask_areas),
    "split": (
        "images' splits",
        lambda table: (
            _images(table, table["split"] != "") if "split" in table else 0
        ),
    ),
    "repeats": (
        "images' repeats",
        lambda table: _images(table, table["repeats"] > 1),
    ),
    **{name: (f"{name} of objects", _told(name)) for name in OBJECT_COLUMNS},
}
"""Thing to its words, and what counts it in a table."""
