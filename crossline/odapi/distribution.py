"""Which devices train: GPUs, logical CPUs, or several processes' worth.

`TF_CONFIG` in the environment makes a process one worker of several, as
TensorFlow documents it (tensorflow.org/guide/distributed_training); see
`crossline.workers` for who sets it. All workers make the same steps, saves
and validations at the same time. The first one, the chief, writes.
"""

import contextlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import tensorflow as tf

from crossline.errors import InputError
from crossline.workers import worker_count

_log = logging.getLogger(__name__)


def training_strategy(cpu_replicas: int = 1) -> Any:
    """Returns the `tf.distribute.Strategy` for this process.

    MultiWorkerMirroredStrategy for a worker, else MirroredStrategy over
    every GPU, or over logical CPUs where TensorFlow sees none. Several
    workers must ask before TensorFlow does anything else.

    Args:
        cpu_replicas: logical CPU devices to make. They share the cores: good
            for rehearsing several replicas, not for speed.

    Raises:
        InputError: `TF_CONFIG` is none, or a worker shall have several CPU
            replicas.
    """
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        # Without it the first process takes all of the GPU's memory.
        tf.config.experimental.set_memory_growth(gpu, True)
    if worker_count() > 1:
        if cpu_replicas > 1:
            raise InputError(
                "cpu_replicas",
                f"is {cpu_replicas}, but each of several workers has one",
                remedy="set it to 1, and take more workers",
            )
        return tf.distribute.MultiWorkerMirroredStrategy()
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


def is_chief(strategy: Any) -> bool:
    """Tells whether what this process writes is what stays."""
    return bool(strategy.extended.should_checkpoint)


@contextlib.contextmanager
def chief_first(strategy: Any) -> Iterator[None]:
    """Runs the body in the chief, and then in the other workers.

    What the chief has written by then is there for the others.
    """
    wait_for_all = agreed(strategy, lambda: False)
    if not is_chief(strategy):
        wait_for_all()
    yield
    if is_chief(strategy):
        wait_for_all()


def writing_folder(strategy: Any, folder: Path) -> Path:
    """Returns where a process may write: the chief into `folder` itself.

    Saving takes all workers, but only the chief's files are of use.
    """
    if is_chief(strategy):
        return folder
    resolver = strategy.cluster_resolver
    return folder / f".worker_{resolver.task_id}"


def agreed(strategy: Any, is_true: Callable[[], bool]) -> Callable[[], bool]:
    """Returns a condition that holds for all workers at once.

    What one worker alone did would leave the others waiting for it. Every
    worker must ask as often as the others.

    Args:
        strategy: of the workers; with one, `is_true` itself is returned.
        is_true: may differ between workers.
    """
    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        return is_true

    def is_true_somewhere() -> bool:
        own = tf.constant(float(is_true()))
        votes = strategy.run(lambda: tf.identity(own))
        return float(strategy.reduce("SUM", votes, axis=None)) > 0

    return is_true_somewhere
