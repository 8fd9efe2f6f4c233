"""Detectors in a ``.tflite`` file: what a device runs.

The file is one of `scripts/export.py`: an SSD of the Object Detection API
whose graph ends in ``TFLite_Detection_PostProcess``, with its metadata
appended (`crossline.detect.metadata`).
"""

import contextlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from crossline.detect.interpreter import AGAIN, load_interpreter, refusing
from crossline.detect.metadata import split_model
from crossline.errors import InputError
from crossline.files import require_file
from crossline.geometry import (
    Detections,
    Image,
    clip_boxes,
    normalized_to_pixels,
)

# By signature, never by index: converters order the outputs as they like.
_COUNT, _SCORES, _CLASSES, _BOXES = (f"output_{k}" for k in range(4))
_DETECTION_OP = "TFLite_Detection_PostProcess"
_INPUT_TYPES = ("float32", "uint8", "int8")


class TFLiteDetector:
    """See `crossline.detect.detector.Detector`.

    Args:
        path: the ``.tflite`` file.
        threads: see `crossline.detect.interpreter.load_interpreter`, as the
            others.
        xnnpack: likewise.
        delegate: likewise.

    Raises:
        InputError: the file is missing, damaged, carries no metadata, is no
            detector, or has labels of another one.
    """

    def __init__(
        self,
        path: Path,
        threads: int = 2,
        *,
        xnnpack: bool = True,
        delegate: str | None = None,
    ) -> None:
        model, metadata = split_model(require_file(path).read_bytes(), path)
        self.class_names: Mapping[int, str] = metadata.classes
        self._load = partial(
            load_interpreter,
            model,
            path,
            threads=threads,
            xnnpack=xnnpack,
            delegate=delegate,
        )
        interpreter = self._load()
        with refusing(path):
            runner = interpreter.get_signature_runner()
            self._input_name, details = _image_input(runner, path)
            _, self._height, self._width, _ = details["shape"]
            self._pixel_values = _pixel_values(
                details["dtype"], details["quantization"]
            )
            _require_outputs(runner, path)
            _require_labels(interpreter, metadata.classes, path)
            # An interpreter works for one thread at a time.
            self._idle = [runner]
            # What can be loaded may fail as soon as it is run.
            self.detect(np.zeros((1, 1, 3), np.uint8))

    def detect(self, image: Image) -> Detections:
        """See `crossline.detect.detector.Detector`."""
        resized = resize_as_trained(image, self._width, self._height)
        values = cv2.LUT(resized, self._pixel_values)
        with self._runner() as runner:
            found = runner(**{self._input_name: values[None]})
        # Behind them the op leaves whatever was in memory.
        count = int(found[_COUNT].item())
        height, width = image.shape[:2]
        boxes = normalized_to_pixels(found[_BOXES][0, :count], width, height)
        # The op counts classes from 0, label maps from 1.
        return Detections.of(
            clip_boxes(boxes, width, height),
            found[_SCORES][0, :count],
            found[_CLASSES][0, :count] + 1,
        )

    @contextlib.contextmanager
    def _runner(self) -> Iterator[Any]:
        """Lends an interpreter; loads one more where all are at work."""
        try:
            runner = self._idle.pop()
        except IndexError:
            runner = self._load().get_signature_runner()
        yield runner
        self._idle.append(runner)


def resize_as_trained(image: Image, width: int, height: int) -> Image:
    """Stretches an image as the API's ``fixed_shape_resizer`` does.

    That is TensorFlow 1's bilinear: output pixel k looks at k * scale, where
    `cv2.resize` looks at (k + 0.5) * scale - 0.5, and the network has learnt
    where its boxes lie with the former.
    """
    scale = np.array(
        [[image.shape[1] / width, 0, 0], [0, image.shape[0] / height, 0]]
    )
    return cv2.warpAffine(
        image,
        scale,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.uint8, copy=False)


def _pixel_values(
    dtype: npt.DTypeLike, quantization: tuple[float, int]
) -> npt.NDArray[Any]:
    """Returns what the network's input has for the pixel values 0 to 255.

    SSD MobileNets want -1 to 1; quantised inputs hold that in steps of
    `scale` around `zero point`.
    """
    values = np.arange(256) / 127.5 - 1
    if np.issubdtype(dtype, np.floating):
        return values.astype(dtype)
    scale, zero_point = quantization
    limits = np.iinfo(np.dtype(dtype))
    steps = np.rint(values / scale + zero_point)
    return np.clip(steps, limits.min, limits.max).astype(dtype)


def _image_input(runner: Any, source: Path) -> tuple[str, Mapping[str, Any]]:
    """Returns name and details of the one input, a batch of one image."""
    inputs = runner.get_input_details()
    name, details = next(iter(inputs.items()))
    shape, dtype = details["shape"].tolist(), np.dtype(details["dtype"])
    is_image = len(shape) == 4 and (shape[0], shape[3]) == (1, 3)
    if len(inputs) > 1 or not is_image or dtype.name not in _INPUT_TYPES:
        raise InputError(
            source,
            f"is no detector: of {len(inputs)} inputs the first is "
            f"{dtype.name} of shape {shape}, not one RGB image of "
            f"{', '.join(_INPUT_TYPES)}",
            remedy=AGAIN,
        )
    return name, details


def _require_outputs(runner: Any, source: Path) -> None:
    missing = {_COUNT, _SCORES, _CLASSES, _BOXES} - set(
        runner.get_output_details()
    )
    if missing:
        raise InputError(
            source,
            f"is no detector: no output {', '.join(sorted(missing))}",
            remedy=AGAIN,
        )


def _require_labels(
    interpreter: Any, classes: Mapping[int, str], source: Path
) -> None:
    """Compares the labels with the scores that the detection op reads."""
    for operation in interpreter._get_ops_details():
        if operation["op_name"] == _DETECTION_OP:
            scores = interpreter._get_tensor_details(operation["inputs"][1], 0)
            # The first column is the background's.
            count = int(scores["shape"][-1]) - 1
            if max(classes) != count:
                raise InputError(
                    source,
                    f"its labels end with id {max(classes)}, "
                    f"{classes[max(classes)]!r}, but it tells {count} "
                    "classes apart",
                    remedy="give it the label map that it was trained with",
                )
