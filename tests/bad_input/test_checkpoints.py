"""Checkpoints and configs that lack a part, or do not fit."""

from pathlib import Path

import pytest
import tensorflow as tf

from crossline.records.label_map import LabelMap, write_label_map
from tests.bad_input.conftest import Given, Lay, Refuses
from tests.tiny_model import TINY_SSD

CONFIGURE = (
    "configure_pipeline --checkpoint zoo --label-map map.pbtxt "
    "--train-records train.tfrecord --eval-records train.tfrecord "
    "--output out"
)
FASTER_RCNN = "model { faster_rcnn { num_classes: 2 } }"


@pytest.fixture
def zoo(lay: Lay) -> None:
    """A config of 90 classes with its placeholders, and no checkpoint."""
    lay({"zoo/pipeline.config": TINY_SSD, "train.tfrecord": "records"})
    write_label_map(LabelMap.from_names(["car"]), Path("map.pbtxt"))


@pytest.mark.usefixtures("zoo")
@pytest.mark.parametrize(
    ("given", "line"),
    [
        pytest.param(
            {"map.pbtxt": ""},
            "map.pbtxt: is empty; make one with scripts/make_label_map.py",
            id="empty label map",
        ),
        pytest.param(
            {"train.tfrecord": ""},
            "train.tfrecord: is empty; write them with "
            "scripts/csv_to_tfrecord.py",
            id="empty records",
        ),
        pytest.param(
            {"zoo/pipeline.config": ""},
            "zoo/pipeline.config: is empty",
            id="empty config",
        ),
        pytest.param(
            {"zoo/pipeline.config": "model {"},
            "zoo/pipeline.config: is not a pipeline.config (...)",
            id="config cut short",
        ),
        pytest.param(
            {"zoo/pipeline.config": b"# \xe9\n"},
            "zoo/pipeline.config: is not a pipeline.config (...)",
            id="config not UTF-8",
        ),
        pytest.param(
            {"zoo/pipeline.config": "train_config {}"},
            "zoo/pipeline.config: describes a missing model; crossline "
            "trains SSD models",
            id="config without model",
        ),
        pytest.param(
            {"zoo/pipeline.config": FASTER_RCNN},
            "zoo/pipeline.config: describes a faster_rcnn model; crossline "
            "trains SSD models",
            id="config of another model",
        ),
        pytest.param(
            {
                "zoo/pipeline.config": TINY_SSD.replace(
                    "ssd_mobilenet_v1_keras", "ssd_mobilenet_v1"
                )
            },
            "zoo/pipeline.config: feature extractor 'ssd_mobilenet_v1' is "
            "none of TensorFlow 2, did you mean 'ssd_mobilenet_v1_keras'?; "
            "take a config of TensorFlow 2's model zoo",
            id="config of TensorFlow 1",
        ),
        pytest.param(
            {},
            "zoo: holds no checkpoint (ckpt-*.index); name a folder in the "
            "model zoo's layout, an export or a training run",
            id="no checkpoint",
        ),
        pytest.param(
            {"zoo/checkpoint/ckpt-0.index": "x"},
            "zoo/checkpoint/ckpt-0.index: its data file "
            "ckpt-0.data-00000-of-00001 is missing; fetch the checkpoint "
            "again",
            id="checkpoint without its data file",
        ),
        pytest.param(
            {"zoo/checkpoint/ckpt-0.index": ""},
            "zoo/checkpoint/ckpt-0.index: is empty; fetch the checkpoint "
            "again",
            id="checkpoint with an empty index",
        ),
        pytest.param(
            {
                "zoo/checkpoint/ckpt-0.index": "x",
                "zoo/checkpoint/ckpt-0.data-00000-of-00001": "x",
            },
            "zoo/checkpoint/ckpt-0: does not fit the model of its config "
            "(...); check that the two belong together and are undamaged",
            id="checkpoint damaged",
        ),
        pytest.param(
            {"zoo/label_map.pbtxt": "item { id: 91 name: 'tram' }"},
            "zoo/label_map.pbtxt: has ids up to 91, but num_classes of "
            "pipeline.config is 90; put the label map that it was trained "
            "with there",
            id="id above the class count",
        ),
    ],
)
def test_configuring(
    given: Given, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay(given)
    refuses(CONFIGURE, line)


@pytest.mark.usefixtures("zoo")
@pytest.mark.parametrize(
    ("option", "line"),
    [
        pytest.param(
            "--train-records none-*",
            "none-*: no such TFRecords; write them with "
            "scripts/csv_to_tfrecord.py",
            id="glob that matches nothing",
        ),
        pytest.param(
            "--train-records zoo",
            "zoo: is not a file; write them with scripts/csv_to_tfrecord.py",
            id="folder for records",
        ),
        pytest.param(
            "--label-map none.pbtxt",
            "none.pbtxt: no such file; make one with "
            "scripts/make_label_map.py",
            id="missing label map",
        ),
        pytest.param(
            "--checkpoint none",
            "none/pipeline.config: no such file",
            id="missing checkpoint",
        ),
        pytest.param(
            "--checkpoint none.config",
            "none.config: no such file",
            id="missing config",
        ),
    ],
)
def test_options_of_configuring(
    option: str, line: str, refuses: Refuses
) -> None:
    refuses(f"{CONFIGURE} {option}", line)


TRAINABLE = (
    TINY_SSD.replace("num_classes: 90", "num_classes: 1")
    .replace('fine_tune_checkpoint: "PATH_TO_BE_CONFIGURED"', "")
    .replace(
        'label_map_path: "PATH_TO_BE_CONFIGURED"',
        'label_map_path: "map.pbtxt"',
    )
    .replace("PATH_TO_BE_CONFIGURED", "train.tfrecord")
)


@pytest.mark.usefixtures("zoo")
@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        pytest.param(
            "map.pbtxt",
            "PATH_TO_BE_CONFIGURED",
            'my.config: label_map_path: "PATH_TO_BE_CONFIGURED" is left to be '
            "configured; run scripts/configure_pipeline.py",
            id="placeholder left",
        ),
        pytest.param(
            "num_classes: 1",
            "num_classes: 3",
            "my.config: num_classes is 3, but the label map map.pbtxt has "
            "ids up to 1; run scripts/configure_pipeline.py with this label "
            "map",
            id="class count is not the label map's",
        ),
        pytest.param(
            "map.pbtxt",
            "none.pbtxt",
            "none.pbtxt: no such file; make one with "
            "scripts/make_label_map.py",
            id="missing label map",
        ),
        pytest.param(
            "train.tfrecord",
            "none-*",
            "none-*: no such TFRecords; write them with "
            "scripts/csv_to_tfrecord.py",
            id="missing records",
        ),
        pytest.param(
            "batch_size: 128",
            "batch_size: 0",
            "my.config: batch_size is 0, below 1",
            id="no batch",
        ),
        pytest.param(
            "num_steps: 50000",
            "num_steps: 0",
            "my.config: num_steps is 0, below 1",
            id="no step",
        ),
        pytest.param(
            "train_config {",
            'train_config { fine_tune_checkpoint: "none/ckpt-0"',
            "none/ckpt-0.index: no such file; fetch the checkpoint again",
            id="missing checkpoint",
        ),
    ],
)
def test_training(
    old: str, new: str, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay({"my.config": TRAINABLE.replace(old, new)})
    refuses("train --config my.config --output out", line)


@pytest.mark.usefixtures("zoo")
@pytest.mark.parametrize(
    ("given", "line"),
    [
        pytest.param(
            {},
            "zoo: holds no checkpoint (ckpt-*.index); name a folder in the "
            "model zoo's layout, an export or a training run",
            id="no checkpoint",
        ),
        pytest.param(
            {
                "zoo/ckpt-7.index": "x",
                "zoo/ckpt-7.data-00000-of-00001": "x",
                "zoo/pipeline.config": TINY_SSD.replace("90", "2"),
            },
            "zoo/label_map.pbtxt: no such file; 2 classes have no names; put "
            "the label map that it was trained with there",
            id="no label map",
        ),
        pytest.param(
            {
                "zoo/ckpt-7.index": "x",
                "zoo/ckpt-7.data-00000-of-00001": "x",
            },
            "zoo/ckpt-7.index: is damaged; fetch or train it again",
            id="damaged checkpoint",
        ),
    ],
)
def test_exporting(
    given: Given, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay(given)
    refuses("export --checkpoint zoo --output out", line)


@pytest.mark.usefixtures("zoo")
def test_exporting_without_images_to_calibrate(refuses: Refuses) -> None:
    tf.train.Checkpoint().write("zoo/ckpt-7")
    refuses(
        "export --checkpoint zoo --output out",
        "int8: needs images to calibrate it, and the checkpoint names none; "
        "pass --calibration-records or other --precisions",
    )
