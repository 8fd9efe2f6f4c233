"""One image's `tf.train.Example`, with the Object Detection API's keys.

Boxes are normalised here, at the format's edge. Source of the keys:
``object_detection/dataset_tools/create_coco_tf_record.py``.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf

from crossline.annotations.table import BOX_COLUMNS, has_box
from crossline.errors import InputError
from crossline.records.images import EncodedImage
from crossline.records.label_map import LabelMap

HEIGHT = "image/height"
WIDTH = "image/width"
FILENAME = "image/filename"
SOURCE_ID = "image/source_id"
SHA256 = "image/key/sha256"
ENCODED = "image/encoded"
FORMAT = "image/format"
BOX_EDGES = {name: f"image/object/bbox/{name}" for name in BOX_COLUMNS}
CLASS_TEXT = "image/object/class/text"
CLASS_LABEL = "image/object/class/label"
IS_CROWD = "image/object/is_crowd"
DIFFICULT = "image/object/difficult"
AREA = "image/object/area"


def make_example(
    rows: pd.DataFrame, image: EncodedImage, label_map: LabelMap
) -> Any:
    """Builds an image's Example.

    Args:
        rows: of the annotation table, all of this image.
        image: from its file.
        label_map: gives the classes their ids.

    Returns:
        A `tf.train.Example`; boxes are 0 to 1, clipped to the image.

    Raises:
        InputError: the annotated size is not the image's.
        KeyError: a class is not in the label map.
    """
    first = rows.iloc[0]
    boxes = rows[has_box(rows)]
    _check_size(first, image)
    edges = boxes[BOX_COLUMNS].to_numpy(float)
    size = np.array([image.width, image.height] * 2)
    normalized = np.clip(edges / size, 0, 1)
    areas = (edges[:, 2] - edges[:, 0]) * (edges[:, 3] - edges[:, 1])
    source_id = str(first["image_id"] or first["filename"])
    features = {
        HEIGHT: _ints([image.height]),
        WIDTH: _ints([image.width]),
        FILENAME: _texts([first["filename"]]),
        SOURCE_ID: _texts([source_id]),
        SHA256: _texts([hashlib.sha256(image.data).hexdigest()]),
        ENCODED: _bytes([image.data]),
        FORMAT: _texts([image.format]),
        CLASS_TEXT: _texts(boxes["class"]),
        CLASS_LABEL: _ints(label_map.id_of(name) for name in boxes["class"]),
        IS_CROWD: _ints(boxes["is_crowd"]),
        DIFFICULT: _ints(boxes["difficult"]),
        AREA: _floats(boxes["area"].fillna(pd.Series(areas, boxes.index))),
    }
    for column, key in enumerate(BOX_EDGES.values()):
        features[key] = _floats(normalized[:, column])
    return tf.train.Example(features=tf.train.Features(feature=features))


def _check_size(first: Any, image: EncodedImage) -> None:
    """Labelling tools show the upright picture and write its size.

    Whoever wrote another one did not see what the boxes are drawn on.
    """
    if (first["width"], first["height"]) != (image.width, image.height):
        raise InputError(
            first["filename"],
            f"is {image.width}x{image.height} pixels (upright), annotated "
            f"are {first['width']}x{first['height']}",
            remedy="correct the annotation or the image",
        )


def _ints(values: Iterable[Any]) -> Any:
    whole = [int(value) for value in values]
    return tf.train.Feature(int64_list=tf.train.Int64List(value=whole))


def _floats(values: Iterable[Any]) -> Any:
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def _bytes(values: Iterable[bytes]) -> Any:
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))


def _texts(values: Iterable[str]) -> Any:
    return _bytes(value.encode() for value in values)
