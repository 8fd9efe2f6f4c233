"""One step of ours is the API's, on one device or several."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import tensorflow as tf
from google.protobuf import text_format

from crossline.odapi.balance import balance_of
from crossline.odapi.checkpoint import (
    build_model,
    restore,
    save_weights,
    weights,
)
from crossline.odapi.fake_quantization import Phase
from crossline.odapi.frozen_batch_norm import fold_frozen_batch_norm
from crossline.odapi.input_pipeline import train_batches
from crossline.odapi.pipeline_config import read_pipeline
from crossline.odapi.training import Trainer
from crossline.odapi.upstream import model_lib_v2
from crossline.records.label_map import LabelMap
from tests.odapi.conftest import Chain, randomize
from tests.tiny_model import tiny_fpn

TOTAL = "Loss/total_loss"
Batch = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def pipeline(prepared: Chain, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Batch norm is frozen; two images a step; signals reach the heads."""
    read = read_pipeline(prepared.config)
    read.model.ssd.freeze_batchnorm = True
    heads = read.model.ssd.box_predictor.convolutional_box_predictor
    heads.use_dropout = False
    model = build_model(read.model, is_training=False)
    randomize(model)
    start = save_weights(model, tmp_path_factory.mktemp("step") / "checkpoint")
    read.train_config.fine_tune_checkpoint = start
    cosine = read.train_config.optimizer.momentum_optimizer.learning_rate
    cosine.cosine_decay_learning_rate.learning_rate_base = 0.01
    return read


class Stepped(NamedTuple):
    """A trainer on one CPU that has made steps of one batch."""

    trainer: Trainer
    batch: Batch
    losses: list[float]


@pytest.fixture(scope="module")
def ours(pipeline: Any) -> Stepped:
    """Makes two steps of a batch of two identical halves."""
    trainer = Trainer(pipeline, on_cpus(1))
    batch = halves(trainer.next_batch())
    return Stepped(trainer, batch, trained(trainer, batch))


@pytest.fixture(autouse=True, scope="module")
def _inputs_end_with_their_tests() -> Iterator[None]:
    """Threads of tf.data that outlive Python's end break the process."""
    yield
    gc.collect()


def on_cpus(count: int) -> Any:
    return tf.distribute.MirroredStrategy([f"CPU:{k}" for k in range(count)])


def halves(batch: Batch) -> Batch:
    """Returns a batch whose second image is its first once more."""
    features, labels = tf.nest.map_structure(
        lambda each: tf.repeat(each[:1], 2, axis=0), batch
    )
    return features, labels


def trained(trainer: Trainer, batch: Batch, steps: int = 2) -> Any:
    """Makes steps of one batch that the replicas share; returns losses."""
    strategy = trainer._strategy
    replicas = strategy.num_replicas_in_sync
    shares = strategy.experimental_distribute_values_from_function(
        lambda context: tf.nest.map_structure(
            lambda each: tf.split(each, replicas)[
                context.replica_id_in_sync_group
            ],
            batch,
        )
    )

    def step() -> Any:
        losses = strategy.run(trainer._replica_step, args=shares)
        return strategy.reduce("SUM", losses[TOTAL], axis=None)

    return [float(step()) for _ in range(steps)]


def test_one_and_two_replicas_agree_on_a_batch_of_identical_halves(
    ours: Stepped, pipeline: Any
) -> None:
    losses = trained(Trainer(pipeline, on_cpus(2)), ours.batch)
    np.testing.assert_allclose(losses, ours.losses, rtol=1e-5)


