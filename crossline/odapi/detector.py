"""A `Detector` for checkpoints: training runs and the zoo's archives."""

from pathlib import Path
from typing import Any

import tensorflow as tf

from crossline.errors import InputError
from crossline.geometry import (
    Detections,
    Image,
    clip_boxes,
    normalized_to_pixels,
)
from crossline.odapi.checkpoint import (
    CONFIG_NAME,
    build_model,
    checkpoint_label_map,
    find_checkpoint,
    restore,
)
from crossline.odapi.pipeline_config import read_pipeline
from crossline.records.label_map import LabelMap


class CheckpointDetector:
    """Runs a built detection model of the API.

    Args:
        model: with its weights, `is_training` False; they may change
            between two images.
        label_map: what its class ids stand for.
    """

    def __init__(self, model: Any, label_map: LabelMap) -> None:
        self.class_names = label_map.names
        self._model = model

    def detect(self, image: Image) -> Detections:
        """See `crossline.detect.detector.Detector`."""
        found = self._run(tf.constant(image[None]))
        height, width = image.shape[:2]
        boxes = normalized_to_pixels(
            found["detection_boxes"][0].numpy(), width, height
        )
        count = int(found["num_detections"][0])
        # The API's heads count classes from 0, label maps from 1.
        return Detections.of(
            clip_boxes(boxes, width, height),
            found["detection_scores"][0].numpy(),
            found["detection_classes"][0].numpy() + 1,
        )[:count]

    @tf.function(input_signature=[tf.TensorSpec((1, None, None, 3), tf.uint8)])
    def _run(self, images: Any) -> Any:
        # Another model may be training in this process.
        tf.keras.backend.set_learning_phase(False)
        preprocessed, shapes = self._model.preprocess(
            tf.cast(images, tf.float32)
        )
        predictions = self._model.predict(preprocessed, shapes)
        return self._model.postprocess(predictions, shapes)


def open_checkpoint(
    folder: Path, step: int | None = None
) -> CheckpointDetector:
    """Opens a checkpoint folder, see `crossline.odapi.checkpoint`.

    Args:
        folder: with ``pipeline.config`` and a checkpoint.
        step: the N of ``ckpt-N``; the newest when None.

    Raises:
        InputError: something is missing, damaged, or nobody can tell what
            the classes are.
    """
    pipeline = read_pipeline(folder / CONFIG_NAME)
    num_classes = pipeline.model.ssd.num_classes
    label_map = checkpoint_label_map(folder, num_classes)
    if label_map is None:
        raise InputError(
            folder,
            f"holds no label_map.pbtxt for its {num_classes} classes",
            remedy="put the label map that it was trained with there",
        )
    prefix = find_checkpoint(folder, step)
    model = build_model(pipeline.model, is_training=False)
    restore(model, prefix)
    return CheckpointDetector(model, label_map)
