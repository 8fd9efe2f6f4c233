"""Training: the API's model, losses, input pipeline and step.

`model_main_tf2` runs the same parts in a loop that makes a hundred steps at a
time, rounds up to hundreds and saves nothing at its end. The loop here stops
at the exact step, saves there and when it is interrupted, and goes on from
the newest checkpoint of its folder. Checkpoints (step, model, optimizer) and
TensorBoard tags are those of `model_main_tf2`, which can go on from them.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic as _now
from typing import Any

import tensorflow as tf
from tqdm import tqdm

from crossline.command_line import stop_on_interrupt
from crossline.errors import InputError
from crossline.odapi.checkpoint import build_variables, restore_objects
from crossline.odapi.upstream import (
    inputs,
    model_builder,
    model_lib_v2,
    optimizer_builder,
)

_TOTAL_LOSS = "Loss/total_loss"


@dataclass(frozen=True)
class TrainingResult:
    """How a training run ended.

    Attributes:
        step: that the last checkpoint holds.
        losses: of the last step by the API's names; empty without a step.
        steps_per_second: over the whole run, 0.0 without a step.
    """

    step: int
    losses: Mapping[str, float]
    steps_per_second: float


class Trainer:
    """One model with its optimizer and data, ready to make steps.

    Args:
        pipeline: a configured pipeline.config.
        strategy: a `tf.distribute.Strategy`.

    Raises:
        InputError: the batch does not divide by the replicas, or the
            checkpoint to start from does not fit.
    """

    def __init__(self, pipeline: Any, strategy: Any) -> None:
        self._config = pipeline.train_config
        self._strategy = strategy
        _check_batch(self._config.batch_size, strategy.num_replicas_in_sync)
        with strategy.scope():
            self.model = model_builder.build(pipeline.model, is_training=True)
            self.global_step = tf.Variable(
                0,
                trainable=False,
                dtype=tf.int64,
                name="global_step",
                aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
            )
            self._optimizer, (self._learning_rate,) = optimizer_builder.build(
                self._config.optimizer, global_step=self.global_step
            )
            strategy.run(build_variables, args=(self.model, pipeline.model))
        if self._config.fine_tune_checkpoint:
            restore_objects(
                self.model.restore_from_objects(
                    self._config.fine_tune_checkpoint_type
                ),
                self._config.fine_tune_checkpoint,
            )
        self._batches = iter(self._dataset(pipeline))
        self.state = {
            "step": self.global_step,
            "model": self.model,
            "optimizer": self._optimizer,
        }

    @property
    def step(self) -> int:
        """Steps made, those before a resumption included."""
        return int(self.global_step.numpy())

    @property
    def learning_rate(self) -> float:
        """That of the next step."""
        rate = self._learning_rate
        return float(rate() if callable(rate) else rate)

    def _dataset(self, pipeline: Any) -> Any:
        def replica_batches(context: Any) -> Any:
            return inputs.train_input(
                train_config=self._config,
                train_input_config=pipeline.train_input_reader,
                model_config=pipeline.model,
                model=self.model,
                input_context=context,
            ).repeat()

        with self._strategy.scope():
            return self._strategy.distribute_datasets_from_function(
                replica_batches
            )

    @tf.function
    def make_step(self) -> dict[str, Any]:
        """Trains one batch; returns its losses by the API's names."""
        features, labels = next(self._batches)
        losses = self._strategy.run(self._replica_step, (features, labels))
        return {
            name: self._strategy.reduce("SUM", loss, axis=None)
            for name, loss in losses.items()
        }

    def _replica_step(self, features: Any, labels: Any) -> Any:
        config = self._config
        losses = model_lib_v2.eager_train_step(
            self.model,
            features,
            labels,
            config.unpad_groundtruth_tensors,
            self._optimizer,
            training_step=self.global_step,
            add_regularization_loss=config.add_regularization_loss,
            clip_gradients_value=config.gradient_clipping_by_norm or None,
            num_replicas=self._strategy.num_replicas_in_sync,
        )
        self.global_step.assign_add(1)
        return losses


