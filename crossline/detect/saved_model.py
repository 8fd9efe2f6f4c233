"""Detectors in a SavedModel, as the API's ``exporter_main_v2`` writes it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crossline.detect.metadata import read_metadata
from crossline.errors import InputError
from crossline.geometry import (
    Detections,
    Image,
    clip_boxes,
    normalized_to_pixels,
)

_SIGNATURE = "serving_default"
_OUTPUTS = {
    "detection_boxes",
    "detection_scores",
    "detection_classes",
    "num_detections",
}


class SavedModelDetector:
    """See `crossline.detect.detector.Detector`.

    Args:
        folder: ``saved_model`` in an export folder, which holds
            ``metadata.json``.

    Raises:
        InputError: the folder is damaged, is no detector or has no metadata.
    """

    def __init__(self, folder: Path) -> None:
        metadata = read_metadata(folder.resolve().parent)
        self.class_names: Mapping[int, str] = metadata.classes
        # Kept, since the signature refers to its variables weakly.
        self._model = _load(folder)
        self._serve = self._model.signatures[_SIGNATURE]

    def detect(self, image: Image) -> Detections:
        """See `crossline.detect.detector.Detector`."""
        found = self._serve(input_tensor=image[None])
        height, width = image.shape[:2]
        boxes = normalized_to_pixels(
            found["detection_boxes"][0].numpy(), width, height
        )
        count = int(found["num_detections"][0])
        return Detections.of(
            clip_boxes(boxes, width, height),
            found["detection_scores"][0].numpy(),
            found["detection_classes"][0].numpy(),
        )[:count]


def _load(folder: Path) -> Any:
    # Here, since importing this room must not load TensorFlow.
    import tensorflow as tf

    remedy = "export it again with scripts/export.py"
    try:
        model = tf.saved_model.load(str(folder))
    except (OSError, ValueError, tf.errors.OpError) as error:
        raise InputError(
            folder, f"TensorFlow cannot load it ({error})", remedy=remedy
        ) from error
    signature = model.signatures.get(_SIGNATURE)
    outputs = set(signature.structured_outputs) if signature else set()
    if missing := _OUTPUTS - outputs:
        raise InputError(
            folder,
            f"is no detector: {_SIGNATURE} has no "
            f"{', '.join(sorted(missing))}",
            remedy=remedy,
        )
    return model
