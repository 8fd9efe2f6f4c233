"""Train, validation and test parts, by image and stratified by class."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from crossline.annotations.table import has_box, read_csv, write_csv
from crossline.errors import InputError

TRAIN, VALIDATION, TEST = "train", "val", "test"
_PARTS = (TRAIN, VALIDATION, TEST)
_NOWHERE = -1


def split_images(
    table: pd.DataFrame, shares: Mapping[str, float], seed: int
) -> dict[str, pd.DataFrame]:
    """Parts a table so that each part has its share of every class.

    Args:
        table: an annotation table.
        shares: part to its share; they add up to 1.
        seed: of the order in which images are dealt out; with the same
            images it gives the same parts, however the rows are ordered.

    Returns:
        Part to table; an image is in one of them, rows in `table`'s order.
        Images are repeated in the train part alone.
    """
    counts = _objects_per_image(table)
    order = np.random.default_rng(seed).permutation(len(counts))
    dealt = stratify(
        counts.to_numpy()[order], np.fromiter(shares.values(), float)
    )
    part_of = pd.Series(dealt, counts.index[order])
    of_row = table["filename"].map(part_of)
    parts = {
        part: table[of_row == number] for number, part in enumerate(shares)
    }
    return {
        part: rows if part == TRAIN else rows.assign(repeats=1)
        for part, rows in parts.items()
    }


def stratify(
    counts: npt.NDArray[np.int64], shares: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """Deals images out so that each part gets its share of every class.

    Iterative stratification: of the images that are left, those of the
    rarest class go first, each to the part that lacks most of this class and,
    where parts tie, has most room. Source: Sechidis, Tsoumakas, Vlahavas, "On
    the Stratification of Multi-Label Data", 2011; here an image weighs as
    much as it has objects.

    Args:
        counts: ``(images, classes)``, objects; images in the order of play.
        shares: ``(parts,)``, adding up to 1.

    Returns:
        ``(images,)``, the number of each one's part.
    """
    parts = np.full(len(counts), _NOWHERE)
    lacking = np.outer(shares, counts.sum(axis=0))
    room = shares * len(counts)

    def deal(image: int, lack: npt.NDArray[np.float64]) -> None:
        # The last key of lexsort is the first to count.
        part = np.lexsort([room, lack])[-1]
        parts[image] = part
        lacking[part] -= counts[image]
        room[part] -= 1

    while (left := counts[parts == _NOWHERE].sum(axis=0)).any():
        rarest = np.where(left > 0, left, np.inf).argmin()
        with_it = (parts == _NOWHERE) & (counts[:, rarest] > 0)
        for image in np.flatnonzero(with_it).tolist():
            deal(image, lacking[:, rarest])
    for image in np.flatnonzero(parts == _NOWHERE).tolist():
        deal(image, room)
    return parts


def split_csv(
    path: Path, output: Path, *, val: float, test: float, seed: int
) -> dict[str, pd.DataFrame]:
    """Parts a CSV into ``train.csv``, ``val.csv`` and ``test.csv``.

    Args:
        path: annotations CSV.
        output: folder for the parts. One with a share of 0 is not written,
            and removed if an earlier split left it.
        val: share of validation.
        test: share of the test part; less than 1 with `val`.
        seed: see `split_images`.

    Raises:
        InputError: the CSV is bad, one of the parts would overwrite it, or
            one got no image.
    """
    files = {part: output / f"{part}.csv" for part in _PARTS}
    for file in files.values():
        if file.resolve() == path.resolve():
            raise InputError(
                path, "would be overwritten", remedy="name another --output"
            )
    shares = {TRAIN: 1 - val - test, VALIDATION: val, TEST: test}
    shares = {part: share for part, share in shares.items() if share > 0}
    parts = split_images(read_csv(path), shares, seed)
    for part, table in parts.items():
        if table.empty:
            raise InputError(
                path,
                f"has too few images for a {part} part",
                remedy="label more images or change --val and --test",
            )
    for part, file in files.items():
        if part in parts:
            write_csv(parts[part], file)
        else:
            file.unlink(missing_ok=True)
    return parts


def count_objects(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Returns objects per class (rows) and part (columns), and images.

    Classes are sorted; the images are the last row.
    """
    counts = pd.DataFrame(
        {
            part: table.loc[has_box(table), "class"].value_counts()
            for part, table in parts.items()
        }
    ).sort_index()
    counts.loc["images"] = {
        part: table["filename"].nunique() for part, table in parts.items()
    }
    # The axis' name would be a line of its own in print.
    return counts.rename_axis(None).fillna(0).astype(int)


def _objects_per_image(table: pd.DataFrame) -> pd.DataFrame:
    """Returns a row per image, a column per class, both sorted."""
    boxes = table[has_box(table)]
    counts = pd.crosstab(boxes["filename"], boxes["class"])
    images = np.unique(table["filename"].to_numpy(str))
    return counts.reindex(images, fill_value=0)