def train(
    pipeline: Any,
    folder: Path,
    strategy: Any,
    *,
    checkpoint_every: int = 1000,
    keep: int = 7,
    log_every: int = 10,
) -> TrainingResult:
    """Trains to the config's `num_steps`, from where `folder` stands.

    Args:
        pipeline: a configured pipeline.config.
        folder: gets ``ckpt-N`` files, N being the step, and TensorBoard's
            ``train/``.
        strategy: a `tf.distribute.Strategy`.
        checkpoint_every: steps between two checkpoints.
        keep: how many checkpoints stay, the newest ones.
        log_every: steps between two points in TensorBoard.

    Raises:
        InputError: see `Trainer`; the loss is no number; or the folder is
            of another model.
        KeyboardInterrupt: after the state was saved.
    """
    trainer = Trainer(pipeline, strategy)
    manager = tf.train.CheckpointManager(
        tf.train.Checkpoint(**trainer.state), str(folder), max_to_keep=keep
    )
    if manager.latest_checkpoint:
        restore_objects(trainer.state, manager.latest_checkpoint)
    steps = pipeline.train_config.num_steps
    first, started = trainer.step, _now()
    losses: dict[str, float] = {}
    writer = tf.summary.create_file_writer(str(folder / "train"))
    bar = tqdm(
        total=steps, initial=first, desc="training", unit="step", disable=None
    )
    with (
        writer.as_default(),
        bar,
        stop_on_interrupt() as is_interrupted,
        _saved_at_exit(trainer, manager),
    ):
        while trainer.step < steps and not is_interrupted():
            tensors = trainer.make_step()
            step = trainer.step
            bar.update()
            if step % log_every == 0 or step == steps:
                losses = {name: float(loss) for name, loss in tensors.items()}
                _refuse_divergence(losses, step)
                _log(trainer, losses, (step - first) / (_now() - started))
                bar.set_postfix(loss=f"{losses[_TOTAL_LOSS]:.3f}")
            if step % checkpoint_every == 0:
                manager.save(checkpoint_number=step)
    if is_interrupted():
        raise KeyboardInterrupt
    made = trainer.step - first
    return TrainingResult(
        trainer.step, losses, made / (_now() - started) if made else 0.0
    )


def _check_batch(batch_size: int, replicas: int) -> None:
    if batch_size % replicas:
        raise InputError(
            "batch_size",
            f"{batch_size} does not divide by {replicas} replicas",
            remedy=f"choose a multiple of {replicas}",
        )


@contextlib.contextmanager
def _saved_at_exit(trainer: Trainer, manager: Any) -> Iterator[None]:
    """Saves the last step, also when the body is interrupted.

    A step that fails is counted all the same, so it is not saved.
    """
    try:
        yield
    except (InputError, tf.errors.OpError):
        raise
    except BaseException:
        _save(trainer, manager)
        raise
    else:
        _save(trainer, manager)


def _save(trainer: Trainer, manager: Any) -> None:
    saved = manager.latest_checkpoint or ""
    if not saved.endswith(f"ckpt-{trainer.step}"):
        manager.save(checkpoint_number=trainer.step)


def _refuse_divergence(losses: Mapping[str, float], step: int) -> None:
    total = losses[_TOTAL_LOSS]
    if not abs(total) < float("inf"):
        raise InputError(
            "training",
            f"the loss is {total} at step {step}",
            remedy="lower the learning rate; the last checkpoint is good",
        )


def _log(
    trainer: Trainer, losses: Mapping[str, float], steps_per_second: float
) -> None:
    for name, loss in losses.items():
        tf.summary.scalar(name, loss, step=trainer.step)
    tf.summary.scalar(
        "learning_rate", trainer.learning_rate, step=trainer.step
    )
    tf.summary.scalar("steps_per_sec", steps_per_second, step=trainer.step)
