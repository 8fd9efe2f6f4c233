"""Oversampled images: whole, as often as the table says, and no more."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from crossline.annotations.table import table_of
from crossline.records.label_map import LabelMap
from crossline.records.read import read_records
from crossline.records.write import write_records
from tests.records.pictures import negative, row, save


def test_an_image_is_written_as_often_as_it_repeats(tmp_path: Path) -> None:
    rows = [
        replace(row(save(tmp_path / "rare.png").name), repeats=3),
        replace(row("rare.png", "person"), repeats=3),
        row(save(tmp_path / "usual.png").name),
        replace(negative(save(tmp_path / "none.png").name), repeats=2),
    ]
    written = write_records(
        table_of(rows),
        Path("train.csv"),
        tmp_path,
        LabelMap.from_names(["person", "car"]),
        tmp_path,
        "train",
        shards=2,
    )
    assert (written.images, written.negatives) == (6, 2)
    assert written.objects == {"car": 4, "person": 3}
    records = list(read_records(written.shards))
    assert Counter(record.filename for record in records) == {
        "rare.png": 3,
        "usual.png": 1,
        "none.png": 2,
    }
    for record in records:
        objects = {"rare.png": 2, "usual.png": 1, "none.png": 0}
        assert len(record.boxes) == objects[record.filename]
