"""The images that show TFLite's converter how large activations become."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crossline.errors import InputError
from crossline.odapi.export import model_preprocessing
from crossline.odapi.pipeline_config import PLACEHOLDER
from crossline.records.images import decode_image
from crossline.records.read import read_records, require_records


@dataclass(frozen=True)
class Calibration:
    """Which images show the converter the ranges of activations.

    Attributes:
        records: path or glob; None for those that the config trains on.
        images: how many; more make the ranges surer, up to some hundreds.
        seed: for choosing them.
    """

    records: str | None
    images: int
    seed: int


def calibration_inputs(
    pipeline: Any, calibration: Calibration
) -> list[npt.NDArray[np.float32]]:
    """Returns preprocessed images, chosen by seed from the records."""
    patterns = (
        [calibration.records]
        if calibration.records
        else pipeline.train_input_reader.tf_record_input_reader.input_path
    )
    if PLACEHOLDER in patterns:
        raise InputError(
            "int8",
            "needs images to calibrate it, and the checkpoint names none",
            remedy="pass --calibration-records or other --precisions",
        )
    files = [file for pattern in patterns for file in require_records(pattern)]
    chosen = draw_some(
        (record.encoded for record in read_records(files)),
        calibration.images,
        calibration.seed,
    )
    preprocess = model_preprocessing(pipeline)
    return [preprocess(decode_image(data)) for data in chosen]


def draw_some(items: Iterable[bytes], count: int, seed: int) -> list[bytes]:
    """Draws `count` items in one pass, without holding the others.

    Source: Vitter's algorithm R, "Random Sampling with a Reservoir", 1985.
    """
    generator = random.Random(seed)
    drawn: list[bytes] = []
    for number, item in enumerate(items):
        if number < count:
            drawn.append(item)
        elif (place := generator.randrange(number + 1)) < count:
            drawn[place] = item
    return drawn
