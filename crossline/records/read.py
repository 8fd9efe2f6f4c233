"""Back from TFRecords to images and their boxes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from google.protobuf.message import DecodeError

from crossline.errors import InputError
from crossline.files import require_file
from crossline.geometry import FloatArray, Image, IntArray
from crossline.records import example as keys
from crossline.records.example_message import Example
from crossline.records.images import decode_image
from crossline.records.tfrecord import read_tfrecord

T = TypeVar("T")
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Record:
    """One Example, in our terms.

    Attributes:
        source_id: of the image; its filename where the writer gave none.
        filename: of the image; where the writer gave none, its source id or,
            without either, its place in the file.
        encoded: its bytes.
        width: pixels.
        height: pixels.
        boxes: ``(n, 4)`` float32, pixels, see `crossline.geometry`.
        class_ids: ``(n,)`` int64, of the label map; 0 where the writer gave
            names alone, as the API's own COCO converter does.
        class_names: n of them, or none where the writer gave ids alone.
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
        """Decodes the image, RGB.

        Raises:
            InputError: its bytes are damaged.
        """
        return decode_image(self.encoded, self.filename)


def require_records(pattern: str) -> list[Path]:
    """Returns the files that a path or glob names.

    Raises:
        InputError: there are none, or one is empty or no file.
    """
    path = Path(pattern)
    files = sorted(path.parent.glob(path.name))
    remedy = "write them with scripts/csv_to_tfrecord.py"
    if not files:
        raise InputError(pattern, "no such TFRecords", remedy=remedy)
    # Training waits for ever for the first record of an empty file.
    return [require_file(file, remedy) for file in files]


def read_records(files: Sequence[Path]) -> Iterator[Record]:
    """Reads Examples of the Object Detection API's schema, in order.

    Raises:
        InputError: a file is damaged or holds something else.
    """
    for path in files:
        for number, data in enumerate(read_tfrecord(path), 1):
            place = f"record {number}"
            try:
                record = _record(data, f"{path.name} {place}")
            except (DecodeError, ValueError) as error:
                raise InputError(
                    path,
                    f"is damaged or of another schema ({error})",
                    place=place,
                    remedy="write it again with scripts/csv_to_tfrecord.py",
                ) from error
            yield record


def _record(data: bytes, name: str) -> Record:
    feature = Example.FromString(data).features.feature
    height = _one(feature[keys.HEIGHT].int64_list.value, keys.HEIGHT)
    width = _one(feature[keys.WIDTH].int64_list.value, keys.WIDTH)
    edges = [
        np.array(feature[key].float_list.value, np.float32)
        for key in keys.BOX_EDGES.values()
    ]
    size = np.array([width, height] * 2, np.float32)
    boxes = np.stack(edges, axis=1) * size
    box_areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    zeros = np.zeros(len(boxes), np.int64)
    names = feature[keys.CLASS_TEXT].bytes_list.value
    filename = _text(feature, keys.FILENAME)
    source_id = _text(feature, keys.SOURCE_ID)
    return Record(
        source_id=source_id or filename or name,
        filename=filename or source_id or name,
        encoded=_one(feature[keys.ENCODED].bytes_list.value, keys.ENCODED),
        width=width,
        height=height,
        boxes=boxes,
        class_ids=_given(feature[keys.CLASS_LABEL].int64_list, zeros),
        class_names=[name.decode() for name in names],
        is_crowd=_given(feature[keys.IS_CROWD].int64_list, zeros),
        areas=_given(feature[keys.AREA].float_list, box_areas),
    )


def _text(feature: Any, key: str) -> str:
    values = feature[key].bytes_list.value
    return str(_one(values, key), "utf-8") if values else ""


def _one(values: Sequence[T], key: str) -> T:
    if len(values) != 1:
        raise ValueError(f"{len(values)} values of {key}")
    return values[0]


def _given(feature_list: Any, default: Array) -> Array:
    """Returns a value per box: the feature's or, if it has none, `default`."""
    values = feature_list.value
    if not values:
        return default
    if len(values) != len(default):
        raise ValueError(f"{len(values)} values for {len(default)} boxes")
    return np.array(values, default.dtype)
