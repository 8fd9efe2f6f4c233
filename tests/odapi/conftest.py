"""One tiny model, prepared, trained and exported once for all tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from crossline.annotations.table import Annotation, table_of
from crossline.odapi.checkpoint import build_model, save_weights, weights
from crossline.odapi.pipeline_config import read_pipeline
from crossline.records.label_map import LabelMap, write_label_map
from crossline.records.write import write_records
from tests.tiny_model import TINY_SSD

STEPS = 3

# Two devices to train on; TensorFlow makes them once a process.
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration()] * 2,
)


class Chain(NamedTuple):
    """Where the stages left their results."""

    zoo: Path
    images: Path
    label_map: Path
    records: Path
    config: Path
    run: Path
    exported: Path


def squares(count: int) -> Sequence[tuple[str, np.ndarray, Annotation]]:
    """Returns grey images with one bright square each: a car."""
    generator = np.random.default_rng(1)
    drawn = []
    for number in range(count):
        image = generator.integers(0, 80, (96, 128, 3)).astype(np.uint8)
        x, y = (int(value) for value in generator.integers(8, 40, 2))
        image[y : y + 40, x : x + 50] = 230
        filename = f"{number}.jpg"
        box = Annotation(filename, 128, 96, "car", 0, x, y, x + 50, y + 40)
        drawn.append((filename, image, box))
    return drawn


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """Has a checkpoint of the zoo's kind, records and a config to train."""
    from scripts import configure_pipeline

    folder = tmp_path_factory.mktemp("chain")
    chain = Chain(
        zoo=folder / "zoo",
        images=folder / "images",
        label_map=folder / "label_map.pbtxt",
        records=folder / "records",
        config=folder / "config" / "pipeline.config",
        run=folder / "run",
        exported=folder / "exported",
    )
    make_zoo_checkpoint(chain.zoo)
    write_label_map(LabelMap.from_names(["car", "tram"]), chain.label_map)
    chain.images.mkdir()
    drawn = squares(6)
    for filename, image, _ in drawn:
        Image.fromarray(image).save(chain.images / filename)
    for name in ("train", "val"):
        write_records(
            table_of(row for *_, row in drawn),
            folder / "labels.csv",
            chain.images,
            LabelMap.from_names(["car", "tram"]),
            chain.records,
            name,
            shards=2,
        )
    assert (
        configure_pipeline.main(
            [
                *("--checkpoint", str(chain.zoo)),
                *("--label-map", str(chain.label_map)),
                *("--train-records", f"{chain.records}/train-*"),
                *("--eval-records", f"{chain.records}/val-*"),
                *("--output", str(chain.config.parent)),
                *("--batch-size", "2", "--steps", str(STEPS)),
                *("--learning-rate", "0.05"),
            ]
        )
        == 0
    )
    return chain


@pytest.fixture(scope="session")
def chain(prepared: Chain) -> Chain:
    """Goes on by the scripts to an export."""
    from scripts import export, train

    chain = prepared
    assert (
        train.main(
            [
                *("--config", str(chain.config), "--output", str(chain.run)),
                *("--checkpoint-every", "2", "--seed", "1"),
            ]
        )
        == 0
    )
    assert (
        export.main(
            [
                *("--checkpoint", str(chain.run)),
                *("--output", str(chain.exported)),
                *("--precisions", "fp32", "fp16", "dynamic", "int8"),
                *("--calibration-images", "4", "--score-threshold", "0"),
                *("--report", "--float-layers", "2"),
            ]
        )
        == 0
    )
    return chain


def make_zoo_checkpoint(folder: Path) -> None:
    """Writes a checkpoint of 90 classes whose heads say different things."""
    folder.mkdir()
    config = folder / "pipeline.config"
    config.write_text(TINY_SSD)
    model = build_model(read_pipeline(config).model, is_training=False)
    generator = np.random.default_rng(1)
    for variable in weights(model):
        if len(variable.shape) == 4:
            variable.assign(generator.normal(0, 0.3, variable.shape))
    save_weights(model, folder / "checkpoint")


def randomize(model: Any) -> None:
    """Gives every layer weights through which signals reach the heads."""
    generator = np.random.default_rng(1)
    for variable in weights(model):
        name, shape = variable.name.rpartition("/")[2], variable.shape
        if name.endswith("kernel:0"):
            shared = 2 if "depthwise" in variable.name else 3
            scale = np.sqrt(2 / np.prod(shape[:shared]))  # He et al.'s
            variable.assign(generator.normal(0, scale, shape))
        elif name in ("gamma:0", "moving_variance:0"):
            variable.assign(generator.uniform(0.5, 1.5, shape))
        elif name in ("beta:0", "moving_mean:0"):
            variable.assign(generator.normal(0, 0.3, shape))
        elif name == "bias:0":
            variable.assign(generator.normal(0, 1, shape))
