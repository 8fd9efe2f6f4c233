"""Training: the API's model, losses, input pipeline and optimizer.

`model_main_tf2` runs the same parts in a loop of its own; ours stands in
`crossline.experiment.loop`. Checkpoints (step, model, optimizer) are those of
`model_main_tf2`, which can go on from them.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Literal

import tensorflow as tf

from crossline.errors import InputError
from crossline.odapi.balance import Balance
from crossline.odapi.checkpoint import build_variables, restore_objects
from crossline.odapi.distillation import distance, teacher_of
from crossline.odapi.distribution import agreed
from crossline.odapi.fake_quantization import FakeQuantization, Phase
from crossline.odapi.frozen_batch_norm import fold_frozen_batch_norm
from crossline.odapi.input_pipeline import train_batches
from crossline.odapi.upstream import (
    model_builder,
    model_lib,
    model_lib_v2,
    optimizer_builder,
)

Precision = Literal["float32", "bfloat16"]
_TOTAL_LOSS = "Loss/total_loss"


class Trainer:
    """One model with its optimizer and data, ready to make steps.

    Args:
        pipeline: a configured pipeline.config.
        strategy: a `tf.distribute.Strategy`.
        quantize_from: number of the step, the first being 1, from which on
            the model is trained as its int8 file will compute, see
            `crossline.odapi.fake_quantization`; before it the ranges of
            activations are only watched. None for never.
        distill: learn from the answers of the float checkpoint that the
            config starts from, see `crossline.odapi.distillation`, instead
            of from labels. Batch norm is frozen then, and nothing dropped.
        balance: how classes count; None for all the same.
        precision: of activations; weights and losses are float32.
        xla: compile losses and gradients. For GPUs: on a CPU it takes
            several times as long.

    Raises:
        InputError: the batch does not divide by the replicas, the
            checkpoint to start from does not fit, or the model cannot be
            quantised.
    """

    def __init__(
        self,
        pipeline: Any,
        strategy: Any,
        *,
        quantize_from: int | None = None,
        distill: bool = False,
        balance: Balance | None = None,
        precision: Precision = "float32",
        xla: bool = False,
    ) -> None:
        self._config = pipeline.train_config
        self._strategy = strategy
        self._xla = xla
        # XLA needs to know shapes; boxes that only pad weigh nothing.
        self._unpads = self._config.unpad_groundtruth_tensors and not xla
        check_batch(self._config.batch_size, strategy.num_replicas_in_sync)
        with strategy.scope(), _policy_of(precision):
            self.model = model_builder.build(
                pipeline.model, is_training=not distill
            )
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
        self.teacher: Any = teacher_of(pipeline) if distill else None
        self._quantize_from = quantize_from
        self._phase: Phase = "observing"
        if quantize_from is None:
            fold_frozen_batch_norm(self.model)
        else:
            with strategy.scope():
                FakeQuantization(
                    self.model, pipeline.model.ssd.feature_extractor.type
                )
                strategy.run(
                    build_variables, args=(self.model, pipeline.model)
                )
        with strategy.scope():
            self._batches = iter(
                strategy.distribute_datasets_from_function(
                    lambda context: train_batches(
                        pipeline, self.model, context, balance
                    )
                )
            )
        self.state = {
            "step": self.global_step,
            "model": self.model,
            "optimizer": self._optimizer,
        }

    @property
    def step(self) -> int:
        """Steps made, those before a resumption included.

        On a GPU, asking waits for all that is under way.
        """
        return int(self.global_step.numpy())

    @property
    def rounds(self) -> bool:
        """Whether it trains for int8."""
        return self._quantize_from is not None

    @property
    def learning_rate(self) -> float:
        """That of the next step."""
        rate = self._learning_rate
        return float(rate() if callable(rate) else rate)

    def is_finite(self) -> bool:
        """Tells whether all weights are numbers."""
        return bool(self._all_finite())

    def agreed(self, is_true: Callable[[], bool]) -> Callable[[], bool]:
        """Returns a condition on which all workers act at once.

        See `crossline.odapi.distribution.agreed`.
        """
        return agreed(self._strategy, is_true)

    def next_batch(self) -> tuple[Any, Any]:
        """Takes a batch off the input; returns one replica's part of it.

        Returns:
            Features and labels by the API's names, as `inputs.train_input`
            describes them.
        """
        features, labels = tf.nest.map_structure(
            lambda each: self._strategy.experimental_local_results(each)[0],
            next(self._batches),
        )
        return features, labels

    @tf.function
    def _all_finite(self) -> Any:
        variables = self.model.trainable_variables
        finite = [tf.reduce_all(tf.math.is_finite(v)) for v in variables]
        return tf.reduce_all(tf.stack(finite))

    def make_step(self) -> dict[str, Any]:
        """Trains one batch; returns its losses by the API's names."""
        start = self._quantize_from
        if start is not None and self._phase != "training":
            self._phase = "training" if self.step + 1 >= start else "observing"
        losses: dict[str, Any] = self._make_step(self._phase)
        return losses

    @tf.function
    def _make_step(self, phase: Phase) -> dict[str, Any]:
        """Is traced anew for each phase."""
        if self._quantize_from is not None:
            self.model.quantization.phase = phase
        features, labels = next(self._batches)
        losses = self._strategy.run(self._replica_step, (features, labels))
        return {
            name: self._strategy.reduce("SUM", loss, axis=None)
            for name, loss in losses.items()
        }

    def _replica_step(self, features: Any, labels: Any) -> Any:
        compute = self._losses
        if self._xla:
            # A new function in every trace: the phase may be another.
            compute = tf.function(compute, jit_compile=True)
        losses, gradients = compute(features, labels)
        if norm := self._config.gradient_clipping_by_norm:
            gradients, _ = tf.clip_by_global_norm(gradients, norm)
        self._optimizer.apply_gradients(
            zip(gradients, self.model.trainable_variables, strict=True)
        )
        self.global_step.assign_add(1)
        return losses

    def _losses(self, features: Any, labels: Any) -> tuple[Any, Any]:
        """Does what `model_lib_v2.eager_train_step` does first.

        Returns:
            This replica's share of the losses, and the gradients of it.
        """
        tf.keras.backend.set_learning_phase(self.teacher is None)
        inputs = features["image"], features["true_image_shape"]
        wanted = self.teacher and self.teacher.predict(*inputs)
        with tf.GradientTape() as tape:
            if wanted is None:
                losses = self._losses_by_labels(features, labels)
            else:
                losses = distance(self.model.predict(*inputs), wanted)
            losses = model_lib_v2.normalize_dict(
                losses, self._strategy.num_replicas_in_sync
            )
        variables = self.model.trainable_variables
        return losses, tape.gradient(losses[_TOTAL_LOSS], variables)

    def _losses_by_labels(self, features: Any, labels: Any) -> Any:
        losses, _ = model_lib_v2._compute_losses_and_predictions_dicts(
            self.model,
            features,
            model_lib.unstack_batch(labels, self._unpads),
            training_step=self.global_step,
            add_regularization_loss=self._config.add_regularization_loss,
        )
        return losses


@contextlib.contextmanager
def _policy_of(precision: Precision) -> Iterator[None]:
    """Lets layers that are made meanwhile compute in a precision."""
    mixed = tf.keras.mixed_precision
    former = mixed.global_policy()
    if precision != "float32":
        mixed.set_global_policy(f"mixed_{precision}")
    try:
        yield
    finally:
        mixed.set_global_policy(former)


def check_batch(batch_size: int, replicas: int) -> None:
    """Makes sure that replicas can share a batch.

    Raises:
        InputError: it does not divide by them.
    """
    if batch_size % replicas:
        raise InputError(
            "batch_size",
            f"{batch_size} does not divide by {replicas} replicas",
            remedy=f"choose a multiple of {replicas}",
        )
