"""The optional column ``split``: which part of the data set an image is in."""

from pathlib import Path

import pandas as pd

from crossline.annotations.image_paths import SPLITS
from crossline.errors import InputError

PARTS = ("train", "val", "test")
"""In their order."""


def splits_by_image(table: pd.DataFrame, target: Path) -> dict[str, str]:
    """Returns each image's part, of `PARTS`; empty where the table is silent.

    Args:
        table: with the column or without.
        target: what is being written, named in errors.

    Raises:
        InputError: an image is in two parts, or in one that is unknown.
    """
    if "split" not in table:
        return dict.fromkeys(table["filename"], "")
    rows = table[["filename", "split"]].drop_duplicates()
    twice = rows["filename"].duplicated()
    if twice.any():
        filename = rows.loc[twice, "filename"].iloc[0]
        raise InputError(target, f"cannot hold {filename} in two parts")
    known = {**SPLITS, "": ""}
    unknown = ~rows["split"].isin(known)
    if unknown.any():
        filename, split = rows[unknown].iloc[0]
        raise InputError(
            target,
            f"has no place for {filename} of split {split!r}",
            remedy=f"name one of {', '.join(PARTS)} in the column split",
        )
    return dict(zip(rows["filename"], rows["split"].map(known), strict=True))
