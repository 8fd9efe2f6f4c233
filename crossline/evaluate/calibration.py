"""Whether a score of 0.7 is right in seven cases of ten.

After Guo et al., On Calibration of Modern Neural Networks (ICML 2017), with
a detection being right when it finds an object of its class at IoU 0.50.
"""

from dataclasses import dataclass

import numpy as np

from crossline.evaluate.matching import Mask, ScoreArray
from crossline.evaluate.outcomes import Outcomes
from crossline.geometry import IntArray

LEAST_SCORE = 0.3
"""Below it stands what nobody acts on, in numbers that would hide the rest."""
BINS = 7
"""From `LEAST_SCORE` to 1, a tenth each."""


@dataclass(frozen=True)
class Calibration:
    """The scores of one or of all classes, in `BINS` equal bins.

    Attributes:
        counts: ``(7,)`` int64, detections.
        mean_scores: ``(7,)``; NaN where a bin is empty.
        precisions: ``(7,)``, share that is right; NaN likewise.
        expected_error: mean distance of the two, weighted by `counts` (ECE);
            None without any detection.
        excess: mean score less share that is right, of all: above 0 it
            promises too much, below too little. None likewise.
    """

    counts: IntArray
    mean_scores: ScoreArray
    precisions: ScoreArray
    expected_error: float | None
    excess: float | None


def calibration_of(
    outcomes: Outcomes, class_name: str | None = None
) -> Calibration:
    """Compares scores with what is right; of all classes without a name."""
    chosen: Mask = outcomes.scores >= LEAST_SCORE
    if class_name is not None:
        chosen = chosen & (
            outcomes.class_indices == outcomes.class_names.index(class_name)
        )
    scores, is_right = outcomes.scores[chosen], outcomes.is_right[chosen]
    width = (1 - LEAST_SCORE) / BINS
    # A hair more, since 0.3 is less than the sum of three tenths.
    bins = np.floor((scores - LEAST_SCORE) / width + 1e-9).astype(np.int64)
    bins = np.minimum(bins, BINS - 1)
    counts = np.bincount(bins, minlength=BINS)
    with np.errstate(invalid="ignore"):
        mean_scores = np.bincount(bins, scores, BINS) / counts
        precisions = np.bincount(bins, is_right, BINS) / counts
    if not len(scores):
        return Calibration(counts, mean_scores, precisions, None, None)
    gaps = np.nan_to_num(np.abs(mean_scores - precisions))
    return Calibration(
        counts,
        mean_scores,
        precisions,
        float(gaps @ counts / len(scores)),
        float(scores.mean() - is_right.mean()),
    )
