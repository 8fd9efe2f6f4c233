"""The Object Detection API reads what we write, and we what it writes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from crossline.annotations.table import Annotation, table_of
from crossline.errors import InputError
from crossline.odapi import upstream  # noqa: F401  (mends the API)
from crossline.records import example
from crossline.records.images import encode_image
from crossline.records.label_map import LabelMap, write_label_map
from crossline.records.read import read_records
from crossline.records.write import write_records
from tests.records.pictures import BOX, block, example_of, negative, row, save

STREET = LabelMap.from_names(["person", "car"])


def decoded(folder: Path, rows: list[Annotation]) -> dict[str, Any]:
    """Returns what the API's trainer sees of a record."""
    from object_detection.data_decoders.tf_example_decoder import (
        TfExampleDecoder,
    )

    labels = folder / "street.pbtxt"
    write_label_map(STREET, labels)
    table = table_of(rows)
    written = write_records(table, Path("x"), folder, STREET, folder, "train")
    (serialized,) = tf.data.TFRecordDataset(str(written.shards[0]))
    tensors = TfExampleDecoder(label_map_proto_file=str(labels)).decode(
        serialized
    )
    return {name: tensor.numpy() for name, tensor in tensors.items()}


def test_the_api_decodes_our_records(tmp_path: Path) -> None:
    save(tmp_path / "a.png")
    rows = [
        row("a.png", image_id="17", area=5.0),
        row("a.png", "person", (0, 0, 8, 60), is_crowd=True, difficult=True),
    ]
    seen = decoded(tmp_path, rows)
    np.testing.assert_array_equal(seen["image"], np.asarray(block()))
    np.testing.assert_allclose(
        seen["groundtruth_boxes"],  # ymin, xmin, ymax, xmax
        [[0.1, 0.1, 0.5, 0.5], [0, 0, 1, 0.1]],
    )
    assert seen["groundtruth_classes"].tolist() == [2, 1]
    assert seen["groundtruth_is_crowd"].tolist() == [False, True]
    assert seen["groundtruth_difficult"].tolist() == [0, 1]
    assert seen["groundtruth_area"].tolist() == [5, 480]
    assert (seen["source_id"], seen["filename"]) == (b"17", b"a.png")
    assert seen["original_image_spatial_shape"].tolist() == [60, 80]


def test_the_api_decodes_our_negatives(tmp_path: Path) -> None:
    save(tmp_path / "none.jpg")
    seen = decoded(tmp_path, [negative("none.jpg")])
    assert seen["groundtruth_boxes"].shape == (0, 4)
    assert seen["groundtruth_classes"].shape == (0,)


@pytest.fixture
def coco_example(tmp_path: Path) -> Any:
    """The Example of the API's own converter, for the row below."""
    from object_detection.dataset_tools import create_coco_tf_record as coco

    save(tmp_path / "a.jpg")
    xmin, ymin, xmax, ymax = BOX
    _, made, *_ = coco.create_tf_example(
        {"file_name": "a.jpg", "id": 17, "height": 60, "width": 80},
        [
            {
                "bbox": [xmin, ymin, xmax - xmin, ymax - ymin],
                "category_id": 3,
                "iscrowd": 0,
                "area": 5.0,
            }
        ],
        str(tmp_path),
        {3: {"name": "car"}},
    )
    return made


def serialized(message: Any) -> bytes:
    data: bytes = message.SerializeToString(deterministic=True)
    return data


def test_our_examples_are_tensorflows_to_the_byte(tmp_path: Path) -> None:
    save(tmp_path / "a.jpg")
    image = encode_image(tmp_path / "a.jpg")
    for rows in ([row(), row("a.jpg", "person")], [negative("a.jpg")]):
        data = b"".join(example.serialize_example(rows, image, STREET))
        theirs = tf.train.Example.FromString(data)
        assert serialized(theirs) == data
        assert theirs.features.feature[example.WIDTH].int64_list.value == [80]


def test_our_examples_are_those_of_the_apis_converter(
    coco_example: Any, tmp_path: Path
) -> None:
    rows = [row(image_id="17", area=5.0)]
    made = example_of(rows, tmp_path / "a.jpg", STREET)
    ours = made.features.feature
    theirs = coco_example.features.feature
    assert {key: serialized(ours[key]) for key in theirs} == {
        key: serialized(value) for key, value in theirs.items()
    }
    assert set(ours) - set(theirs) == {
        example.CLASS_LABEL,
        example.DIFFICULT,
    }


def save_example(path: Path, made: Any) -> Path:
    with tf.io.TFRecordWriter(str(path)) as writer:
        writer.write(made.SerializeToString())
    return path


def test_we_read_the_apis_records(coco_example: Any, tmp_path: Path) -> None:
    shard = save_example(tmp_path / "coco.record-00000", coco_example)
    (record,) = read_records([shard])
    np.testing.assert_allclose(record.boxes, [BOX], rtol=1e-6)
    assert record.class_names == ["car"]
    assert record.class_ids.tolist() == [0]  # It writes names alone.
    assert record.areas.tolist() == [5]


def test_what_other_converters_leave_out_is_filled(
    coco_example: Any, tmp_path: Path
) -> None:
    for key in (example.AREA, example.IS_CROWD, example.CLASS_TEXT):
        del coco_example.features.feature[key]
    (record,) = read_records([save_example(tmp_path / "x", coco_example)])
    np.testing.assert_allclose(record.areas, [32 * 24], rtol=1e-6)
    assert record.is_crowd.tolist() == [0]
    assert record.class_names == []


@pytest.mark.parametrize(
    ("key", "values", "complaint"),
    [
        pytest.param(
            example.WIDTH, [], "0 values of image/width", id="no width"
        ),
        pytest.param(
            example.IS_CROWD, [0, 0], "2 values for 1 boxes", id="crowd flags"
        ),
    ],
)
def test_what_cannot_be_is_refused(
    key: str,
    values: list[int],
    complaint: str,
    coco_example: Any,
    tmp_path: Path,
) -> None:
    coco_example.features.feature[key].int64_list.value[:] = values
    shard = save_example(tmp_path / "x", coco_example)
    with pytest.raises(InputError, match=f"record 1: .*{complaint}"):
        list(read_records([shard]))
