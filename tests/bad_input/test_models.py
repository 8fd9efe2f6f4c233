"""Models, checkpoints and configs that are missing parts, or do not fit."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from crossline.detect.metadata import METADATA_NAME
from crossline.records.label_map import LabelMap, write_label_map
from tests.bad_input import pictures
from tests.bad_input.conftest import Given, Lay, Refuses
from tests.tiny_detector import METADATA
from tests.tiny_model import TINY_SSD

EXPORT = "export it with scripts/export.py"
AGAIN = "export it again with scripts/export.py"


def with_metadata(model: bytes, text: str) -> bytes:
    """Returns a TFLite file with `text` as its metadata."""
    buffer = io.BytesIO(model)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(METADATA_NAME, text)
    return buffer.getvalue()


ODD_METADATA = [
    pytest.param(
        "[]",
        "is not crossline's metadata (list indices must be ...); export the "
        "model again",
        id="metadata of something else",
    ),
    pytest.param(
        '{"classes"',
        "is not crossline's metadata (Expecting ...); export the model again",
        id="metadata malformed",
    ),
    pytest.param(
        replace(METADATA, classes={}).to_json(),
        "is not crossline's metadata (classes are {}); export the model again",
        id="metadata without classes",
    ),
    pytest.param(
        replace(METADATA, classes={0: "red", 1: "green"}).to_json(),
        "is not crossline's metadata (classes are {0: 'red', 1: 'green'}); "
        "export the model again",
        id="metadata with id 0",
    ),
]


@pytest.mark.parametrize(
    ("given", "model", "line"),
    [
        pytest.param({}, "m.tflite", "m.tflite: no such file", id="missing"),
        pytest.param(
            {"m.tflite": ""}, "m.tflite", "m.tflite: is empty", id="empty"
        ),
        pytest.param(
            {"m.tflite/": ""}, "m.tflite", "m.tflite: is not a file", id="dir"
        ),
        pytest.param(
            {"m.tflite": "no model"},
            "m.tflite",
            f"m.tflite: carries no metadata.json; {EXPORT}",
            id="text",
        ),
        pytest.param(
            {"m.tflite": with_metadata(bytes(999), METADATA.to_json())},
            "m.tflite",
            f"m.tflite: TFLite cannot load it (...); {AGAIN}",
            id="no flatbuffer",
        ),
        pytest.param(
            {"m.pb": "x"},
            "m.pb",
            "m.pb: no model here; name a .tflite file or an export folder",
            id="another format",
        ),
        pytest.param(
            {},
            "exported/none",
            "exported/none: no such file or folder; name a .tflite file or "
            "an export folder",
            id="missing folder",
        ),
        pytest.param(
            {"m/metadata.json": METADATA.to_json(), "m/saved_model/": ""},
            "m",
            "m: no model here; name a .tflite file or an export folder",
            id="SavedModel without saved_model.pb",
        ),
        pytest.param(
            {"m/saved_model/saved_model.pb": "x"},
            "m",
            f".../m/metadata.json: no such file; {EXPORT}",
            id="SavedModel without metadata",
        ),
        pytest.param(
            {
                "m/metadata.json": METADATA.to_json(),
                "m/saved_model/saved_model.pb": "x",
            },
            "m",
            f"m/saved_model: TensorFlow cannot load it (...); {AGAIN}",
            id="SavedModel damaged",
        ),
    ],
)
def test_models(
    given: Given, model: str, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay({"a.png": pictures.picture("PNG"), **given})
    refuses(f"detect_images a.png --model {model} --output out", line)


@pytest.mark.parametrize(("text", "problem"), ODD_METADATA)
def test_metadata_in_a_file(
    text: str, problem: str, lay: Lay, refuses: Refuses
) -> None:
    model = with_metadata(bytes(999), text)
    lay({"a.png": pictures.picture("PNG"), "m.tflite": model})
    refuses(
        "detect_images a.png --model m.tflite --output out",
        f"m.tflite: {problem}",
    )


@pytest.mark.parametrize(("text", "problem"), ODD_METADATA)
def test_metadata_of_a_folder(
    text: str, problem: str, lay: Lay, refuses: Refuses
) -> None:
    saved_model = {"m/metadata.json": text, "m/saved_model/saved_model.pb": ""}
    lay({"a.png": pictures.picture("PNG"), **saved_model})
    refuses(
        "detect_images a.png --model m --output out",
        f".../m/metadata.json: {problem}",
    )


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("script", ["detect_images", "count_video"])
def test_a_class_that_the_model_does_not_know(
    script: str, lay: Lay, refuses: Refuses
) -> None:
    lay({"a.png": pictures.picture("PNG")})
    refuses(
        f"{script} a.png --model tiny.tflite --output out --classes greens",
        "tiny.tflite: knows no class 'greens', did you mean 'green'?; it "
        "knows red, green",
    )


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
            "PATH_TO_BE_CONFIGURED: no such TFRecords; write them with "
            "scripts/csv_to_tfrecord.py",
            id="no records to calibrate with",
        ),
    ],
)
def test_exporting(
    given: Given, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay(given)
    refuses("export --checkpoint zoo --output out", line)


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("results", "line"),
    [
        pytest.param("", "r.json: is empty", id="empty"),
        pytest.param(
            "[{", "r.json line 1 column 3: is not JSON (...)", id="malformed"
        ),
        pytest.param(
            "{}",
            "r.json: is not in COCO's results format, which is a list; name "
            "the detections file that evaluate.py wrote",
            id="an evaluation, not its detections",
        ),
        pytest.param(
            json.dumps([{"image_id": 1, "category_id": 1}]),
            "r.json result 1: is not in COCO's results format "
            "(KeyError('bbox')); expected image_id, category_id, bbox and "
            "score",
            id="no box",
        ),
        pytest.param(
            '[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, NaN], '
            '"score": 1}]',
            "r.json result 1: is not in COCO's results format (...nan...); "
            "expected image_id, category_id, bbox and score",
            id="coordinate nan",
        ),
        pytest.param(
            json.dumps(
                [
                    {
                        "image_id": 5,
                        "category_id": 1,
                        "bbox": [1, 2, 3, 4],
                        "score": 1,
                    }
                ]
            ),
            "r.json result 1: image 5 is not in val.csv; detections are "
            "judged on the images that they are of",
            id="detections of other images",
        ),
    ],
)
def test_kept_detections(
    results: str, line: str, lay: Lay, refuses: Refuses
) -> None:
    header = "filename,width,height,class,class_id,xmin,ymin,xmax,ymax"
    lay(
        {
            "r.json": results,
            "val.csv": f"{header}\na.png,80,60,red,1,1,2,30,40\n",
        }
    )
    refuses("evaluate r.json --annotations val.csv --output out.json", line)


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("row", "options", "line"),
    [
        pytest.param(
            "blue,1,1,2,30,40",
            "",
            "tiny.tflite: does not know the class blue; judge it by others; "
            "it knows red, green",
            id="class that the model does not know",
        ),
        pytest.param(
            "red,1,1,2,30,40",
            "--classes blue",
            "val.csv: holds no object of class blue; its classes are red",
            id="class that nothing is of",
        ),
        pytest.param(
            ",,,,,",
            "",
            "val.csv: holds no object to judge by",
            id="no object",
        ),
        pytest.param(
            "red,1,1,2,30,40",
            "--images none",
            "none: no such folder",
            id="no folder of images",
        ),
        pytest.param(
            "red,1,1,2,30,40",
            "",
            "a.png: no such file; 1 of 1 annotated images are missing; name "
            "the folder that the filenames are relative to",
            id="no image",
        ),
    ],
)
def test_evaluating(
    row: str, options: str, line: str, lay: Lay, refuses: Refuses
) -> None:
    header = "filename,width,height,class,class_id,xmin,ymin,xmax,ymax"
    lay({"val.csv": f"{header}\na.png,80,60,{row}\n"})
    refuses(
        f"evaluate tiny.tflite --annotations val.csv --output out.json "
        f"{options}",
        line,
    )
