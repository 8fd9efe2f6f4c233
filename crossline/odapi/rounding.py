"""Rounding as TFLite's int8 does it, with gradients for training.

TensorFlow Lite's 8-bit quantization specification: kernels symmetric with a
scale per output channel, activations between two ends, 0 among the steps.
"""

from typing import Any

import tensorflow as tf

_LEAST_SCALE = 1e-4
"""Of a channel, as a share of its kernel's largest."""


class Range(tf.Module):  # type: ignore[misc]
    """Between which values a tensor is rounded; 0 is always one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.low = replica_variable(0.0)
        self.high = replica_variable(0.0)

    def follow(self, values: Any, rate: Any) -> None:
        """Moves the ends towards those of `values` by a share `rate`."""
        low = tf.minimum(tf.reduce_min(values), 0.0)
        high = tf.maximum(tf.reduce_max(values), 0.0)
        self.low.assign_add(rate * (low - self.low))
        self.high.assign_add(rate * (high - self.high))

    def round(self, values: Any) -> Any:
        """Rounds to 256 steps; no gradient where a value was cut off."""
        return tf.quantization.fake_quant_with_min_max_vars(
            values, self.low.read_value(), self.high.read_value()
        )


def quantize_kernel(kernel: Any) -> Any:
    """Rounds a kernel ``(..., channels)`` as TFLite does.

    Symmetric int8 from -127 to 127, a scale per channel.
    """
    highest = tf.reduce_max(tf.abs(kernel), axis=(0, 1, 2))
    # A channel of zeros (a background's) has a bias all the same, which is
    # stored in multiples of this scale.
    highest = tf.maximum(highest, _LEAST_SCALE * tf.reduce_max(highest))
    return _rounded(tf.convert_to_tensor(kernel), highest)


@tf.custom_gradient
def _rounded(kernel: Any, highest: Any) -> Any:
    """The gradient passes as if nothing had been rounded."""
    rounded = tf.quantization.fake_quant_with_min_max_vars_per_channel(
        kernel, -highest, highest, narrow_range=True
    )
    return rounded, lambda upstream: (upstream, None)


def quantize_depthwise(kernel: Any) -> Any:
    """`quantize_kernel` for ``(height, width, channels, multiplier)``."""
    height, width, channels, multiplier = kernel.shape
    flat = tf.reshape(kernel, (height, width, 1, channels * multiplier))
    return tf.reshape(quantize_kernel(flat), kernel.shape)


def replica_variable(value: float) -> Any:
    """As batch norm's averages: one per replica, their mean is saved."""
    return tf.Variable(
        value,
        trainable=False,
        synchronization=tf.VariableSynchronization.ON_READ,
        aggregation=tf.VariableAggregation.MEAN,
    )
