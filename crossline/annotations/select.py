"""Which classes stay, under which names."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from crossline.annotations.table import (
    BOX_COLUMNS,
    NO_CLASS,
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
        classes: to keep, by their names in `table`; all when empty.
        rename: old name to new; several may become one.
        keep_empty: keep images without a kept object, as negatives.

    Raises:
        InputError: a name is not in the table, or no box is left.
    """
    rename = rename or {}
    known = class_names(table)
    for name in (*classes, *rename):
        _require_known(name, known, source)
    unwanted = has_box(table) & ~table["class"].isin(classes or known)
    selected = table.copy()
    selected.loc[unwanted, "class"] = NO_CLASS
    selected.loc[unwanted, "class_id"] = 0
    selected.loc[unwanted, [*BOX_COLUMNS, "area"]] = np.nan
    selected.loc[unwanted, ["is_crowd", "difficult"]] = False
    selected["class"] = selected["class"].replace(dict(rename))
    filled = has_box(selected)
    if not filled.any():
        raise InputError(source, "no box is left", remedy="check --classes")
    if not keep_empty:
        return selected[filled].reset_index(drop=True)
    # One row is enough for an image without objects.
    has_objects = filled.groupby(selected["filename"]).transform("any")
    is_repeated = selected.duplicated("filename")
    keep = filled | (~has_objects & ~is_repeated)
    return selected[keep].reset_index(drop=True)


def _require_known(name: str, known: Sequence[str], source: Path) -> None:
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    hint = f", did you mean {near[0]!r}?" if near else ""
    raise InputError(
        source,
        f"has no class {name!r}{hint}",
        remedy=f"it has {', '.join(known) or 'none'}",
    )
