"""Which classes stay, under which names."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from crossline.annotations.categories import (
    choose_categories,
    find_classes,
    require_known,
    source_categories,
    table_categories,
)
from crossline.annotations.table import (
    BOX_COLUMNS,
    NO_CLASS,
    OBJECT_COLUMNS,
    class_names,
    has_box,
)
from crossline.errors import InputError


def select_classes(
    table: pd.DataFrame,
    source: Path,
    *,
    classes: Sequence[str] = (),
    rename: Mapping[str, str] | None = None,
    keep_empty: bool = False,
) -> pd.DataFrame:
    """Filters and renames the classes of a table.

    Args:
        table: stays as it is.
        source: named in errors.
        classes: to keep, see `find_classes`; all when empty.
        rename: old name to new; several may become one.
        keep_empty: keep images without a kept object, as negatives.

    Raises:
        InputError: a name is not in the table, or no box is left and the
            images are not kept.
    """
    rename = rename or {}
    for name in rename:
        require_known(name, class_names(table), source)
    kept = find_classes(classes, table_categories(table), source)
    unwanted = has_box(table) & ~table["class"].isin(kept)
    selected = without_boxes(table, unwanted)
    selected["class"] = selected["class"].replace(dict(rename))
    every = [category.name for category in source_categories(table)]
    choose_categories(selected, kept if classes else every, rename)
    if keep_empty:
        return selected
    filled = has_box(selected)
    if not filled.any():
        raise InputError(
            source,
            "no box is left",
            remedy="check --classes, or keep the images as negatives by "
            "--keep-empty",
        )
    return selected[filled].reset_index(drop=True)


def without_boxes(
    table: pd.DataFrame, unwanted: "pd.Series[bool]"
) -> pd.DataFrame:
    """Returns a table without some boxes.

    An image that loses its last box keeps one row, without class and box.

    Args:
        table: stays as it is.
        unwanted: the rows of `table` whose boxes go.
    """
    emptied = table.copy()
    emptied.loc[unwanted, "class"] = NO_CLASS
    emptied.loc[unwanted, "class_id"] = 0
    emptied.loc[unwanted, [*BOX_COLUMNS, "area"]] = np.nan
    emptied.loc[unwanted, ["is_crowd", "difficult"]] = False
    of_object = [name for name in OBJECT_COLUMNS if name in emptied.columns]
    emptied.loc[unwanted, of_object] = ""
    filled = has_box(emptied)
    has_objects = filled.groupby(emptied["filename"]).transform("any")
    is_first = ~emptied.duplicated("filename")
    keep = filled | (~has_objects & is_first)
    return emptied[keep].reset_index(drop=True)
