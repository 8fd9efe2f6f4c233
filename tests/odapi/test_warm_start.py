"""Heads that a checkpoint knows are kept, whatever their kind."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from google.protobuf import text_format

from crossline.odapi.checkpoint import (
    build_model,
    find_checkpoint,
    restore,
    save_weights,
)
from crossline.odapi.pipeline_config import TrainingChoices, read_pipeline
from crossline.odapi.prepare import prepare_training
from crossline.odapi.warm_start import graft, head_columns, transplant
from crossline.records.label_map import LabelMap, write_label_map
from tests.odapi.conftest import Chain, randomize
from tests.tiny_model import TINY_SSD, tiny_fpn

SOURCE = LabelMap({1: "person", 3: "car", 4: "motorcycle"})
TARGET = LabelMap({1: "motorcycle", 2: "tram", 3: "person"})


def test_columns_follow_the_names_and_the_background() -> None:
    assert head_columns(SOURCE, TARGET) == {0: 0, 1: 4, 3: 1}


def test_graft_replaces_the_mapped_columns_of_every_anchor() -> None:
    old = np.arange(10, dtype=np.float32)  # 2 anchors of 5 slots
    new = -np.arange(1, 9, dtype=np.float32)  # 2 anchors of 4 slots
    grafted = graft(old, new, {0: 0, 1: 4, 3: 1}, 5, 4)
    assert grafted.tolist() == [0, 4, -3, 1, 5, 9, -7, 6]


@pytest.mark.parametrize(
    "heads",
    [
        pytest.param("", id="a head per layer"),
        pytest.param(
            "box_predictor { convolutional_box_predictor {"
            "  kernel_size: 3 use_depthwise: true"
            "} }",
            id="a depthwise head per layer (SSDLite)",
        ),
        pytest.param(
            tiny_fpn("ssd_mobilenet_v1_fpn_keras", False),
            id="one shared head (V1 FPN)",
        ),
        pytest.param(
            tiny_fpn("ssd_mobilenet_v2_fpn_keras", True),
            id="one separable shared head (V2 FPNLite)",
        ),
    ],
)
def test_kept_classes_have_the_sources_logits(
    heads: str, tmp_path: Path
) -> None:
    path = tmp_path / "pipeline.config"
    path.write_text(TINY_SSD)
    source_config = read_pipeline(path).model
    if heads.strip().startswith("feature"):
        source_config.ssd.ClearField("box_predictor")
        source_config.ssd.ClearField("anchor_generator")
    text_format.Merge(heads, source_config.ssd)
    source_config.ssd.num_classes = 4
    target_config = type(source_config)()
    target_config.CopyFrom(source_config)
    target_config.ssd.num_classes = 3
    source = build_model(source_config, is_training=False)
    randomize(source)
    save_weights(source, tmp_path / "checkpoint")

    target, warm_start = transplant(
        source_config,
        find_checkpoint(tmp_path),
        SOURCE,
        target_config,
        TARGET,
    )

    assert set(warm_start.kept) == {"motorcycle", "person"}
    assert warm_start.fresh == ("tram",)
    assert_same_answers(source, target, {0: 0, 1: 4, 3: 1}, side=96)


def test_the_zoos_checkpoint_answers_the_same_after_preparation(
    zoo_checkpoint: Path, prepared: Chain, tmp_path: Path
) -> None:
    labels = LabelMap.from_names(["motorcycle", "tram", "person"])
    write_label_map(labels, tmp_path / "label_map.pbtxt")
    training = prepare_training(
        zoo_checkpoint,
        TrainingChoices(
            label_map_path=tmp_path / "label_map.pbtxt",
            train_records=f"{prepared.records}/train-*",
            eval_records=f"{prepared.records}/val-*",
            batch_size=2,
            steps=1,
        ),
        tmp_path / "config",
    )

    assert training.warm_start is not None
    assert training.warm_start.fresh == ("tram",)
    source, target = (
        opened(folder) for folder in (zoo_checkpoint, training.config.parent)
    )
    assert_same_answers(source, target, {0: 0, 1: 4, 3: 1}, side=300)


def opened(folder: Path) -> Any:
    config = read_pipeline(folder / "pipeline.config").model
    model = build_model(config, is_training=False)
    restore(model, find_checkpoint(folder))
    return model


def assert_same_answers(
    source: Any, target: Any, columns: dict[int, int], side: int
) -> None:
    """Compares raw boxes, and logits by the target's class column."""
    image = tf.random.stateless_uniform((1, side, side, 3), (1, 2), 0, 255)
    boxes, logits = predict(source, image)
    target_boxes, target_logits = predict(target, image)
    np.testing.assert_allclose(target_boxes, boxes, atol=1e-5)
    np.testing.assert_allclose(
        target_logits[..., list(columns)],
        logits[..., list(columns.values())],
        atol=1e-5,
    )
    assert np.ptp(logits) > 0.01, "weights that tell nothing prove nothing"


def predict(model: Any, image: Any) -> tuple[Any, Any]:
    found = model.predict(*model.preprocess(image))
    return (
        found["box_encodings"].numpy(),
        found["class_predictions_with_background"].numpy(),
    )
