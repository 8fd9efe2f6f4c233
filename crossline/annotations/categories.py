"""Classes as people name them: by name, by id, by supercategory."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from crossline.annotations.table import has_box
from crossline.errors import InputError

_CATEGORIES = "categories"
"""Key of a table's ``attrs``: the source's, those without a box too."""

_COCO = {
    "person": "person",
    "vehicle": "bicycle,car,motorcycle,airplane,bus,train,truck,boat",
    "outdoor": "traffic light,fire hydrant,stop sign,parking meter,bench",
    "animal": "bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe",
    "accessory": "backpack,umbrella,handbag,tie,suitcase",
    "sports": (
        "frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,"
        "skateboard,surfboard,tennis racket"
    ),
    "kitchen": "bottle,wine glass,cup,fork,knife,spoon,bowl",
    "food": (
        "banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake"
    ),
    "furniture": "chair,couch,potted plant,bed,dining table,toilet",
    "electronic": "tv,laptop,mouse,remote,keyboard,cell phone",
    "appliance": "microwave,oven,toaster,sink,refrigerator",
    "indoor": "book,clock,vase,scissors,teddy bear,hair drier,toothbrush",
}
COCO_SUPERCATEGORIES = {
    name: supercategory
    for supercategory, names in _COCO.items()
    for name in names.split(",")
}
"""COCO's 80 class names to its 12 supercategories."""


@dataclass(frozen=True)
class Category:
    """A class of a data set.

    Attributes:
        name: of the class.
        id: in the data set's own numbering.
        supercategory: a group of classes; empty if it is in none.
    """

    name: str
    id: int
    supercategory: str = ""


_KEYS: Sequence[Callable[[Category], str]] = (
    lambda category: category.name,
    lambda category: str(category.id),
    lambda category: category.supercategory,
)
"""What a class is called by; the first that fits is meant."""


def remember_categories(
    table: pd.DataFrame, categories: Sequence[Category]
) -> None:
    """Lets a table know its source's categories, those without a box too.

    Until it is written to a CSV, which holds none.
    """
    table.attrs[_CATEGORIES] = list(categories)


def source_categories(table: pd.DataFrame) -> list[Category]:
    """Returns what `remember_categories` was told; nothing if it was not."""
    return list(table.attrs.get(_CATEGORIES, []))


def choose_categories(
    table: pd.DataFrame, kept: Collection[str], rename: Mapping[str, str]
) -> None:
    """Lets a table know of those of its source's categories that stay."""
    remember_categories(
        table,
        [
            replace(category, name=rename.get(category.name, category.name))
            for category in source_categories(table)
            if category.name in kept
        ],
    )


def table_categories(table: pd.DataFrame) -> list[Category]:
    """Returns the classes that occur in a table, sorted by name.

    Their supercategories are the source's own, where it names them, else
    COCO's.
    """
    own = {each.name: each.supercategory for each in source_categories(table)}
    classes = table.loc[has_box(table), ["class", "class_id"]]
    rows = classes.drop_duplicates().itertuples(index=False, name=None)
    return [
        Category(
            name, id_, own.get(name) or COCO_SUPERCATEGORIES.get(name, "")
        )
        for name, id_ in sorted(rows)
    ]


def all_categories(table: pd.DataFrame) -> list[Category]:
    """Returns a table's classes and its source's, each name once, by id.

    Where the ids do not tell them apart they are numbered by name, from 1.
    Supercategories are the source's own.
    """
    own = {each.name: each for each in source_categories(table)}
    occurring = {
        each.name: each.id for each in reversed(table_categories(table))
    }
    found = [
        replace(own.get(name, Category(name, 0)), id=id_)
        for name, id_ in occurring.items()
    ]
    found += [each for name, each in own.items() if name not in occurring]
    ids = {category.id for category in found}
    if len(ids) == len(found) and any(ids):
        return sorted(found, key=lambda category: category.id)
    found.sort(key=lambda category: category.name)
    return [replace(each, id=id_) for id_, each in enumerate(found, 1)]


def find_classes(
    asked: Sequence[str], categories: Sequence[Category], source: str | Path
) -> list[str]:
    """Returns the names of the classes that somebody asked for.

    Args:
        asked: names, ids or supercategories; what is a name is taken for
            one. All classes when empty.
        categories: the data set's.
        source: named in errors.

    Raises:
        InputError: there is no such class; the known ones are listed, the
            nearest is hinted.
    """
    names = list(dict.fromkeys(category.name for category in categories))
    found: set[str] = set()
    for word in asked:
        by_key = [
            {category.name for category in categories if key(category) == word}
            for key in _KEYS
        ]
        meant = next(filter(None, by_key), set()) if word else set()
        if not meant:
            require_known(word, names, source)
        found |= meant
    return [name for name in names if not asked or name in found]


def require_known(name: str, known: Sequence[str], source: str | Path) -> None:
    """Makes sure that a class that somebody typed is there.

    Raises:
        InputError: it is not; the known ones are listed, the nearest hinted.
    """
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    hint = f", did you mean {near[0]!r}?" if near else ""
    raise InputError(
        source,
        f"has no class {name!r}{hint}",
        remedy=f"it has {', '.join(known) or 'none'}",
    )