def test_steps_are_the_apis(
    ours: Stepped, pipeline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where ours fold batch norm and the API's do not."""
    module = "crossline.odapi.training.fold_frozen_batch_norm"
    monkeypatch.setattr(module, lambda model: 0)
    theirs = Trainer(pipeline, on_cpus(1))
    before = [variable.numpy() for variable in weights(theirs.model)]

    def api_step() -> Any:
        return model_lib_v2.eager_train_step(
            theirs.model,
            *ours.batch,
            unpad_groundtruth_tensors=True,
            optimizer=theirs._optimizer,
            training_step=theirs.global_step,
        )[TOTAL]

    losses = []
    with theirs._strategy.scope():
        for _ in range(2):
            losses.append(float(theirs._strategy.run(api_step)))
            theirs.global_step.assign_add(1)
    assert losses == pytest.approx(ours.losses, rel=1e-5)
    assert losses[0] != pytest.approx(losses[1], rel=1e-4)
    moved = 0
    for start, mine, other in zip(
        before, weights(ours.trainer.model), weights(theirs.model), strict=True
    ):
        learnt = np.linalg.norm(other - start)
        assert np.linalg.norm(mine - other) <= 1e-3 * learnt + 1e-7
        moved += bool(learnt > 1e-3)
    assert moved > 100, "weights that stay prove nothing"


def test_checkpoints_of_a_folded_model_are_those_of_a_plain_one(
    ours: Stepped, pipeline: Any, tmp_path: Path
) -> None:
    """A plain model that is filled with them answers the same."""
    saved = save_weights(ours.trainer.model, tmp_path / "folded")
    model = build_model(pipeline.model, is_training=False)
    plain = save_weights(model, tmp_path / "plain")
    names, plain_names = (
        {name for name, _ in tf.train.list_variables(prefix)}
        for prefix in (saved, plain)
    )
    # A count of steps that the API gives to any model that it trains.
    assert {name.split("/")[1] for name in names - plain_names} == {
        "_training_step"
    }
    assert names >= plain_names
    restore(model, saved)
    image = tf.random.stateless_uniform((1, 96, 96, 3), (1, 2), -1, 1)
    assert_same_predictions(ours.trainer.model, model, image)


@pytest.mark.parametrize(
    ("extractor", "folded"),
    [
        # V1: a convolution, then 13 pairs.
        pytest.param("ssd_mobilenet_v1_fpn_keras", 27, id="V1 FPN"),
        # V2: a convolution, 17 blocks of three but one of two, a last one.
        pytest.param("ssd_mobilenet_v2_fpn_keras", 52, id="V2 FPNLite"),
    ],
)
def test_every_convolution_of_a_backbone_is_folded(
    prepared: Chain, extractor: str, folded: int
) -> None:
    config = read_pipeline(prepared.config).model
    config.ssd.ClearField("box_predictor")
    config.ssd.ClearField("anchor_generator")
    text_format.Merge(tiny_fpn(extractor, use_depthwise=True), config.ssd)
    config.ssd.freeze_batchnorm = True
    plain, other = (build_model(config, is_training=True) for _ in range(2))
    randomize(plain)
    for variable, value in zip(weights(other), weights(plain), strict=True):
        variable.assign(value)
    assert fold_frozen_batch_norm(other) == folded
    image = tf.random.stateless_uniform((1, 96, 96, 3), (1, 2), -1, 1)
    assert_same_predictions(other, plain, image)


def test_batch_norm_that_learns_is_not_folded(prepared: Chain) -> None:
    config = read_pipeline(prepared.config).model
    assert not config.ssd.freeze_batchnorm
    model = build_model(config, is_training=True)
    assert fold_frozen_batch_norm(model) == 0


def test_class_weights_reach_the_loss(ours: Stepped, pipeline: Any) -> None:
    # Cars are all there is, so the mean of 1 is lifted by a tram.
    balance = balance_of(
        {"car": 1, "tram": 1},
        LabelMap.from_names(["car", "tram"]),
        {"car": 3.0},
        "loss",
    )
    batches = train_batches(pipeline, ours.trainer.model, balance=balance)
    weighed, plain = next(iter(batches))[1], ours.batch[1]
    key = "groundtruth_weights"
    assert plain[key].numpy().max() == 1
    np.testing.assert_allclose(weighed[key].numpy().max(), 1.5)


def test_labels_teach_a_rounded_model(ours: Stepped, pipeline: Any) -> None:
    """Its first step, which watches, is a float model's; then it rounds."""
    trainer = Trainer(pipeline, on_cpus(1), quantize_from=2)
    kernels = [
        each
        for each in trainer.model.trainable_variables
        if "kernel" in each.name
    ]
    before = [kernel.numpy() for kernel in kernels]
    losses = []
    phases: list[Phase] = ["observing", "training"]
    for phase in phases:
        trainer.model.quantization.phase = phase
        losses += trained(trainer, ours.batch, steps=1)
    assert losses[0] == pytest.approx(ours.losses[0], rel=1e-5)
    assert losses[1] != pytest.approx(ours.losses[1], rel=1e-5)
    assert losses[1] == pytest.approx(ours.losses[1], rel=0.2)
    for start, kernel in zip(before, kernels, strict=True):
        assert not np.array_equal(start, kernel.numpy()), kernel.name
    for span in trainer.model.quantization.ranges.values():
        assert float(span.low.read_value()) < float(span.high.read_value())


def test_bfloat16_is_of_activations_alone(
    ours: Stepped, pipeline: Any
) -> None:
    other = Trainer(pipeline, on_cpus(1), precision="bfloat16")
    (loss,) = trained(other, ours.batch, steps=1)
    assert loss == pytest.approx(ours.losses[0], rel=0.05)
    assert loss != pytest.approx(ours.losses[0], rel=1e-6)
    assert {v.dtype for v in weights(other.model)} == {tf.float32}


def assert_same_predictions(one: Any, other: Any, image: Any) -> None:
    found, expected = (
        model.predict(image, tf.constant([[96, 96, 3]]))
        for model in (one, other)
    )
    for name in ("box_encodings", "class_predictions_with_background"):
        span = np.ptp(expected[name])
        assert span > 0.01, "the same everywhere"
        assert np.abs(found[name] - expected[name]).max() < 1e-4 * span
