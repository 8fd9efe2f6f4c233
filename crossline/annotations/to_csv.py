"""What the converters to CSV share: selection, writing, report."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from crossline.annotations.select import select_classes
from crossline.annotations.table import NO_CLASS, has_box, write_csv

Reader = Callable[[Path], tuple[pd.DataFrame, Counter[str]]]


def convert_to_csv(
    read: Reader,
    source: Path,
    output: Path,
    *,
    classes: Sequence[str],
    rename: Sequence[tuple[str, str]],
    keep_empty: bool,
) -> tuple[pd.DataFrame, Counter[str]]:
    """Reads annotations, selects classes and writes the CSV.

    Args:
        read: of `crossline.annotations.coco` and its like.
        source: file or folder for it.
        output: the CSV.
        classes: to keep, all when empty.
        rename: pairs of old and new name.
        keep_empty: keep images without a kept object.

    Returns:
        The table, and how many boxes and images were left out by reason.
    """
    table, left_out = read(source)
    selected = select_classes(
        table,
        source,
        classes=classes,
        rename=dict(rename),
        keep_empty=keep_empty,
    )
    unwanted = int(has_box(table).sum() - has_box(selected).sum())
    dropped = table["filename"].nunique() - selected["filename"].nunique()
    left_out["box of another class"] = unwanted
    left_out["image without a kept object (see --keep-empty)"] = dropped
    write_csv(selected, output)
    return selected, +left_out


def describe(table: pd.DataFrame, left_out: Counter[str]) -> str:
    """Returns the report: objects per class, and what was left out."""
    counts = table.loc[has_box(table), "class"].value_counts()
    empty = int((table["class"] == NO_CLASS).sum())
    lines = [f"{count:7d} {name}" for name, count in counts.items()]
    lines += [f"{empty:7d} images without objects"] if empty else []
    lines += [
        f"{count:7d} left out: {reason}"
        for reason, count in left_out.most_common()
    ]
    return "\n".join(lines)
