"""TFRecords that are empty, damaged, or of something else."""

from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

from crossline.odapi.training import Trainer
from crossline.records import example as keys
from crossline.records.label_map import LabelMap, write_label_map
from tests.bad_input import pictures
from tests.bad_input.conftest import Disk, Refuses, Run
from tests.bad_input.test_checkpoints import TRAINABLE

AGAIN = "write it again with scripts/csv_to_tfrecord.py"
EVALUATE = (
    "evaluate tiny.tflite --records 'val-*' --label-map map.pbtxt "
    "--output out.json"
)


def example(**changes: Any) -> bytes:
    """Returns an Example, its features replaced by these."""
    feature = {
        keys.HEIGHT: _ints(60),
        keys.WIDTH: _ints(80),
        keys.FILENAME: _bytes(b"a.jpg"),
        keys.SOURCE_ID: _bytes(b"a"),
        keys.ENCODED: _bytes(pictures.picture()),
        keys.CLASS_TEXT: _bytes(b"red"),
        keys.CLASS_LABEL: _ints(1),
        **{key: _floats(0.1) for key in keys.BOX_EDGES.values()},
        **{getattr(keys, name): value for name, value in changes.items()},
    }
    features = tf.train.Features(feature=feature)
    return bytes(tf.train.Example(features=features).SerializeToString())


def write(*examples: bytes, name: str = "val-0") -> Path:
    with tf.io.TFRecordWriter(name) as writer:
        for each in examples:
            writer.write(each)
    return Path(name)


def _ints(*values: int) -> Any:
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def _floats(*values: float) -> Any:
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def _bytes(*values: bytes) -> Any:
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))


@pytest.fixture(autouse=True)
def label_map(folder: Path) -> None:
    write_label_map(LabelMap.from_names(["red"]), folder / "map.pbtxt")


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("examples", "line"),
    [
        pytest.param(
            [example(), b"no Example"],
            f"val-0 record 2: is damaged or of another schema (...); {AGAIN}",
            id="no Example",
        ),
        pytest.param(
            [example(ENCODED=_bytes())],
            "val-0 record 1: is damaged or of another schema (0 values of "
            f"image/encoded); {AGAIN}",
            id="another schema",
        ),
        pytest.param(
            [example(CLASS_LABEL=_ints(1, 1))],
            "val-0 record 1: is damaged or of another schema (2 values for "
            f"1 boxes); {AGAIN}",
            id="more classes than boxes",
        ),
        pytest.param(
            [example(), example()],
            "val-*: image a.jpg is there twice; name the shards of one set",
            id="image twice",
        ),
        pytest.param(
            [example(CLASS_TEXT=_bytes(b"tram"), CLASS_LABEL=_ints(2))],
            "val-* image a.jpg: class 2 (tram) is not there in the label "
            "map; give the label map that the records were written with",
            id="another label map",
        ),
        pytest.param(
            [example(ENCODED=_bytes(b"no image"))],
            "a.jpg: cannot be read as an image (of no known format); replace "
            "or remove it",
            id="damaged image",
        ),
    ],
)
def test_contents(examples: list[bytes], line: str, refuses: Refuses) -> None:
    write(*examples)
    refuses(EVALUATE, line)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def replace_by_text(path: Path) -> None:
    path.write_text("filename,width,height\n" * 20)


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("damage", "line"),
    [
        pytest.param(
            empty,
            "val-0: is empty; write them with scripts/csv_to_tfrecord.py",
            id="empty",
        ),
        pytest.param(
            cut, f"val-0 record 1: is cut short; {AGAIN}", id="cut short"
        ),
        pytest.param(flip, f"val-0 record 1: ...; {AGAIN}", id="a bit wrong"),
        pytest.param(
            replace_by_text,
            f"val-0 record 1: ...; {AGAIN}",
            id="a CSV",
        ),
        pytest.param(
            Path.unlink,
            "val-*: no such TFRecords; write them with "
            "scripts/csv_to_tfrecord.py",
            id="missing",
        ),
    ],
)
def test_files(damage: Any, line: str, refuses: Refuses) -> None:
    damage(write(example()))
    refuses(EVALUATE, line)


@pytest.fixture
def cheap_training(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A config and records; the step itself would compile for 15 s."""

    def step(_: Trainer, features: Any, labels: Any) -> Any:
        return {"Loss/total_loss": tf.reduce_sum(features["image"])}

    monkeypatch.setattr(Trainer, "_replica_step", step)
    (folder / "my.config").write_text(
        TRAINABLE.replace("batch_size: 128", "batch_size: 1")
    )
    write(example(), name="train.tfrecord")


@pytest.mark.usefixtures("cheap_training")
def test_training_names_the_record_that_broke_it(
    folder: Path, run: Run
) -> None:
    """TensorFlow tells of pages of graph, and of no file."""
    cut(folder / "train.tfrecord")
    ended = run("train --config my.config --output out")
    assert ended.status == 1
    assert ended.complained.endswith(
        f"\ntrain.py: train.tfrecord record 1: is cut short; {AGAIN}\n"
    )
    assert not list(folder.glob("out/ckpt-*"))


@pytest.mark.usefixtures("cheap_training")
def test_training_on_a_full_disk(disk: Disk, run: Run) -> None:
    full = disk("64k")
    ended = run("train --config my.config --output full --checkpoint-every 1")
    assert ended.status == 1
    assert ended.complained.endswith(
        "\ntrain.py: full: No space left on device\n"
    )
    assert not list(full.glob("ckpt-*.index"))
