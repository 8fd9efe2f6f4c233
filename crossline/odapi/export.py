"""From a checkpoint to what runs elsewhere: SavedModel, and TFLite's graph.

The SavedModel is that of `exporter_main_v2`. TFLite converts another one,
that of `export_tflite_graph_tf2`, whose post-processing is a single op.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from crossline.errors import InputError
from crossline.geometry import Image
from crossline.odapi.checkpoint import (
    build_model,
    build_variables,
    input_size,
    restore,
)
from crossline.odapi.clustering import cluster_kernels
from crossline.odapi.fake_quantization import FakeQuantization
from crossline.odapi.upstream import (
    export_tflite_graph_lib_tf2,
    exporter_lib_v2,
)

Preprocess = Callable[[Image], npt.NDArray[np.float32]]


def export_saved_model(
    pipeline: Any, checkpoint_folder: Path, output: Path
) -> None:
    """Writes ``saved_model/``, ``checkpoint/`` and ``pipeline.config``.

    Args:
        pipeline: of the checkpoint.
        checkpoint_folder: holds TensorFlow's ``checkpoint`` file; the newest
            that it names is exported.
        output: folder to write into.
    """
    exporter_lib_v2.export_inference_graph(
        "image_tensor", pipeline, str(checkpoint_folder), str(output)
    )


def export_tflite_graph(
    pipeline: Any,
    prefix: str,
    output: Path,
    *,
    max_detections: int,
    score_threshold: float,
    regular_nms: bool,
    with_ranges: bool = False,
    clusters: int | None = None,
) -> None:
    """Writes the SavedModel that TFLite's converter takes.

    It is that of `export_tflite_graph_lib_tf2.export_tflite_model`, which
    has no place for ranges.

    Args:
        pipeline: of the checkpoint.
        prefix: of the checkpoint.
        output: folder to write into.
        max_detections: per image.
        score_threshold: boxes below it are dropped before NMS; raising it
            makes regular NMS faster and loses the weakest boxes.
        regular_nms: NMS class by class as training's evaluation does it;
            fast NMS lets a box count for its best class only.
        with_ranges: put what quantization-aware training has learnt into the
            graph, for int8.
        clusters: see `cluster_kernels`; None for weights as they are.
    """
    model = restored_model(pipeline, prefix, with_ranges=with_ranges)
    if clusters is not None:
        cluster_kernels(model, clusters)
    module = export_tflite_graph_lib_tf2.SSDModule(
        _thresholded(pipeline, max_detections, score_threshold),
        model,
        max_detections,
        regular_nms,
    )
    function = module.inference_fn.get_concrete_function(
        tf.TensorSpec(module.input_shape(), tf.float32, name="input")
    )
    # Saved as a model, its layers would be traced anew, without ranges.
    holder = tf.Module()
    holder.kept = model.variables
    if with_ranges:
        holder.ranges = model.quantization.variables
    tf.saved_model.save(holder, str(output), signatures=function)


def require_tflite_scaling(model: Any, source: Path) -> None:
    """Makes sure that a model wants pixels as `crossline.detect.tflite` does.

    Args:
        model: the API's.
        source: its config, named in errors.

    Raises:
        InputError: it does not scale 0 to 255 to -1 to 1.
    """
    black_and_white = tf.constant([[[[0.0] * 3, [255.0] * 3]]])
    scaled = model.feature_extractor.preprocess(black_and_white)
    if not np.allclose(scaled, [[[[-1.0] * 3, [1.0] * 3]]], atol=1e-4):
        raise InputError(
            source,
            "its feature extractor scales pixels otherwise than MobileNets "
            "do, which is what detectors in TFLite files are fed with",
            remedy="leave --precisions empty for the SavedModel alone",
        )


def restored_model(pipeline: Any, prefix: str, *, with_ranges: bool) -> Any:
    """Returns the model of a checkpoint, ready to predict.

    Args:
        pipeline: of the checkpoint.
        prefix: of the checkpoint.
        with_ranges: round as quantization-aware training has learnt to.

    Raises:
        InputError: see `restore`.
    """
    model = build_model(pipeline.model, is_training=False)
    if with_ranges:
        FakeQuantization(model, pipeline.model.ssd.feature_extractor.type)
        build_variables(model, pipeline.model)
    restore(model, prefix)
    return model


def _thresholded(
    pipeline: Any, max_detections: int, score_threshold: float
) -> Any:
    thresholded = type(pipeline)()
    thresholded.CopyFrom(pipeline)
    nms = thresholded.model.ssd.post_processing.batch_non_max_suppression
    nms.score_threshold = score_threshold
    nms.max_total_detections = max_detections
    return thresholded


def model_preprocessing(pipeline: Any) -> Preprocess:
    """Returns the model's own way from an image to its input.

    Returns:
        A function from an RGB uint8 image of any size to float32 of shape
        ``(1, height, width, 3)``, scaled as the feature extractor wants it.
    """
    model = build_model(pipeline.model, is_training=False)
    height, width = input_size(pipeline.model)

    def preprocess(image: Image) -> npt.NDArray[np.float32]:
        resized, _ = model.preprocess(tf.cast(image[None], tf.float32))
        values = np.asarray(resized, np.float32)
        assert values.shape == (1, height, width, 3)
        return values

    return preprocess
