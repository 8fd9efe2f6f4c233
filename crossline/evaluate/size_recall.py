"""How many objects of which size are found, at one threshold."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from crossline.evaluate.matching import AREA_RANGES
from crossline.evaluate.outcomes import Outcomes

_BORDERS = (32**2, 96**2)
SIZES = AREA_RANGES[1:]


@dataclass(frozen=True)
class SizeRecall:
    """Objects of one class and size, at IoU 0.50.

    Attributes:
        objects: how many there are to find.
        found: at the threshold.
        found_weaker: by a detection of any score.
    """

    objects: int
    found: int
    found_weaker: int


def recall_by_size(
    outcomes: Outcomes, threshold: float
) -> Mapping[str, Mapping[str, SizeRecall]]:
    """Counts by class name and by COCO's sizes: small, medium, large."""
    objects = outcomes.objects
    sizes = np.digitize(objects.areas, _BORDERS)
    found = outcomes.above(threshold).is_found
    counts: dict[str, dict[str, SizeRecall]] = {}
    for k, name in enumerate(outcomes.class_names):
        counts[name] = {}
        for place, size in enumerate(SIZES):
            chosen = (objects.class_indices == k) & (sizes == place)
            counts[name][size] = SizeRecall(
                int(chosen.sum()),
                int((chosen & found).sum()),
                int((chosen & outcomes.is_found).sum()),
            )
    return counts
