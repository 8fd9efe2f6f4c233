"""A rounded student learns to answer as its float teacher does."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from crossline.errors import InputError
from crossline.odapi.checkpoint import build_model, save_weights, weights
from crossline.odapi.distillation import distance, teacher_of
from crossline.odapi.fake_quantization import Phase
from crossline.odapi.pipeline_config import read_pipeline
from crossline.odapi.training import Trainer
from scripts import train
from tests.odapi.conftest import Chain, randomize

CLASSES, BOXES, TOTAL = (
    f"Loss/{name}_loss" for name in ("classification", "localization", "total")
)
STEPS = 50


@pytest.fixture(scope="module")
def pipeline(prepared: Chain, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Starts from weights that say something; it has dropout and crops."""
    read = read_pipeline(prepared.config)
    model = build_model(read.model, is_training=False)
    randomize(model)
    folder = tmp_path_factory.mktemp("distillation")
    config = read.train_config
    config.fine_tune_checkpoint = save_weights(model, folder / "checkpoint")
    momentum = config.optimizer.momentum_optimizer
    cosine = momentum.learning_rate.cosine_decay_learning_rate
    cosine.learning_rate_base = cosine.warmup_learning_rate = 0.0001
    cosine.total_steps = STEPS
    return read


@pytest.fixture(scope="module")
def trainer(pipeline: Any) -> Trainer:
    return distilling(pipeline)


def distilling(pipeline: Any, replicas: int = 1) -> Trainer:
    devices = [f"CPU:{k}" for k in range(replicas)]
    return Trainer(
        pipeline,
        tf.distribute.MirroredStrategy(devices),
        quantize_from=1,
        distill=True,
    )


def losses(trainer: Trainer, phase: Phase) -> dict[str, float]:
    """Returns those of the next batch; nothing is learnt from it."""
    trainer.model.quantization.phase = phase
    strategy = trainer._strategy
    shares, _ = strategy.run(trainer._losses, args=next(trainer._batches))
    return {
        name: float(strategy.reduce("SUM", share, axis=None))
        for name, share in shares.items()
    }


SAME = {CLASSES: 0, BOXES: 0, TOTAL: 0}


def test_a_student_that_does_not_round_is_its_teacher(
    trainer: Trainer,
) -> None:
    """Whatever the config says of batch norm and dropout."""
    assert losses(trainer, "observing") == pytest.approx(SAME, abs=1e-5)


def test_replicas_share_a_teacher(pipeline: Any) -> None:
    two = distilling(pipeline, replicas=2)
    assert losses(two, "observing") == pytest.approx(SAME, abs=1e-5)


def test_it_learns_to_answer_as_its_teacher_who_never_moves(
    trainer: Trainer,
) -> None:
    before = [variable.numpy() for variable in weights(trainer.teacher)]
    batches = [trainer.next_batch()[0]["image"] for _ in range(6)]
    for _ in range(5):  # Ranges first.
        losses(trainer, "observing")
    at_first = far_from_teacher(trainer, batches)
    for _ in range(STEPS):
        trainer.make_step()
    assert far_from_teacher(trainer, batches) < 0.9 * at_first
    for start, now in zip(before, weights(trainer.teacher), strict=True):
        np.testing.assert_array_equal(now, start)


def far_from_teacher(trainer: Trainer, batches: Sequence[Any]) -> float:
    """Returns the mean of several batches: a single one tells little."""
    trainer.model.quantization.phase = "fixed"
    losses_of = [
        distance(
            trainer.model.predict(images, None),
            trainer.teacher.predict(images, None),
        )
        for images in batches
    ]
    return float(np.mean([each[TOTAL] for each in losses_of]))


def test_its_checkpoint_holds_nothing_of_the_teacher(
    trainer: Trainer, tmp_path: Path
) -> None:
    size = sum(np.prod(v.shape) for v in weights(trainer.model))
    saved = tf.train.Checkpoint(**trainer.state).write(str(tmp_path / "state"))
    momentum = sum(np.prod(v.shape) for v in trainer.model.trainable_variables)
    stored = sum(np.prod(s or 1) for _, s in tf.train.list_variables(saved))
    assert size + momentum <= stored < size + momentum + 1000


def test_the_distance_of_two_answers() -> None:
    """One anchor that is surely nothing, one that is probably the class."""
    wanted = predictions(logits=[-20, np.log(3)], boxes=[[0] * 4, [1] * 4])
    found = predictions(logits=[-20, 0], boxes=[[9] * 4, [1, 1, 1, 3]])
    losses = distance(found, wanted)
    # Scores of 0.75 and 0.5, and what the teacher sees in all is 0.75.
    divergence = 0.75 * np.log(0.75 / 0.5) + 0.25 * np.log(0.25 / 0.5)
    assert float(losses[CLASSES]) == pytest.approx(divergence / 0.75, rel=1e-4)
    assert float(losses[BOXES]) == pytest.approx(2.0**2 / 2, rel=1e-4)
    assert float(losses[TOTAL]) == losses[CLASSES] + losses[BOXES]


def predictions(logits: list[float], boxes: list[list[float]]) -> Any:
    """Returns those of one class, of one image."""
    classes = tf.constant(logits, tf.float32)[None, :, None]
    background = tf.zeros_like(classes)
    return {
        "class_predictions_with_background": tf.concat(
            [background, classes], axis=-1
        ),
        "box_encodings": tf.constant([boxes], tf.float32),
    }


@pytest.mark.parametrize("kind", ["", "detection"])
def test_without_a_checkpoint_of_these_classes_nobody_teaches(
    pipeline: Any, kind: str
) -> None:
    untaught = type(pipeline)()
    untaught.CopyFrom(pipeline)
    untaught.train_config.fine_tune_checkpoint_type = kind
    with pytest.raises(InputError, match="train in float first"):
        teacher_of(untaught)


def test_a_class_that_it_has_not_learnt_it_cannot_teach(
    prepared: Chain,
) -> None:
    with pytest.raises(InputError, match="has never learnt tram; train in"):
        teacher_of(read_pipeline(prepared.config))


def test_distillation_is_for_quantization(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit, match="2"):
        train.main(["--config", "c", "--output", "o", "--distill"])
    assert "--distill needs --quantize-from" in capsys.readouterr().err
