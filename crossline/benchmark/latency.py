"""How long detections take: models in turns, so that all share what disturbs.

On a machine with other work, minutes differ more than models do. Measured one
after the other, the luckiest would win; here each round shows one image to
every model.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crossline.detect.detector import Detector
from crossline.geometry import Image
from crossline.progress import progress

Milliseconds = npt.NDArray[np.float64]
_WARM_UP = 5
"""Rounds that are not counted: caches fill, kernels choose themselves."""


@dataclass(frozen=True)
class Latency:
    """Of one detection, from the decoded image to the boxes, in ms."""

    median: float
    p95: float


def latencies(
    detectors: Sequence[Detector],
    images: Sequence[Image],
    rounds: int,
    seed: int = 1,
) -> list[Latency]:
    """Measures detectors in turns.

    Args:
        detectors: opened.
        images: shown to all of them, one a round.
        rounds: more make the 95th percentile surer.
        seed: of the order, drawn for each round: who comes after a large
            model finds another cache than who comes after a small one.

    Returns:
        The latency of each.
    """
    generator = np.random.default_rng(seed)
    taken: Milliseconds = np.empty((rounds + _WARM_UP, len(detectors)))
    for number in progress(range(len(taken)), "latency", unit="round"):
        image = images[number % len(images)]
        for index in generator.permutation(len(detectors)):
            start = time.perf_counter()
            detectors[index].detect(image)
            taken[number, index] = (time.perf_counter() - start) * 1000
    medians, p95s = np.percentile(taken[_WARM_UP:], [50, 95], axis=0)
    return [
        Latency(float(median), float(p95))
        for median, p95 in zip(medians, p95s, strict=True)
    ]
