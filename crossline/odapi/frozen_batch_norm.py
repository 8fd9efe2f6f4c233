"""Frozen batch norm, folded into the convolution before it.

With its statistics frozen, batch norm multiplies each channel by one number
and adds another: what a convolution's kernel and a bias can do in passing.
TensorFlow runs it as an operation of its own, forwards and backwards, which
takes more of a CPU's time than the convolutions. The variables stay
where they are, gamma and beta learn as before, and the numbers are the same
but for rounding; only the order of the arithmetic changes.
"""

from typing import Any

import tensorflow as tf

from crossline.odapi.upstream import freezable_batch_norm


def fold_frozen_batch_norm(model: Any) -> int:
    """Lets a built model compute its frozen batch norms the short way.

    Only pairs of layers in the feature extractor's functional graph are
    folded, which are most of them, and all of the large ones.

    Args:
        model: the API's detection model, before its step is traced.

    Returns:
        How many were folded.
    """
    norms = [
        layer
        for layer in model.feature_extractor.submodules
        if isinstance(layer, freezable_batch_norm.FreezableBatchNorm)
        and layer._training is False
    ]
    pairs = [(_layer_before(norm), norm) for norm in norms]
    foldable = [(layer, norm) for layer, norm in pairs if _can_fold(layer)]
    for layer, norm in foldable:
        _fold(layer, norm)
    return len(foldable)


def _layer_before(norm: Any) -> Any:
    """Returns the layer that alone feeds a norm, and feeds nothing else."""
    if len(norm.inbound_nodes) != 1:
        return None
    layer = norm.inbound_nodes[0].inbound_layers
    is_alone = not isinstance(layer, list) and len(layer.outbound_nodes) == 1
    return layer if is_alone else None


def _can_fold(layer: Any) -> bool:
    kinds = (tf.keras.layers.Conv2D, tf.keras.layers.DepthwiseConv2D)
    return (
        type(layer) in kinds
        and not layer.use_bias
        and layer.activation is tf.keras.activations.linear
        and layer.compute_dtype == "float32"
    )


def _fold(layer: Any, norm: Any) -> None:
    is_depthwise = isinstance(layer, tf.keras.layers.DepthwiseConv2D)

    def folded(inputs: Any) -> Any:
        scale = tf.math.rsqrt(norm.moving_variance + norm.epsilon)
        scale = scale if norm.gamma is None else scale * norm.gamma
        shift = -norm.moving_mean * scale
        shift = shift if norm.beta is None else shift + norm.beta
        if is_depthwise:
            output = tf.keras.backend.depthwise_conv2d(
                inputs,
                layer.depthwise_kernel * scale[:, None],
                strides=layer.strides,
                padding=layer.padding,
                dilation_rate=layer.dilation_rate,
            )
        else:
            output = layer.convolution_op(inputs, layer.kernel * scale)
        return tf.nn.bias_add(output, shift)

    layer.call = folded
    norm.call = _unchanged


def _unchanged(inputs: Any, training: object = None) -> Any:
    return inputs
