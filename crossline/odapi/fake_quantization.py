"""Quantization-aware training: a model that computes as its int8 file will.

tensorflow-model-optimization quantises functional Keras models only; the
API's are functional in their backbone alone. Here their layers stay what and
where they are, and so do the names in checkpoints; what they compute is
rounded as TFLite rounds it:

- kernels to int8, symmetric, with a scale per output channel. Rounding so
  commutes with the scale that batch norm gives a channel, so the rounded
  kernel is the one that TFLite folds batch norm into, and nothing is folded
  while training;
- activations to 8 bits between a minimum and a maximum of the whole tensor,
  wherever TFLite will keep one: behind a convolution with its batch norm and
  activation, behind sums, at the model's input and outputs. Training learns
  these ranges; they are the only new variables.

After Jacob et al., Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference, 2018 (https://arxiv.org/abs/1712.05877) and
TensorFlow Lite's 8-bit quantization specification.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Literal

import tensorflow as tf

from crossline.errors import InputError
from crossline.odapi.rounding import (
    Range,
    quantize_depthwise,
    quantize_kernel,
    replica_variable,
)

Phase = Literal["observing", "training", "fixed"]
"""`observing` learns ranges but rounds nothing, `training` does both,
`fixed` rounds by the ranges as they are."""

_EXTRACTORS = (
    "ssd_mobilenet_v1_keras",
    "ssd_mobilenet_v1_fpn_keras",
    "ssd_mobilenet_v2_keras",
    "ssd_mobilenet_v2_fpn_keras",
)
_SLOWEST = 0.01
"""Ranges are the mean over the first hundred batches, then follow by this."""

_OUTPUTS = ("box_encodings", "class_predictions_with_background")
_ACTIVATIONS = (tf.compat.v1.nn.relu, tf.compat.v1.nn.relu6)
_BatchNormalization = tf.compat.v1.keras.layers.BatchNormalization


class FakeQuantization(tf.Module):  # type: ignore[misc]
    """Makes a model round what it computes, and holds the ranges.

    It becomes the model's attribute `quantization`, so that whatever saves
    the model saves the ranges.

    Args:
        model: the API's, built. Its layers are changed; call it once more
            before the ranges are restored.
        extractor: type of the feature extractor.

    Attributes:
        phase: what the next call of the model does; functions that were
            traced before a change of it must be traced anew.
        ranges: by the place in the model.
        batches: that the ranges have seen.

    Raises:
        InputError: a model whose layers are not known here.
    """

    def __init__(self, model: Any, extractor: str) -> None:
        super().__init__()
        if extractor not in _EXTRACTORS:
            raise InputError(
                "quantization-aware training",
                f"does not know {extractor}",
                remedy=f"it knows {', '.join(_EXTRACTORS)}",
            )
        self.phase: Phase = "fixed"
        self.ranges: dict[str, Range] = {}
        self.batches = replica_variable(0.0)
        self._names: set[str] = set()
        for layer in _layers(model):
            self._quantize_layer(layer)
        for layer in _ends_without_activation(model):
            self._quantize_output(layer)
        for layer in _after_lateral_sums(model):
            self._quantize_input(layer)
        self._quantize_model(model)
        model.quantization = self

    def quantize(self, name: str, values: Any) -> Any:
        """Rounds a tensor to 8 bits between the ends of its range."""
        if name not in self.ranges:
            self.ranges[name] = Range()
        span = self.ranges[name]
        if self.phase != "fixed":
            rate = tf.maximum(1 / (self.batches + 1), _SLOWEST)
            span.follow(values, rate)
        return values if self.phase == "observing" else span.round(values)

    def _quantize_layer(self, layer: Any) -> None:
        keras = tf.keras.layers
        if isinstance(layer, keras.SeparableConv2D):
            name = self._name_of(layer)
            _wrap(layer, lambda _, x: self._separable(layer, name, x))
        elif isinstance(layer, keras.DepthwiseConv2D):
            self._quantize_kernel(layer, "depthwise_kernel")
        elif isinstance(layer, keras.Conv2D):
            self._quantize_kernel(layer, "kernel")
        elif (
            isinstance(layer, keras.Add)
            or _is_activation(layer)
            or _is_linear_bottleneck(layer)
        ):
            self._quantize_output(layer)

    def _kernel(self, layer: Any, name: str) -> Any:
        kernel = getattr(layer, name)
        if self.phase == "observing":
            return kernel
        is_depthwise = name == "depthwise_kernel"
        return (quantize_depthwise if is_depthwise else quantize_kernel)(
            kernel
        )

    def _quantize_kernel(self, layer: Any, name: str) -> None:
        def around(call: Any, inputs: Any) -> Any:
            with _replaced(layer, name, self._kernel(layer, name)):
                return call(inputs)

        _wrap(layer, around)

    def _quantize_output(self, layer: Any) -> None:
        name = self._name_of(layer)
        _wrap(
            layer,
            lambda call, *inputs, **options: self.quantize(
                name, call(*inputs, **options)
            ),
        )

    def _quantize_input(self, layer: Any) -> None:
        name = f"{self._name_of(layer)}_input"
        _wrap(layer, lambda call, x: call(self.quantize(name, x)))

    def _separable(self, layer: Any, name: str, inputs: Any) -> Any:
        """TFLite makes two convolutions of it, with a tensor between them.

        A layer that feature maps share has a range for each of their sizes.
        """
        depthwise = tf.nn.depthwise_conv2d(
            inputs,
            self._kernel(layer, "depthwise_kernel"),
            (1, *layer.strides, 1),
            layer.padding.upper(),
        )
        height, width = depthwise.shape[1:3]
        pointwise = tf.nn.conv2d(
            self.quantize(f"{name}_{height}x{width}", depthwise),
            self._kernel(layer, "pointwise_kernel"),
            1,
            "VALID",
        )
        if layer.use_bias:
            pointwise = tf.nn.bias_add(pointwise, layer.bias)
        return pointwise

    def _quantize_model(self, model: Any) -> None:
        predict = model.predict

        def quantized(images: Any, *arguments: Any, **options: Any) -> Any:
            images = self.quantize("input", images)
            predictions = predict(images, *arguments, **options)
            for name in _OUTPUTS:
                predictions[name] = self.quantize(name, predictions[name])
            if self.phase != "fixed":
                self.batches.assign_add(1.0)
            return predictions

        model.predict = quantized

    def _name_of(self, layer: Any) -> str:
        """Returns a name; the API has layers that share theirs."""
        name, number = str(layer.name), 1
        while name in self._names:
            number += 1
            name = f"{layer.name}_{number}"
        self._names.add(name)
        return name


def is_quantization_aware(prefix: str) -> bool:
    """Tells whether a checkpoint holds learnt ranges.

    Raises:
        InputError: the checkpoint is damaged.
    """
    try:
        variables = tf.train.list_variables(prefix)
    except tf.errors.OpError as error:
        raise InputError(
            f"{prefix}.index",
            "is damaged",
            remedy="fetch or train it again",
        ) from error
    return any(name.startswith("model/quantization/") for name, _ in variables)


@contextlib.contextmanager
def _replaced(layer: Any, name: str, value: Any) -> Iterator[None]:
    """Sets an attribute past Keras, which would track it as a weight."""
    original = layer.__dict__[name]
    layer.__dict__[name] = value
    try:
        yield
    finally:
        layer.__dict__[name] = original


def _wrap(layer: Any, around: Callable[..., Any]) -> None:
    """Has `around(call, *inputs)` computed where `call(*inputs)` was."""
    call = layer.call

    @tf.autograph.experimental.do_not_convert
    def wrapped(*inputs: Any, **options: Any) -> Any:
        return around(call, *inputs, **options)

    layer.call = wrapped


def _layers(model: Any) -> list[Any]:
    """Returns the layers that hold no others, in a fixed order."""
    return [
        layer
        for part in (model.feature_extractor, model._box_predictor)
        for layer in part.submodules
        if isinstance(layer, tf.keras.layers.Layer)
        and not any(
            isinstance(inner, tf.keras.layers.Layer)
            for inner in layer.submodules
        )
    ]


def _is_activation(layer: Any) -> bool:
    return getattr(layer, "function", None) in _ACTIVATIONS


def _is_linear_bottleneck(layer: Any) -> bool:
    """Tells whether batch norm of the backbone has no activation behind it.

    Only functional models know what is behind; elsewhere an activation is.
    """
    followers = [node.layer for node in layer.outbound_nodes]
    return (
        isinstance(layer, _BatchNormalization)
        and bool(followers)
        and not any(_is_activation(follower) for follower in followers)
    )


def _ends_without_activation(model: Any) -> list[Any]:
    """Returns projections to one depth: they have no activation."""
    pyramid = getattr(model.feature_extractor, "_fpn_features_generator", None)
    blocks = getattr(model._box_predictor, "_additional_projection_layers", [])
    if pyramid is not None:
        blocks = [*blocks, pyramid.top_layers, *pyramid.residual_blocks]
    return [block[-1] for block in blocks if block]


def _after_lateral_sums(model: Any) -> list[Any]:
    """Returns what follows the pyramid's sums, which are no layers."""
    pyramid = getattr(model.feature_extractor, "_fpn_features_generator", None)
    return [block[0] for block in pyramid.conv_layers] if pyramid else []
