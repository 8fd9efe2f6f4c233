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

Seconds = npt.NDArray[np.float64]
_WARM_UP = 5
"""Rounds that are not counted: caches fill, kernels choose themselves."""


@dataclass(frozen=True)
class Latency:
    """Of one detection, from the decoded image to the boxes, in ms.

    Attributes:
        median: of the time that passed.
        p95: its 95th percentile.
        processor: median of the time that the calling thread computed; with
            one thread that is all, and other work on the machine is left out.
    """

    median: float
    p95: float
    processor: float


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
    shape = (rounds + _WARM_UP, len(detectors))
    taken: Seconds = np.empty(shape)
    computed: Seconds = np.empty(shape)
    for number in progress(range(len(taken)), "latency", unit="round"):
        image = images[number % len(images)]
        for index in generator.permutation(len(detectors)):
            start, thread_start = time.perf_counter(), time.thread_time()
            detectors[index].detect(image)
            taken[number, index] = time.perf_counter() - start
            computed[number, index] = time.thread_time() - thread_start
    medians, p95s = np.percentile(taken[_WARM_UP:], [50, 95], axis=0)
    processor = np.median(computed[_WARM_UP:], axis=0)
    in_seconds = np.stack([medians, p95s, processor], axis=1)
    return [Latency(*row) for row in (in_seconds * 1000).tolist()]
