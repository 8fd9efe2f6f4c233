"""Which devices train: every GPU, or one or more logical CPUs."""

import logging
from typing import Any

import tensorflow as tf

_log = logging.getLogger(__name__)


def mirrored_strategy(cpu_replicas: int = 1) -> Any:
    """Returns a MirroredStrategy over what this machine has.

    Args:
        cpu_replicas: logical CPU devices to make where TensorFlow sees no
            GPU. They share the cores: good for rehearsing several replicas,
            not for speed.
    """
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        # Without it the first process takes all of the GPU's memory.
        tf.config.experimental.set_memory_growth(gpu, True)
    if gpus:
        return tf.distribute.MirroredStrategy()
    _log.info(
        "TensorFlow sees no GPU; training on %d CPU replica(s).", cpu_replicas
    )
    if cpu_replicas > 1:
        tf.config.set_logical_device_configuration(
            tf.config.list_physical_devices("CPU")[0],
            [tf.config.LogicalDeviceConfiguration()] * cpu_replicas,
        )
    return tf.distribute.MirroredStrategy(
        [f"CPU:{index}" for index in range(cpu_replicas)]
    )
