"""From one format to another: reading, selection, writing, report."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crossline.annotations.formats import FORMATS, Format
from crossline.annotations.losses import losses
from crossline.annotations.select import select_classes
from crossline.annotations.sources import Source, find_sources, read_sources
from crossline.annotations.table import has_box
from crossline.errors import InputError


@dataclass(frozen=True)
class Conversion:
    """What a converter made.

    Attributes:
        table: as written.
        sources: what was read.
        path: the file or folder that was written.
        format: of it.
        left_out: boxes, images and fields that were not taken, by reason.
        lost: what the table tells and the format cannot hold.
    """

    table: pd.DataFrame
    sources: Sequence[Source]
    path: Path
    format: Format
    left_out: Counter[str]
    lost: Counter[str]

    def report(self) -> str:
        """Returns lines: objects per class, and what is not there any more."""
        filled = has_box(self.table)
        counts = self.table.loc[filled, "class"].value_counts()
        lines = [f"{count:7d} {name}" for name, count in counts.items()]
        if empty := int((~filled).sum()):
            lines.append(f"{empty:7d} images without objects")
        lines += [
            f"{count:7d} left out: {reason}"
            for reason, count in self.left_out.most_common()
        ]
        lines += [
            f"{count:7d} lost: {what}, which {self.format.title} cannot hold"
            for what, count in self.lost.most_common()
        ]
        lines.append(
            f"Wrote {int(filled.sum())} boxes in "
            f"{self.table['filename'].nunique()} images to {self.path}."
        )
        return "\n".join(lines)


def convert(
    source: Path,
    output: Path | None = None,
    to: str = "csv",
    *,
    known: str | None = None,
    images: Path | None = None,
    classes: Sequence[str] = (),
    rename: Sequence[tuple[str, str]] = (),
    keep_empty: bool = True,
) -> Conversion:
    """Reads annotations, selects classes and writes another format.

    Args:
        source: file or folder.
        output: file or folder; a folder must be new or empty. Beside
            `source`, of its name, ending in ``.csv``, when None.
        to: name of the format to write, of `FORMATS`.
        known: name of the source's format; told by its contents if None.
        images: folder of the images: for sizes that the source does not
            tell, and to go along where the format holds images.
        classes: to keep, all when empty.
        rename: pairs of old and new name.
        keep_empty: keep images without a kept object.

    Raises:
        InputError: the source cannot be read, `output` would overwrite it or
            something else, or the format cannot hold a name.
    """
    written = FORMATS[to]
    # "." has no name of its own.
    output = output or source.parent / f"{source.resolve().stem}.csv"
    sources = find_sources(source, FORMATS[known] if known else None)
    _require_free(output, written, sources)
    table, left_out = read_sources(sources, images)
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
    written.write(selected, output, images)
    # YOLO's images tell their sizes.
    holds = written.holds | {"size"} if images else written.holds
    return Conversion(
        selected,
        sources,
        output,
        written,
        +(left_out + Counter(unwanted)),
        losses(selected, holds),
    )


def _require_free(
    output: Path, written: Format, sources: Sequence[Source]
) -> None:
    """Makes sure that nothing is lost by writing."""
    if output.resolve() in {source.path.resolve() for source in sources}:
        raise InputError(
            output, "would be overwritten", remedy="name another --output"
        )
    if not written.is_folder or not output.exists():
        return
    if not output.is_dir() or any(output.iterdir()):
        raise InputError(
            output,
            "is there already",
            remedy="remove it or name another --output",
        )
