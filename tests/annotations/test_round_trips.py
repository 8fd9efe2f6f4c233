"""Through every format and back: nothing is lost but what is said to be."""

import itertools
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings
from PIL import Image as Pillow

from crossline.annotations.convert import convert
from crossline.annotations.formats import FORMATS
from crossline.annotations.image_paths import SPLITS
from crossline.annotations.losses import losses
from crossline.annotations.sources import find_sources, read_sources
from crossline.annotations.table import (
    BOX_COLUMNS,
    OBJECT_COLUMNS,
    has_box,
)
from crossline.errors import InputError
from tests.annotations.rows import require_shared
from tests.annotations.wild_tables import tables

KEPT = {"coco": 1e-9, "csv": 1e-6, "linkedai": 1e-9, "voc": 1e-6, "yolo": 1e-6}
"""Fraction of a pixel: JSON has all digits of a float, CSV, XML and YOLO's
lines ten or twelve."""
TOLD_BY = {
    "image_id": ("image ids", "image ids that are no numbers of their own"),
    "class_id": (
        "class ids",
        "class ids that count from 0",
        "class ids that are not each class's own",
    ),
    "is_crowd": ("crowd flags",),
    "difficult": ("difficult flags",),
    "area": ("areas of masks",),
    "repeats": ("images' repeats",),
    "split": ("images' splits",),
    **{name: (f"{name} of objects",) for name in OBJECT_COLUMNS},
}
"""Column to what is said when it is lost."""
REFUSALS = ("belongs to", "cannot be written", "cannot hold")


def read(source: Path, images: Path | None = None) -> pd.DataFrame:
    found, left_out = read_sources(find_sources(source), images)
    assert not {reason for reason in left_out if "box" in reason}
    return found


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Sorts the rows; YOLO's names are those without folders of its own."""
    own = {"images", *SPLITS}
    parts = table["filename"].str.split("/")
    names = parts.map(
        lambda each: "/".join(itertools.dropwhile(own.__contains__, each))
    )
    table = table.assign(filename=names)
    rounded = table[BOX_COLUMNS].round(3)
    keys = rounded.assign(filename=names, name=table["class"])
    order = keys.sort_values(list(keys.columns), kind="stable").index
    return table.loc[order].reset_index(drop=True)


def assert_same(
    found: pd.DataFrame, wanted: pd.DataFrame, fraction: float
) -> None:
    """Compares names, sizes, classes and boxes."""
    found, wanted = in_order(found), in_order(wanted)
    for name in ("filename", "width", "height", "class"):
        assert found[name].tolist() == wanted[name].tolist()
    np.testing.assert_allclose(
        found[BOX_COLUMNS], wanted[BOX_COLUMNS], rtol=0, atol=fraction
    )


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("source", "photos", "boxes"),
    [
        ("voc/raccoon", "voc/raccoon/images", 217),
        ("coco/instances.json", "coco/images", 4211),
    ],
    ids=["raccoons", "COCO"],
)
def test_real_data_comes_back(
    name: str, source: str, photos: str, boxes: int, tmp_path: Path
) -> None:
    images = require_shared(photos)
    wanted = read(require_shared(source))
    made = convert(
        require_shared(source), tmp_path / "out", name, images=images
    )
    found = read(made.path)
    assert has_box(found).sum() == boxes
    assert_same(found, wanted, KEPT[name])


def test_real_data_goes_through_all_of_them(tmp_path: Path) -> None:
    source = require_shared("coco/instances.json")
    images = require_shared("coco/images")
    wanted = read(source)
    for name, known in FORMATS.items():
        source = convert(source, tmp_path / name, name, images=images).path
        if "size" not in known.holds:
            images = source
    assert_same(read(source), wanted, 1e-5)


@pytest.mark.parametrize("name", FORMATS)
@given(table=tables())
@settings(max_examples=25)
def test_a_wild_table_keeps_all_but_what_is_said_to_be_lost(
    name: str, table: pd.DataFrame
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        pictures_of(table, folder / "photos")
        try:
            FORMATS[name].write(table, folder / "out", folder / "photos")
        except InputError as error:
            event(require_known(str(error)))
            assert not (folder / "out").exists()
            return
        found = read(folder / "out")
        assert_same(found, table, KEPT[name])
        said = losses(table, FORMATS[name].holds | {"size"})
        assert_told(in_order(found), in_order(table), said)
    finally:
        shutil.rmtree(folder)


def require_known(complaint: str) -> str:
    (reason,) = (each for each in REFUSALS if each in complaint)
    return reason


def pictures_of(table: pd.DataFrame, folder: Path) -> None:
    images = table.drop_duplicates("filename")
    for image in images.itertuples():
        path = folder / image.filename
        if "\0" in image.filename:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        Pillow.new("1", (image.width, image.height)).save(path, "PNG")


def assert_told(
    found: pd.DataFrame, wanted: pd.DataFrame, said: Mapping[str, int]
) -> None:
    """Expects each column as it was, or that its loss was told."""
    for column, words in TOLD_BY.items():
        if column not in wanted or any(said.get(word) for word in words):
            continue
        is_told = wanted[column].notna() & ~wanted[column].isin(["", 0])
        before = wanted.loc[is_told, column].tolist()
        after = found.loc[is_told, column].tolist() if any(is_told) else []
        assert after == before, column
