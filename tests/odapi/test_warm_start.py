"""Heads that a checkpoint knows are kept, whatever their kind."""

from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from crossline.odapi.checkpoint import (
    build_model,
    find_checkpoint,
    save_weights,
    weights,
)
from crossline.odapi.pipeline_config import read_pipeline
from crossline.odapi.warm_start import graft, head_columns, transplant
from crossline.records.label_map import LabelMap
from tests.tiny_model import TINY_SSD

SOURCE = LabelMap({1: "person", 3: "car", 4: "motorcycle"})
TARGET = LabelMap({1: "motorcycle", 2: "tram", 3: "person"})


def test_columns_follow_the_names_and_the_background() -> None:
    assert head_columns(SOURCE, TARGET) == {0: 0, 1: 4, 3: 1}


def test_graft_replaces_the_mapped_columns_of_every_anchor() -> None:
    old = np.arange(10, dtype=np.float32)  # 2 anchors of 5 slots
    new = -np.arange(1, 9, dtype=np.float32)  # 2 anchors of 4 slots
    grafted = graft(old, new, {0: 0, 1: 4, 3: 1}, 5, 4)
    assert grafted.tolist() == [0, 4, -3, 1, 5, 9, -7, 6]


def test_kept_classes_have_the_sources_logits(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.config"
    path.write_text(TINY_SSD)
    source_config = read_pipeline(path).model
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
    image = tf.random.stateless_uniform((1, 96, 96, 3), (1, 2), 0, 255)
    boxes, logits = predict(source, image)
    target_boxes, target_logits = predict(target, image)
    np.testing.assert_allclose(target_boxes, boxes, atol=1e-5)
    np.testing.assert_allclose(
        target_logits[..., [0, 1, 3]], logits[..., [0, 4, 1]], atol=1e-5
    )
    assert np.ptp(logits) > 0.01, "weights that tell nothing prove nothing"


def randomize(model: Any) -> None:
    """Gives kernels weights large enough that signals reach the heads."""
    generator = np.random.default_rng(1)
    for variable in weights(model):
        if len(variable.shape) == 4:
            variable.assign(generator.normal(0, 0.5, variable.shape))


def predict(model: Any, image: Any) -> tuple[Any, Any]:
    found = model.predict(*model.preprocess(image))
    return (
        found["box_encodings"].numpy(),
        found["class_predictions_with_background"].numpy(),
    )
