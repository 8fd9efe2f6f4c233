"""TFLite files from the graph that `crossline.odapi.export` writes.

int8: weights and activations are quantised after training from the ranges
that representative images show. Source:
https://www.tensorflow.org/lite/performance/post_training_quantization
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from crossline.detect.metadata import ModelMetadata, append_metadata
from crossline.files import replacing
from crossline.progress import progress

Precision = Literal["fp32", "fp16", "dynamic", "int8"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)

ModelInputs = Iterable[npt.NDArray[np.float32]]


def convert(
    saved_model: Path, precision: Precision, calibration: ModelInputs | None
) -> bytes:
    """Converts a SavedModel to a TFLite file's bytes.

    Args:
        saved_model: by `export_tflite_graph`.
        precision: see `converter_for`.
        calibration: see `converter_for`.
    """
    converter = converter_for(saved_model, precision, calibration)
    return bytes(converter.convert())


def converter_for(
    saved_model: Path, precision: Precision, calibration: ModelInputs | None
) -> Any:
    """Returns TensorFlow's converter, set up.

    Args:
        saved_model: by `export_tflite_graph`.
        precision: fp32; fp16 weights; dynamic: int8 weights, activations in
            float between them; or int8 throughout, with a uint8 input and
            float outputs (the post-processing op knows float only).
        calibration: preprocessed images ``(1, height, width, 3)`` like those
            to come; read for int8 only. None where the graph holds its
            ranges.
    """
    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved_model))
    if precision != "fp32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "fp16":
        converter.target_spec.supported_types = [tf.float16]
    if precision == "int8":
        converter.inference_input_type = tf.uint8
    if precision == "int8" and calibration is not None:
        converter.representative_dataset = lambda: (
            [values]
            for values in progress(calibration, "calibration", unit="image")
        )
        converter.target_spec.supported_ops = [
            tf.lite.OpsSet.TFLITE_BUILTINS_INT8,
            tf.lite.OpsSet.TFLITE_BUILTINS,
        ]
    return converter


def write_tflite(model: bytes, metadata: ModelMetadata, path: Path) -> None:
    """Writes a ``.tflite`` with its metadata and labels inside."""
    with replacing(path) as draft:
        draft.write_bytes(model)
        append_metadata(draft, metadata)
