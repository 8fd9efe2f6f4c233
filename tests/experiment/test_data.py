"""What an experiment learns from holds every class, in every part."""

from pathlib import Path

import pytest

from crossline.annotations.table import Annotation, table_of, write_csv
from crossline.errors import InputError
from crossline.experiment.data import prepare_records
from crossline.experiment.settings import Data
from crossline.records.label_map import LabelMap, write_label_map


def labels(path: Path, *classes: str) -> str:
    """Writes an image with a box of each class."""
    boxes = [
        Annotation("a.jpg", 100, 100, name, 0, 10, 10, 50, 50)
        for name in classes
    ]
    write_csv(table_of(boxes), path)
    return str(path)


def test_a_class_that_a_part_lacks_is_named(tmp_path: Path) -> None:
    data = Data(
        train=labels(tmp_path / "train.csv", "car", "person"),
        val=labels(tmp_path / "val.csv", "car"),
        images=tmp_path,
    )
    line = (
        r"train\.csv: the val part has no object of class person; leave the "
        "class out, or label more images of it"
    )
    with pytest.raises(InputError, match=line):
        prepare_records(data, 1, tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_records_that_are_missing_are_named(tmp_path: Path) -> None:
    label_map = tmp_path / "label_map.pbtxt"
    write_label_map(LabelMap.from_names(["car"]), label_map)
    pattern = f"{tmp_path}/train-*"
    data = Data(train=pattern, val=pattern, label_map=label_map)
    with pytest.raises(InputError, match=r"train-.: no such TFRecords"):
        prepare_records(data, 1, tmp_path / "data")
