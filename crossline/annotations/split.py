"""Train, validation and test parts, by image and stratified by class."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crossline.annotations.compact import read_compact, sorted_codes
from crossline.annotations.table import has_box, write_csv
from crossline.errors import InputError
from crossline.files import replacing

TRAIN, VALIDATION, TEST = "train", "val", "test"
_PARTS = (TRAIN, VALIDATION, TEST)
_NOWHERE = -1
_IMAGES = "images"


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
    of_row = _deal(table, shares, seed)
    return {
        part: _rows_of(part, table, of_row == number)
        for number, part in enumerate(shares)
    }


def stratify(
    counts: npt.NDArray[np.integer[Any]],
    shares: npt.NDArray[np.float64],
    order: npt.NDArray[np.int64],
) -> npt.NDArray[np.int8]:
    """Deals images out so that each part gets its share of every class.

    Iterative stratification: of the images that are left, those of the
    rarest class go first, each to the part that lacks most of this class and,
    where parts tie, has most room. Source: Sechidis, Tsoumakas, Vlahavas, "On
    the Stratification of Multi-Label Data", 2011; here an image weighs as
    much as it has objects.

    Args:
        counts: ``(images, classes)``, objects.
        shares: ``(parts,)``, adding up to 1.
        order: ``(images,)``, their numbers in the order of play.

    Returns:
        ``(images,)``, the number of each one's part.
    """
    parts = np.full(len(counts), _NOWHERE, np.int8)
    left = counts.sum(axis=0)
    lacking = np.outer(shares, left)
    room = shares * len(counts)

    def deal(image: int, lack: npt.NDArray[np.float64]) -> None:
        # The last key of lexsort is the first to count.
        part = np.lexsort([room, lack])[-1]
        parts[image] = part
        lacking[part] -= counts[image]
        left[:] -= counts[image]
        room[part] -= 1

    while left.any():
        rarest = np.where(left > 0, left, np.inf).argmin()
        with_it = (parts == _NOWHERE) & (counts[:, rarest] > 0)
        for image in order[with_it[order]].tolist():
            deal(image, lacking[:, rarest])
    for image in order[parts[order] == _NOWHERE].tolist():
        deal(image, room)
    return parts


def split_csv(
    path: Path, output: Path, *, val: float, test: float, seed: int
) -> pd.DataFrame:
    """Parts a CSV into ``train.csv``, ``val.csv`` and ``test.csv``.

    Args:
        path: annotations CSV.
        output: folder for the parts. One with a share of 0 is not written,
            and removed if an earlier split left it.
        val: share of validation.
        test: share of the test part; less than 1 with `val`.
        seed: see `split_images`.

    Returns:
        What each part holds, as `count_objects` tells it.

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
    table = read_compact(path)
    of_row = _deal(table, shares, seed)
    for number, part in enumerate(shares):
        if not (of_row == number).any():
            raise InputError(
                path,
                f"has too few images for a {part} part",
                remedy="label more images or change --val and --test",
            )
    counts = []
    # Together: an old part beside a new one would share images with it.
    with ExitStack() as outputs:
        # One at a time: together they are as large as the table.
        for number, part in enumerate(shares):
            rows = _rows_of(part, table, of_row == number)
            draft = outputs.enter_context(replacing(files[part]))
            write_csv(rows, draft)
            counts.append(count_objects({part: rows}))
    for part in files.keys() - shares.keys():
        files[part].unlink(missing_ok=True)
    return _side_by_side(counts)


def count_objects(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Returns objects per class (rows) and part (columns), and images.

    Classes are sorted; the images are the last row.
    """
    return _side_by_side(
        [_counts(rows).to_frame(part) for part, rows in parts.items()]
    )


def _counts(table: pd.DataFrame) -> "pd.Series[int]":
    counts = table.loc[has_box(table), "class"].value_counts()
    counts = counts[counts > 0].rename(index=str)
    counts[_IMAGES] = table["filename"].nunique()
    return counts


def _side_by_side(counts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    joined = pd.concat(counts, axis=1)
    names = sorted(joined.index.drop(_IMAGES))
    # The axis' name would be a line of its own in print.
    joined = joined.reindex([*names, _IMAGES]).rename_axis(None)
    return joined.fillna(0).astype(int)


def _deal(
    table: pd.DataFrame, shares: Mapping[str, float], seed: int
) -> npt.NDArray[np.int8]:
    """Returns the number of the part of each row."""
    image_of_row, images = sorted_codes(table["filename"])
    filled = has_box(table).to_numpy(bool)
    class_of_box, classes = sorted_codes(table.loc[filled, "class"])
    counts = np.zeros((len(images), len(classes)), np.int32)
    np.add.at(counts, (image_of_row[filled], class_of_box), 1)
    order = np.random.default_rng(seed).permutation(len(images))
    of_image = stratify(counts, np.fromiter(shares.values(), float), order)
    return of_image[image_of_row]


def _rows_of(
    part: str, table: pd.DataFrame, mask: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    rows = table[mask]
    if "split" in rows:
        rows = rows.assign(split=part)
    return rows if part == TRAIN else rows.assign(repeats=1)
