"""Everything beyond COCO's numbers that is said of one model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crossline.evaluate.calibration import Calibration, calibration_of
from crossline.evaluate.coco_results import CocoResult
from crossline.evaluate.confusion import Confusion, confusion_of
from crossline.evaluate.curves import Curves, curves_of
from crossline.evaluate.error_costs import ErrorAnalysis, error_analysis
from crossline.evaluate.ground_truth import GroundTruth
from crossline.evaluate.matching import Matches
from crossline.evaluate.outcomes import Outcomes, outcomes_of
from crossline.evaluate.plain import NOT_IN_JSON
from crossline.evaluate.size_recall import SizeRecall, recall_by_size


@dataclass(frozen=True)
class Analysis:
    """What goes wrong, and at which threshold it goes best.

    What needs a threshold (the matrix, the counts of errors) is taken at
    `Curves.best_threshold`, the same for all classes.

    Attributes:
        curves: precision, recall and F1 against the score.
        confusion: true against detected classes.
        errors: their kinds and costs.
        calibration: of all scores.
        class_calibration: by class name.
        recall_by_size: at the threshold, by class name and size.
        outcomes: what all this is made from.
    """

    curves: Curves
    confusion: Confusion
    errors: ErrorAnalysis
    calibration: Calibration
    class_calibration: Mapping[str, Calibration]
    recall_by_size: Mapping[str, Mapping[str, SizeRecall]]
    outcomes: Outcomes = field(repr=False, metadata=NOT_IN_JSON)

    @property
    def threshold(self) -> float:
        """The one score that all classes are best asked for."""
        return self.curves.best_threshold


def analysis_of(
    truth: GroundTruth, results: Sequence[CocoResult], matches: Matches
) -> Analysis:
    """Looks into what `match` found of `results` in `truth`.

    `metrics_of` must have been called on `matches`.
    """
    curves = curves_of(matches)
    outcomes = outcomes_of(truth, results, matches)
    return Analysis(
        curves,
        confusion_of(outcomes, curves.best_threshold),
        error_analysis(outcomes, curves.best_threshold),
        calibration_of(outcomes),
        {name: calibration_of(outcomes, name) for name in matches.class_names},
        recall_by_size(outcomes, curves.best_threshold),
        outcomes,
    )
