"""Training batches as the network sees them, with their boxes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import tensorflow as tf

from crossline.files import replacing
from crossline.geometry import Image, normalized_to_pixels
from crossline.odapi.training import Trainer
from crossline.video.draw import class_color
from crossline.video.text import Lettering

BATCHES = 2
_COLUMNS = 4
_MOST_IMAGES = 16


def write_batches(
    trainer: Trainer, class_names: Mapping[int, str], folder: Path
) -> None:
    """Takes some batches off the input and draws them, ``batch_N.jpg``."""
    with replacing(folder) as draft:
        draft.mkdir()
        for number in range(BATCHES):
            sheet = _sheet(batch_images(trainer, class_names))
            path = draft / f"batch_{number}.jpg"
            cv2.imwrite(str(path), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))


def batch_images(
    trainer: Trainer, class_names: Mapping[int, str]
) -> list[Image]:
    """Takes a batch off the input; returns its images with their boxes.

    Args:
        trainer: whose input it is.
        class_names: label map id to name.
    """
    features, labels = trainer.next_batch()
    images = _unscaled(trainer.model, features["image"])
    counts = labels["num_groundtruth_boxes"].numpy().tolist()
    boxes = labels["groundtruth_boxes"].numpy()
    # One-hot, from the label map's id 1.
    class_ids = labels["groundtruth_classes"].numpy().argmax(axis=-1) + 1
    for number, image in enumerate(images):
        height, width = image.shape[:2]
        lettering = Lettering(width, height)
        drawn = slice(counts[number])
        edges = normalized_to_pixels(boxes[number][drawn], width, height)
        for box, class_id in zip(
            np.rint(edges).astype(int).tolist(),
            class_ids[number][drawn].tolist(),
            strict=True,
        ):
            left, top, right, bottom = box
            color = class_color(class_id)
            cv2.rectangle(image, (left, top), (right, bottom), color, 1)
            name = class_names[class_id]
            above = max(0, top - lettering.row)
            place = lettering.place(name, left, above, width, height)
            lettering.tag(image, name, place, color)
    return images


def _unscaled(model: Any, images: Any) -> list[Image]:
    """Undoes what the feature extractor does to values from 0 to 255."""
    shape = (1, *images.shape[1:])
    black, _ = model.preprocess(tf.zeros(shape))
    white, _ = model.preprocess(tf.fill(shape, 255.0))
    values = ((images - black) / (white - black)).numpy() * 255
    pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return [np.ascontiguousarray(image) for image in pixels]


def _sheet(images: list[Image]) -> Image:
    """Puts images side by side, some in a row, the last row filled black."""
    shown = images[:_MOST_IMAGES]
    columns = min(_COLUMNS, len(shown))
    blank = np.zeros_like(shown[0])
    shown += [blank] * (-len(shown) % columns)
    rows = [
        np.hstack(shown[start : start + columns])
        for start in range(0, len(shown), columns)
    ]
    return np.vstack(rows)
