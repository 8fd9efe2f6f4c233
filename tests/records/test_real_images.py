"""COCO and Pascal VOC as they are, all of what lies beside the project."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crossline.annotations.coco import read_coco
from crossline.annotations.table import class_names, has_box
from crossline.annotations.voc import read_voc
from crossline.records.coco_label_map import COCO_LABEL_MAP
from crossline.records.label_map import LabelMap
from crossline.records.read import read_records
from crossline.records.write import write_records

SHARED = Path(__file__).parents[3] / "shared"
COCO = SHARED / "coco"
VOC = SHARED / "voc" / "raccoon"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"{SHARED} is not there"
)


def assert_round_trip(
    table: pd.DataFrame, images: Path, label_map: LabelMap, output: Path
) -> None:
    """Each image comes back with its bytes and boxes, none encoded again."""
    written = write_records(table, images, images, label_map, output, "all")
    assert not written.reencoded
    assert not written.skipped
    by_image = dict(list(table.groupby("filename")))
    for record in read_records(written.shards):
        rows = by_image.pop(record.filename)
        rows = rows[has_box(rows)]
        size = [record.width, record.height] * 2
        assert record.encoded == (images / record.filename).read_bytes()
        assert record.class_names == rows["class"].tolist()
        np.testing.assert_allclose(
            record.boxes,
            np.clip(rows[["xmin", "ymin", "xmax", "ymax"]], 0, size),
            atol=0.001,
        )
    assert not by_image


def test_coco(tmp_path: Path) -> None:
    table, _ = read_coco(COCO / "instances.json")
    assert table["filename"].nunique() == 482
    assert has_box(table).sum() == 4211
    assert_round_trip(table, COCO / "images", COCO_LABEL_MAP, tmp_path)


def test_voc(tmp_path: Path) -> None:
    table, _ = read_voc(VOC / "annotations")
    assert (table["filename"].nunique(), len(table)) == (200, 217)
    label_map = LabelMap.from_names(class_names(table))
    assert_round_trip(table, VOC / "images", label_map, tmp_path)


def test_cocos_label_map_is_cocos() -> None:
    table, _ = read_coco(COCO / "instances.json")
    pairs = table.loc[has_box(table), ["class_id", "class"]]
    assert {
        COCO_LABEL_MAP.names[class_id] == name
        for class_id, name in pairs.itertuples(index=False)
    } == {True}
