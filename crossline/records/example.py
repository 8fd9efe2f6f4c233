"""One image's `tf.train.Example`, with the Object Detection API's keys.

Boxes are normalised here, at the format's edge. Source of the keys:
``object_detection/dataset_tools/create_coco_tf_record.py``, and for
``difficult`` its ``create_pascal_tf_record.py``.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from crossline.annotations.table import BOX_COLUMNS, NO_CLASS, Annotation
from crossline.errors import InputError
from crossline.records.images import EncodedImage, turn_boxes
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
    rows: Sequence[Annotation], image: EncodedImage, label_map: LabelMap
) -> Any:
    """Builds an image's Example.

    Args:
        rows: all of this image.
        image: from its file.
        label_map: gives the classes their ids.

    Returns:
        A `tf.train.Example`; boxes are 0 to 1, clipped to the image.

    Raises:
        InputError: the annotated size is not the image's.
        KeyError: a class is not in the label map.
    """
    first = rows[0]
    objects = [row for row in rows if row.class_name != NO_CLASS]
    boxes = _upright_boxes(first, objects, image)
    normalized = np.clip(boxes / (image.size * 2), 0, 1)
    areas = np.array([row.area for row in objects], float)
    box_areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    names = [row.class_name for row in objects]
    features = {
        HEIGHT: _ints([image.height]),
        WIDTH: _ints([image.width]),
        FILENAME: _texts([first.filename]),
        SOURCE_ID: _texts([first.image_id or first.filename]),
        SHA256: _texts([hashlib.sha256(image.data).hexdigest()]),
        ENCODED: _bytes([image.data]),
        FORMAT: _texts([image.format]),
        CLASS_TEXT: _texts(names),
        CLASS_LABEL: _ints(label_map.id_of(name) for name in names),
        IS_CROWD: _ints(row.is_crowd for row in objects),
        DIFFICULT: _ints(row.difficult for row in objects),
        AREA: _floats(np.where(np.isnan(areas), box_areas, areas)),
    }
    for column, key in enumerate(BOX_EDGES.values()):
        features[key] = _floats(normalized[:, column])
    return tf.train.Example(features=tf.train.Features(feature=features))


def _upright_boxes(
    first: Annotation, objects: Sequence[Annotation], image: EncodedImage
) -> npt.NDArray[np.float64]:
    """Returns ``(n, 4)`` pixels of the upright image.

    The annotated size tells which picture the boxes were drawn on: most
    tools show the upright one, some the one that the file holds. Of a square
    nothing tells; it is taken for upright.
    """
    edges = [(row.xmin, row.ymin, row.xmax, row.ymax) for row in objects]
    boxes = np.array(edges, float).reshape(-1, 4)
    annotated = (first.width, first.height)
    if annotated == image.size:
        return boxes
    if annotated == image.stored_size:
        return turn_boxes(boxes, image.orientation, annotated)
    raise InputError(
        first.filename,
        f"is {image.width}x{image.height} pixels (upright), annotated are "
        f"{first.width}x{first.height}",
        remedy="correct the annotation or the image",
    )


def _ints(values: Iterable[int]) -> Any:
    whole = tf.train.Int64List(value=[int(value) for value in values])
    return tf.train.Feature(int64_list=whole)


def _floats(values: Iterable[float]) -> Any:
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def _bytes(values: Iterable[bytes]) -> Any:
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))


def _texts(values: Iterable[str]) -> Any:
    return _bytes(value.encode() for value in values)
