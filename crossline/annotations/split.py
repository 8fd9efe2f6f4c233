"""Train, validation and test parts, by image and stratified by class."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from crossline.annotations.table import has_box, read_csv, write_csv
from crossline.errors import InputError

TRAIN, VALIDATION, TEST = "train", "val", "test"


def split_images(
    table: pd.DataFrame, shares: Mapping[str, float], seed: int
) -> dict[str, pd.DataFrame]:
    """Parts a table so that each part has its share of every class.

    Iterative stratification: the images of the rarest class are dealt out
    first, each to the part that lacks most of that class. Source: Sechidis,
    Tsoumakas, Vlahavas, "On the Stratification of Multi-Label Data", 2011.

    Args:
        table: an annotation table.
        shares: part to its share; they add up to 1.
        seed: of the order within a class.

    Returns:
        Part to table; an image is in one of them, rows in `table`'s order.
    """
    objects = _objects_by_image(table)
    wanted = {
        part: {name: share * total for name, total in _totals(objects).items()}
        for part, share in shares.items()
    }
    capacity = {part: share * len(objects) for part, share in shares.items()}
    names = list(objects)
    order = [
        names[place]
        for place in np.random.default_rng(seed).permutation(len(names))
    ]
    parts: dict[str, str] = {}
    for name, _ in reversed(_totals(objects).most_common()):
        for image in order:
            if image not in parts and name in objects[image]:
                parts[image] = _neediest(wanted, capacity, name)
                _deal(wanted, capacity, parts[image], objects[image])
    for image in order:
        if image not in parts:
            parts[image] = max(capacity, key=capacity.__getitem__)
            _deal(wanted, capacity, parts[image], objects[image])
    of_row = table["filename"].map(parts)
    return {part: table[of_row == part] for part in shares}


def split_csv(
    path: Path, output: Path, *, val: float, test: float, seed: int
) -> dict[str, pd.DataFrame]:
    """Parts a CSV into ``train.csv``, ``val.csv`` and ``test.csv``.

    Args:
        path: annotations CSV.
        output: folder for the parts; one with a share of 0 is not written.
        val: share of validation.
        test: share of the test part.
        seed: see `split_images`.

    Raises:
        InputError: the CSV is bad, nothing is left to train on, or a part
            got no image.
    """
    shares = {TRAIN: 1 - val - test, VALIDATION: val, TEST: test}
    if shares[TRAIN] <= 0:
        raise InputError(
            path, f"--val {val} and --test {test} leave nothing to train on"
        )
    shares = {part: share for part, share in shares.items() if share > 0}
    parts = split_images(read_csv(path), shares, seed)
    for part, table in parts.items():
        if table.empty:
            raise InputError(
                path,
                f"has too few images for a {part} part",
                remedy="label more or lower --val and --test",
            )
    for part, table in parts.items():
        write_csv(table, output / f"{part}.csv")
    return parts


def count_objects(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Returns objects per class (rows) and part (columns), and images."""
    counts = pd.DataFrame(
        {
            part: table.loc[has_box(table), "class"].value_counts()
            for part, table in parts.items()
        }
    )
    counts.loc["images"] = {
        part: table["filename"].nunique() for part, table in parts.items()
    }
    return counts.fillna(0).astype(int)


def _objects_by_image(table: pd.DataFrame) -> dict[str, Counter[str]]:
    images = table["filename"].unique()
    objects = {str(filename): Counter[str]() for filename in images}
    boxes = table[has_box(table)]
    for filename, name in zip(boxes["filename"], boxes["class"], strict=True):
        objects[filename][name] += 1
    return objects


def _totals(objects: Mapping[str, Counter[str]]) -> Counter[str]:
    return sum(objects.values(), Counter[str]())


def _neediest(
    wanted: Mapping[str, Mapping[str, float]],
    capacity: Mapping[str, float],
    name: str,
) -> str:
    return max(wanted, key=lambda part: (wanted[part][name], capacity[part]))


def _deal(
    wanted: Mapping[str, dict[str, float]],
    capacity: dict[str, float],
    part: str,
    objects: Mapping[str, int],
) -> None:
    capacity[part] -= 1
    for name, count in objects.items():
        wanted[part][name] -= count
