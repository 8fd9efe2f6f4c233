"""What a detector is, and how to open one by its path.

Importing this module loads no back end: `open_detector` imports the one that
the path asks for.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from crossline.errors import InputError
from crossline.geometry import Detections, Image


class Detector(Protocol):
    """Image in, detections out. Several threads may ask at once.

    Attributes:
        class_names: label map id (from 1) to name.
    """

    class_names: Mapping[int, str]

    def detect(self, image: Image) -> Detections:
        """Returns what it sees, best first, in pixels of `image`.

        Args:
            image: RGB, ``(height, width, 3)``, uint8, of any size.
        """
        ...


def open_detector(
    path: Path,
    threads: int = 2,
    tiles: tuple[int, int] = (1, 1),
    delegate: str | None = None,
) -> Detector:
    """Opens a ``.tflite`` file, or an export folder, or its ``saved_model``.

    Args:
        path: where the model is.
        threads: for the TFLite interpreter; a SavedModel takes what
            TensorFlow gives it.
        tiles: columns and rows, see `crossline.detect.tiles.TiledDetector`.
        delegate: of the interpreter, see `crossline.detect.delegates`.

    Raises:
        InputError: there is no model at `path`, or no such delegate for it.
    """
    detector = _open(path, threads, delegate)
    if tiles == (1, 1):
        return detector
    from crossline.detect.tiles import TiledDetector

    return TiledDetector(detector, *tiles)


def _open(path: Path, threads: int, delegate: str | None) -> Detector:
    if path.suffix == ".tflite":
        from crossline.detect.tflite import TFLiteDetector

        return TFLiteDetector(path, threads, delegate=delegate)
    for folder in (path, path / "saved_model"):
        if (folder / "saved_model.pb").is_file():
            if delegate:
                raise InputError(
                    path,
                    "is a SavedModel, which takes no delegate",
                    remedy="name a .tflite file",
                )
            from crossline.detect.saved_model import SavedModelDetector

            return SavedModelDetector(folder)
    raise InputError(
        path,
        "no model here" if path.exists() else "no such file or folder",
        remedy="name a .tflite file or an export folder",
    )
