"""Detectors in a ``.tflite`` file: what a device runs.

The file is one of `scripts/export.py`: an SSD of the Object Detection API
whose graph ends in ``TFLite_Detection_PostProcess``, with its metadata
appended (`crossline.detect.metadata`).
"""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from crossline.detect.metadata import read_appended_metadata
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


class TFLiteDetector:
    """See `crossline.detect.detector.Detector`.

    Args:
        path: the ``.tflite`` file.
        threads: of the interpreter.

    Raises:
        InputError: the file is missing, damaged, carries no metadata or is
            no detector.
    """

    def __init__(self, path: Path, threads: int = 2) -> None:
        require_file(path)
        self.class_names: Mapping[int, str] = read_appended_metadata(
            path
        ).classes
        self._runner = _signature_runner(path, threads)
        ((self._input_name, details),) = (
            self._runner.get_input_details().items()
        )
        _, self._height, self._width, _ = details["shape"]
        self._pixel_values = _pixel_values(
            details["dtype"], details["quantization"]
        )

    def detect(self, image: Image) -> Detections:
        """See `crossline.detect.detector.Detector`."""
        resized = resize_as_trained(image, self._width, self._height)
        values = cv2.LUT(resized, self._pixel_values)
        found = self._runner(**{self._input_name: values[None]})
        count = int(found[_COUNT].item())
        height, width = image.shape[:2]
        boxes = normalized_to_pixels(found[_BOXES][0], width, height)
        # The op counts classes from 0, label maps from 1.
        return Detections.of(
            clip_boxes(boxes, width, height),
            found[_SCORES][0],
            found[_CLASSES][0] + 1,
        )[:count]


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


def _signature_runner(path: Path, threads: int) -> Any:
    remedy = "export it again with scripts/export.py"
    try:
        interpreter = _interpreter_class()(
            model_path=str(path), num_threads=threads
        )
        interpreter.allocate_tensors()
        _post_process_in_one_thread(interpreter)
        runner = interpreter.get_signature_runner()
    except (ValueError, RuntimeError) as error:
        raise InputError(
            path, f"TFLite cannot load it ({error})", remedy=remedy
        ) from error
    missing = {_COUNT, _SCORES, _CLASSES, _BOXES} - set(
        runner.get_output_details()
    )
    if missing:
        raise InputError(
            path,
            f"is no detector: no output {', '.join(sorted(missing))}",
            remedy=remedy,
        )
    return runner


def _post_process_in_one_thread(interpreter: Any) -> None:
    """Keeps the detection op from losing whole classes.

    With two threads its regular NMS forgets classes that fall between them
    (tensorflow/tensorflow#56058, still so in LiteRT 2.3). The network itself
    keeps its threads: XNNPACK took them when the tensors were allocated.
    """
    interpreter._interpreter.SetNumThreads(1)


def _interpreter_class() -> Any:
    """Returns the Interpreter of LiteRT, or of what came before it."""
    for name in ("ai_edge_litert.interpreter", "tflite_runtime.interpreter"):
        try:
            return importlib.import_module(name).Interpreter
        except ModuleNotFoundError:
            continue
    return importlib.import_module("tensorflow").lite.Interpreter
