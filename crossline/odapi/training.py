"""Training: the API's model, losses, input pipeline and step.

`model_main_tf2` runs the same parts in a loop of its own; ours stands in
`crossline.experiment.loop`. Checkpoints (step, model, optimizer) are those of
`model_main_tf2`, which can go on from them.
"""

from typing import Any

import tensorflow as tf

from crossline.errors import InputError
from crossline.odapi.checkpoint import build_variables, restore_objects
from crossline.odapi.compatibility import seeded_maps
from crossline.odapi.fake_quantization import FakeQuantization, Phase
from crossline.odapi.upstream import (
    inputs,
    model_builder,
    model_lib_v2,
    optimizer_builder,
)


class Trainer:
    """One model with its optimizer and data, ready to make steps.

    Args:
        pipeline: a configured pipeline.config.
        strategy: a `tf.distribute.Strategy`.
        quantize_from: number of the step, the first being 1, from which on
            the model is trained as its int8 file will compute, see
            `crossline.odapi.fake_quantization`; before it the ranges of
            activations are only watched. None for never.

    Raises:
        InputError: the batch does not divide by the replicas, the
            checkpoint to start from does not fit, or the model cannot be
            quantised.
    """

    def __init__(
        self,
        pipeline: Any,
        strategy: Any,
        quantize_from: int | None = None,
    ) -> None:
        self._config = pipeline.train_config
        self._strategy = strategy
        check_batch(self._config.batch_size, strategy.num_replicas_in_sync)
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
        self._quantize_from = quantize_from
        self._phase: Phase = "observing"
        if quantize_from is not None:
            with strategy.scope():
                FakeQuantization(
                    self.model, pipeline.model.ssd.feature_extractor.type
                )
                strategy.run(
                    build_variables, args=(self.model, pipeline.model)
                )
        self._batches = iter(self._dataset(pipeline))
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
    def learning_rate(self) -> float:
        """That of the next step."""
        rate = self._learning_rate
        return float(rate() if callable(rate) else rate)

    def is_finite(self) -> bool:
        """Tells whether all weights are numbers."""
        return bool(self._all_finite())

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

    def _dataset(self, pipeline: Any) -> Any:
        def replica_batches(context: Any) -> Any:
            return inputs.train_input(
                train_config=self._config,
                train_input_config=pipeline.train_input_reader,
                model_config=pipeline.model,
                model=self.model,
                input_context=context,
            ).repeat()

        with self._strategy.scope(), seeded_maps():
            return self._strategy.distribute_datasets_from_function(
                replica_batches
            )

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
