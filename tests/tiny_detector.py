"""Detectors whose answer can be worked out by hand.

They find the pixels whose red (class 1) and whose green (class 2) is above
one half, and answer with the edges around them; the score is the brightest
of these values. A colour that is absent scores 0.
"""

from pathlib import Path
from typing import Any

import numpy as np

from crossline.detect.metadata import (
    METADATA_NAME,
    ModelMetadata,
    append_metadata,
)
from crossline.geometry import Image

SIZE = 32
"""Height and width of the TFLite detector's input."""

METADATA = ModelMetadata(
    name="tiny",
    classes={1: "red", 2: "green"},
    input_height=SIZE,
    input_width=SIZE,
    architecture="tiny",
)


def scene(
    width: int = SIZE,
    height: int = SIZE,
    red: tuple[int, int, int, int] | None = None,
    green: tuple[int, int, int, int] | None = None,
) -> Image:
    """Draws boxes (xmin, ymin, xmax, ymax) on black; green at 80 %."""
    image = np.zeros((height, width, 3), np.uint8)
    for box, channel, value in ((red, 0, 255), (green, 1, 204)):
        if box:
            xmin, ymin, xmax, ymax = box
            image[ymin:ymax, xmin:xmax, channel] = value
    return image


def write_tflite(path: Path, quantized: bool) -> Path:
    """Writes the detector as `scripts/export.py` would: fp32 or int8."""
    import tensorflow as tf

    module = tf.Module()
    spec = tf.TensorSpec((1, SIZE, SIZE, 3), tf.float32)
    module.serve = tf.function(_tflite_outputs, input_signature=[spec])
    function = module.serve.get_concrete_function()
    folder = path.with_suffix("")
    tf.saved_model.save(module, str(folder), {"serving_default": function})
    converter = tf.lite.TFLiteConverter.from_saved_model(str(folder))
    if quantized:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = _calibration
        converter.target_spec.supported_ops = [
            tf.lite.OpsSet.TFLITE_BUILTINS_INT8,
            tf.lite.OpsSet.TFLITE_BUILTINS,
        ]
        converter.inference_input_type = tf.uint8
    path.write_bytes(converter.convert())
    append_metadata(path, METADATA)
    return path


def write_export_folder(folder: Path) -> Path:
    """Writes ``saved_model`` and ``metadata.json`` of the detector."""
    import tensorflow as tf

    module = tf.Module()
    spec = tf.TensorSpec((1, None, None, 3), tf.uint8, name="input_tensor")
    module.serve = tf.function(_saved_model_outputs, input_signature=[spec])
    signatures = {"serving_default": module.serve.get_concrete_function()}
    tf.saved_model.save(module, str(folder / "saved_model"), signatures)
    (folder / METADATA_NAME).write_text(METADATA.to_json())
    return folder


def _tflite_outputs(images: Any) -> dict[str, Any]:
    import tensorflow as tf

    boxes, scores = _find((images[0] + 1) / 2)
    # A third, empty slot: the count says how many are meant.
    return {
        "output_0": tf.constant([2.0]),
        "output_1": tf.concat([scores, [0.0]], 0)[None],
        "output_2": tf.constant([[0.0, 1.0, 0.0]]),
        "output_3": tf.concat([boxes, tf.zeros((1, 4))], 0)[None],
    }


def _saved_model_outputs(input_tensor: Any) -> dict[str, Any]:
    import tensorflow as tf

    boxes, scores = _find(tf.cast(input_tensor[0], tf.float32) / 255)
    return {
        "detection_boxes": tf.concat([boxes, tf.zeros((1, 4))], 0)[None],
        "detection_scores": tf.concat([scores, [0.0]], 0)[None],
        "detection_classes": tf.constant([[1.0, 2.0, 1.0]]),
        "num_detections": tf.constant([2.0]),
    }


def _find(image: Any) -> tuple[Any, Any]:
    """Returns ``(2, 4)`` of ymin, xmin, ymax, xmax, 0 to 1, and 2 scores."""
    import tensorflow as tf

    bright = tf.cast(image[..., :2] > 0.5, tf.float32)
    edges = []
    for axis in (1, 0):
        occupied = tf.reduce_max(bright, axis=axis)
        length = tf.shape(occupied)[0]
        first = tf.argmax(occupied, output_type=tf.int32)
        last = length - tf.argmax(occupied[::-1], output_type=tf.int32)
        edges.append(
            [
                tf.cast(k, tf.float32) / tf.cast(length, tf.float32)
                for k in (first, last)
            ]
        )
    (ymin, ymax), (xmin, xmax) = edges
    boxes = tf.stack([ymin, xmin, ymax, xmax], axis=1)
    return boxes, tf.reduce_max(image[..., :2] * bright, axis=(0, 1))


def _calibration() -> Any:
    """Boxes from edge to edge, so that every tensor shows its full range."""
    for k in range(SIZE - 1):
        image = scene(red=(k, k, SIZE, SIZE), green=(0, 0, k + 1, k + 1))
        yield [(image[None] / 127.5 - 1).astype(np.float32)]
