"""Other people's CSVs of boxes.

What ours must have theirs may lack: sizes come from the images, and boxes
that cannot be are left out.
"""

from collections import Counter
from pathlib import Path

import pandas as pd

from crossline.annotations.boxes import usable_boxes
from crossline.annotations.csv_text import REQUIRED_COLUMNS, read_header
from crossline.annotations.table import (
    COLUMNS,
    OPTIONAL_COLUMNS,
    check_table,
    read_unchecked,
    refusing,
)
from crossline.errors import InputError
from crossline.image_files import image_size
from crossline.progress import progress

_SIZE = ["width", "height"]


def read_foreign_csv(
    path: Path, images: Path | None = None
) -> tuple[pd.DataFrame, Counter[str]]:
    """Reads a CSV with a row per box.

    Args:
        path: of the CSV.
        images: where to look for the sizes of images that the CSV does not
            tell; its own folder when None.

    Returns:
        The annotation table, and how many boxes, and cells of columns that
        it does not hold, were left out.

    Raises:
        InputError: as `read_csv`, but for bad boxes; or a size is missing
            and the image, too.
    """
    required = [name for name in REQUIRED_COLUMNS if name not in _SIZE]
    table = read_unchecked(path, refusing(path), required)
    table = _with_sizes(table, images or path.parent, path)
    table, left_out = usable_boxes(table)
    check_table(table, path)
    further = set(read_header(path)) - {*COLUMNS, *OPTIONAL_COLUMNS, ""}
    counts = {f"column {name}": len(table) for name in further}
    return table, left_out + Counter(counts)


def _with_sizes(
    table: pd.DataFrame, images: Path, source: Path
) -> pd.DataFrame:
    """Returns a table with the sizes of the images where it has none."""
    unsized = (table[_SIZE] == 0).any(axis=1) & (table["filename"] != "")
    if not unsized.any():
        return table
    names = table.loc[unsized, "filename"].unique()
    sizes = {}
    for name in progress(names, "reading sizes", unit="image"):
        if not (images / name).is_file():
            raise InputError(
                source,
                f"tells no size of {name}, and there is no {images / name}",
                remedy="name the folder of the images by --images",
            )
        sizes[name] = image_size(images / name)
    sized = table.copy()
    of_rows = table.loc[unsized, "filename"].map(sizes)
    for place, name in enumerate(_SIZE):
        sized.loc[unsized, name] = of_rows.str[place].astype("int64")
    return sized
