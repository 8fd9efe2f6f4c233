"""TFLite files side by side: size, accuracy, latency, memory, start-up."""

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from crossline.benchmark.latency import Latency, latencies
from crossline.benchmark.start_up import StartUp, start_ups
from crossline.detect.tflite import TFLiteDetector
from crossline.errors import InputError
from crossline.evaluate.coco_metrics import Metrics, metrics_of
from crossline.evaluate.coco_results import detect_all, require_known_classes
from crossline.evaluate.ground_truth import GroundTruth
from crossline.evaluate.matching import match
from crossline.geometry import Image

ReadImages = Callable[[], Iterable[tuple[str, Image]]]
_SHOWN_IMAGES = 20
_START_UPS = 5


@dataclass(frozen=True)
class Setting:
    """How a file is run.

    Attributes:
        threads: of the interpreter.
        xnnpack: see `crossline.detect.tflite.TFLiteDetector`.
    """

    threads: int
    xnnpack: bool

    def __str__(self) -> str:
        if not self.xnnpack:
            return "without XNNPACK"
        return f"{self.threads} thread{'s' if self.threads > 1 else ''}"


SETTINGS = (Setting(1, True), Setting(2, True), Setting(1, False))
"""Without XNNPACK one thread does it all, see `TFLiteDetector`."""
USUAL = SETTINGS[1]
"""How `open_detector` opens a file."""


@dataclass(frozen=True)
class Measured:
    """What was measured of one file.

    Attributes:
        name: short, tells it from the others.
        megabytes: of the file.
        gzip_megabytes: of the file as an archive or a download holds it.
        metrics: COCO's.
        latency: by setting.
        start_up: with two threads.
    """

    name: str
    megabytes: float
    gzip_megabytes: float
    metrics: Metrics
    latency: Mapping[Setting, Latency]
    start_up: StartUp


def tflite_files(models: Sequence[Path]) -> list[Path]:
    """Returns the files: those given, and those in the folders given.

    Raises:
        InputError: a folder holds none.
    """
    files = []
    for model in models:
        found = sorted(model.glob("*.tflite")) if model.is_dir() else [model]
        if not found:
            raise InputError(
                model,
                "holds no .tflite file",
                remedy="make some with scripts/export.py",
            )
        files += found
    return files


def measure(
    files: Mapping[str, Path],
    truth: GroundTruth,
    read_images: ReadImages,
    classes: Sequence[str],
    rounds: int,
) -> list[Measured]:
    """Measures TFLite files.

    Args:
        files: by a short name.
        truth: the objects to be found.
        read_images: starts over the images of `truth`, filename and RGB.
        classes: the ones to judge by.
        rounds: see `crossline.benchmark.latency.latencies`.

    Raises:
        InputError: a file is no detector, or does not know a class.
    """
    paths = list(files.values())
    detectors = [
        [TFLiteDetector(path, s.threads, xnnpack=s.xnnpack) for s in SETTINGS]
        for path in paths
    ]
    usual = [each[SETTINGS.index(USUAL)] for each in detectors]
    for path, detector in zip(paths, usual, strict=True):
        require_known_classes(detector.class_names.values(), classes, path)
    images = [image for _, image in islice(read_images(), _SHOWN_IMAGES)]
    every = [detector for each in detectors for detector in each]
    taken: Iterator[Latency] = iter(latencies(every, images, rounds))
    by_setting = [{s: next(taken) for s in SETTINGS} for _ in paths]
    started = start_ups(paths, _START_UPS)
    return [
        Measured(
            name,
            path.stat().st_size / 1e6,
            len(gzip.compress(path.read_bytes())) / 1e6,
            metrics_of(
                match(truth, detect_all(one, read_images(), truth), classes)
            ),
            latency,
            start_up,
        )
        for (name, path), one, latency, start_up in zip(
            files.items(), usual, by_setting, started, strict=True
        )
    ]
