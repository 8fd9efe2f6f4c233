"""One image's `tf.train.Example`, with the Object Detection API's keys.

Boxes are normalised here, at the format's edge. Source of the keys:
``object_detection/dataset_tools/create_coco_tf_record.py``, and for
``difficult`` its ``create_pascal_tf_record.py``.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from crossline.annotations.annotation import BOX_COLUMNS, NO_CLASS, Annotation
from crossline.errors import InputError
from crossline.records.example_message import Example, with_first_feature
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
_WHOLE = (HEIGHT, WIDTH, CLASS_LABEL, IS_CROWD, DIFFICULT)
_FRACTIONS = (AREA, *BOX_EDGES.values())


def serialize_example(
    rows: Sequence[Annotation], image: EncodedImage, label_map: LabelMap
) -> list[bytes]:
    """Builds an image's Example as the bytes of a record.

    Args:
        rows: all of this image.
        image: from its file.
        label_map: gives the classes their ids.

    Returns:
        Parts of a serialised `Example`, to be written one after another: the
        image, nearly all of it, is not copied. Boxes are 0 to 1, clipped to
        the image.

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
    others = _example(
        {
            HEIGHT: [image.height],
            WIDTH: [image.width],
            FILENAME: [first.filename.encode()],
            SOURCE_ID: [(first.image_id or first.filename).encode()],
            SHA256: [hashlib.sha256(image.data).hexdigest().encode()],
            FORMAT: [image.format.encode()],
            CLASS_TEXT: [name.encode() for name in names],
            CLASS_LABEL: [label_map.id_of(name) for name in names],
            IS_CROWD: [int(row.is_crowd) for row in objects],
            DIFFICULT: [int(row.difficult) for row in objects],
            AREA: np.where(np.isnan(areas), box_areas, areas).tolist(),
            **dict(
                zip(BOX_EDGES.values(), normalized.T.tolist(), strict=True)
            ),
        }
    )
    return with_first_feature(ENCODED, image.data, others)


def _example(features: Mapping[str, Sequence[Any]]) -> Any:
    example = Example()
    for key, values in features.items():
        feature = example.features.feature[key]
        if key in _WHOLE:
            of_kind = feature.int64_list
        elif key in _FRACTIONS:
            of_kind = feature.float_list
        else:
            of_kind = feature.bytes_list
        of_kind.SetInParent()  # Also where there are no values.
        of_kind.value.extend(values)
    return example


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
