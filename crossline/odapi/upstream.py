"""The Object Detection API's modules, mended; import them from here only.

The mends must stand before the first `import object_detection`, so this is
the one place of the project that writes it.
"""

import warnings

import tensorflow as tf
from absl import logging

from crossline.odapi import compatibility

compatibility.apply()

# Deprecations of 2022 that nobody at the keyboard can mend.
logging.set_verbosity(logging.ERROR)
tf.get_logger().setLevel("ERROR")
warnings.filterwarnings("ignore", message=".*set_learning_phase")

from object_detection import (  # noqa: E402
    export_tflite_graph_lib_tf2,
    exporter_lib_v2,
    inputs,
    model_lib,
    model_lib_v2,
)
from object_detection.builders import (  # noqa: E402
    dataset_builder,
    decoder_builder,
    model_builder,
    optimizer_builder,
)
from object_detection.core import freezable_batch_norm  # noqa: E402
from object_detection.protos import (  # noqa: E402
    pipeline_pb2,
    preprocessor_pb2,
    train_pb2,
)
from object_detection.utils import config_util  # noqa: E402

__all__ = [
    "config_util",
    "dataset_builder",
    "decoder_builder",
    "export_tflite_graph_lib_tf2",
    "exporter_lib_v2",
    "freezable_batch_norm",
    "inputs",
    "model_builder",
    "model_lib",
    "model_lib_v2",
    "optimizer_builder",
    "pipeline_pb2",
    "preprocessor_pb2",
    "train_pb2",
]
