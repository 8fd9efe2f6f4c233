"""What the converters to CSV share: selection, writing, report."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crossline.annotations.select import select_classes
from crossline.annotations.table import has_box, write_csv


@dataclass(frozen=True)
class Conversion:
    """What a converter made.

    Attributes:
        table: as written.
        path: of the CSV.
        left_out: boxes and images that are not in it, by reason.
    """

    table: pd.DataFrame
    path: Path
    left_out: Counter[str]

    def report(self) -> str:
        """Returns lines: objects per class, and what was left out."""
        filled = has_box(self.table)
        counts = self.table.loc[filled, "class"].value_counts()
        lines = [f"{count:7d} {name}" for name, count in counts.items()]
        if empty := int((~filled).sum()):
            lines.append(f"{empty:7d} images without objects")
        lines += [
            f"{count:7d} left out: {reason}"
            for reason, count in self.left_out.most_common()
        ]
        lines.append(
            f"Wrote {int(filled.sum())} boxes in "
            f"{self.table['filename'].nunique()} images to {self.path}."
        )
        return "\n".join(lines)


def write_selection(
    read: tuple[pd.DataFrame, Counter[str]],
    source: Path,
    output: Path | None,
    *,
    classes: Sequence[str],
    rename: Sequence[tuple[str, str]],
    keep_empty: bool,
) -> Conversion:
    """Selects the classes of what a reader found and writes the CSV.

    Args:
        read: what `read_coco` and its like return.
        source: where they read it.
        output: the CSV; beside `source`, of its name, when None.
        classes: to keep, all when empty.
        rename: pairs of old and new name.
        keep_empty: keep images without a kept object.
    """
    table, left_out = read
    selected = select_classes(
        table,
        source,
        classes=classes,
        rename=dict(rename),
        keep_empty=keep_empty,
    )
    unwanted = {
        "box of another class": (
            int(has_box(table).sum() - has_box(selected).sum())
        ),
        "image without a kept object (--keep-empty keeps it)": (
            table["filename"].nunique() - selected["filename"].nunique()
        ),
    }
    # "." has no name of its own.
    output = output or source.parent / f"{source.resolve().stem}.csv"
    write_csv(selected, output)
    return Conversion(selected, output, +(left_out + Counter(unwanted)))
