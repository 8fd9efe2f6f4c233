"""Back from TFRecords to images and their boxes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import tensorflow as tf

from crossline.errors import InputError
from crossline.geometry import FloatArray, Image, IntArray
from crossline.records import example as keys
from crossline.records.images import decode_image

T = TypeVar("T")


@dataclass(frozen=True)
class Record:
    """One Example, in our terms.

    Attributes:
        source_id: of the image.
        filename: of the image.
        encoded: its bytes.
        width: pixels.
        height: pixels.
        boxes: ``(n, 4)`` float32, pixels, see `crossline.geometry`.
        class_ids: ``(n,)`` int64, of the label map.
        class_names: n of them.
        is_crowd: ``(n,)`` int64, 0 or 1.
        areas: ``(n,)`` float32, square pixels.
    """

    source_id: str
    filename: str
    encoded: bytes
    width: int
    height: int
    boxes: FloatArray
    class_ids: IntArray
    class_names: Sequence[str]
    is_crowd: IntArray
    areas: FloatArray

    def image(self) -> Image:
        """Decodes the image, RGB."""
        try:
            return decode_image(self.encoded)
        except OSError as error:
            raise InputError(
                self.filename, f"cannot be decoded ({error})"
            ) from error


def require_records(pattern: str) -> list[Path]:
    """Returns the files that a path or glob names.

    Raises:
        InputError: there are none.
    """
    path = Path(pattern)
    files = sorted(path.parent.glob(path.name))
    if not files:
        raise InputError(
            pattern,
            "no such TFRecords",
            remedy="write them with scripts/csv_to_tfrecord.py",
        )
    return files


def read_records(files: Sequence[Path]) -> Iterator[Record]:
    """Reads Examples of the Object Detection API's schema, in order.

    Raises:
        InputError: a file is damaged or holds something else.
    """
    for path in files:
        count = 0
        try:
            for serialized in tf.data.TFRecordDataset(str(path)):
                count += 1
                yield _record(serialized.numpy())
        except (tf.errors.OpError, KeyError, ValueError) as error:
            raise InputError(
                path,
                "is damaged or no TFRecord of the Object Detection API",
                place=f"record {count + 1}",
                remedy="write it again with scripts/csv_to_tfrecord.py",
            ) from error


def _record(serialized: bytes) -> Record:
    feature = tf.train.Example.FromString(serialized).features.feature
    width = _one(feature[keys.WIDTH].int64_list.value)
    height = _one(feature[keys.HEIGHT].int64_list.value)
    edges = [
        np.array(feature[key].float_list.value, np.float32) * scale
        for key, scale in zip(
            keys.BOX_EDGES.values(), (width, height) * 2, strict=True
        )
    ]
    boxes = np.stack(edges, axis=1)
    areas = np.array(feature[keys.AREA].float_list.value, np.float32)
    if not len(areas):
        areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    crowd = list(feature[keys.IS_CROWD].int64_list.value)
    return Record(
        source_id=_one(feature[keys.SOURCE_ID].bytes_list.value).decode(),
        filename=_one(feature[keys.FILENAME].bytes_list.value).decode(),
        encoded=_one(feature[keys.ENCODED].bytes_list.value),
        width=width,
        height=height,
        boxes=boxes,
        class_ids=np.array(
            feature[keys.CLASS_LABEL].int64_list.value, np.int64
        ),
        class_names=[
            text.decode() for text in feature[keys.CLASS_TEXT].bytes_list.value
        ],
        is_crowd=np.array(crowd or [0] * len(boxes), np.int64),
        areas=areas,
    )


def _one(values: Sequence[T]) -> T:
    (value,) = values
    return value
