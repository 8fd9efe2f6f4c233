"""From detections of one or more models to what is said of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crossline.detect.detector import Detector
from crossline.evaluate.analysis import analysis_of
from crossline.evaluate.bootstrap import ScoreArray, resampled_models, spread
from crossline.evaluate.coco_metrics import metrics_of
from crossline.evaluate.coco_results import (
    CocoResult,
    detect_all,
    read_results,
    write_results,
)
from crossline.evaluate.findings import findings_of
from crossline.evaluate.ground_truth import GroundTruth
from crossline.evaluate.matching import Matches, match
from crossline.evaluate.report import Evaluation, Judgement
from crossline.geometry import Image


@dataclass(frozen=True)
class Candidate:
    """A model and what it detected.

    Attributes:
        name: short, tells it from the others.
        model: where it is.
        detections: where `results` are kept.
        results: of the images of the ground truth.
    """

    name: str
    model: Path
    detections: Path
    results: Sequence[CocoResult]


def candidate_of(
    name: str,
    model: Path,
    detector: Detector | None,
    truth: GroundTruth,
    read_images: Callable[[], Iterable[tuple[str, Image]]],
    kept: Path,
) -> Candidate:
    """Runs a detector and keeps what it finds.

    Args:
        name: of the candidate.
        model: where it is.
        detector: the model opened; None where `model` is itself a file of
            kept detections, which is then read.
        truth: the objects.
        read_images: starts over the images of `truth`, filename and RGB.
        kept: where to write the detections.

    Raises:
        InputError: an image or the file of detections is bad.
    """
    if detector is None:
        return Candidate(name, model, model, read_results(model, truth))
    results = detect_all(detector, read_images(), truth)
    write_results(results, kept)
    return Candidate(name, model, kept, results)


def evaluate(
    truth: GroundTruth,
    candidates: Sequence[Candidate],
    classes: Sequence[str] | None = None,
) -> Evaluation:
    """Judges models on a ground truth, and compares them with the first.

    Args:
        truth: the objects.
        candidates: at least one.
        classes: the ones to judge by; all of `truth` without it.

    Raises:
        InputError: a class that is wanted has no object in `truth`.
    """
    matches = [match(truth, each.results, classes) for each in candidates]
    drawn = resampled_models([[each] for each in matches])
    return Evaluation(
        str(truth.source),
        len(truth.image_ids),
        [
            _judgement(
                truth,
                each,
                found,
                scores,
                scores - drawn[0],
                scores is drawn[0],
            )
            for each, found, scores in zip(
                candidates, matches, drawn, strict=True
            )
        ],
    )


def _judgement(
    truth: GroundTruth,
    candidate: Candidate,
    found: Matches,
    scores: ScoreArray,
    differences: ScoreArray,
    is_first: bool,
) -> Judgement:
    # The metrics first: the analysis reads what they accumulate.
    metrics = metrics_of(found)
    analysis = analysis_of(truth, candidate.results, found)
    undetected = [n for n in found.class_names if not len(found.of_class(n))]
    intervals = spread(found, scores)
    compared = None if is_first else spread(found, differences)
    return Judgement(
        candidate.name,
        candidate.model,
        candidate.detections,
        metrics,
        analysis,
        intervals,
        undetected,
        compared,
        findings_of(metrics, analysis, intervals, undetected, compared),
    )
