"""What an evaluation comes to, in words, each with its number.

Remedies name keys of the experiment's YAML (``configs/experiments``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crossline.evaluate.analysis import Analysis
from crossline.evaluate.bootstrap import BOOTSTRAPPED, Difference, class_key
from crossline.evaluate.calibration import BINS, LEAST_SCORE
from crossline.evaluate.coco_metrics import Metrics
from crossline.evaluate.remedies import LARGER_INPUT, MORE_IMAGES, REMEDIES

FEW_OBJECTS = 50
"""With fewer, one object more or less moves AP by a hundredth or so."""
MOST_CLASSES = 5
"""The weakest ones are looked into."""
_MOST_KINDS = 2
_LEAST_COST = 0.02
_LEAST_GAIN = 0.05
_LEAST_MISCALIBRATION = 0.1


@dataclass(frozen=True)
class Finding:
    """One thing to know, and what may be done about it.

    Attributes:
        kind: for machines: ``size``, ``few_objects``, ``threshold``,
            ``undetected``, ``calibration``, ``better``, ``worse``, ``same``
            or an `ErrorKind.word`.
        class_name: that it is about; empty where it is about all.
        text: a sentence or two with the numbers.
        remedy: with keys of the experiment's YAML; empty where there is
            nothing to do.
    """

    kind: str
    class_name: str
    text: str
    remedy: str = ""


def findings_of(
    metrics: Metrics,
    analysis: Analysis,
    intervals: Mapping[str, Difference],
    undetected: Sequence[str] = (),
    differences: Mapping[str, Difference] | None = None,
) -> list[Finding]:
    """Returns what is worth knowing: in general, then class by class.

    Args:
        metrics: of the model.
        analysis: of the model.
        intervals: of its scores, see `crossline.evaluate.bootstrap`.
        undetected: classes of which it found nothing at all.
        differences: from the first model; None for the first itself.
    """
    scores = {
        name: each.AP
        for name, each in metrics.per_class.items()
        if each.AP is not None
    }
    mean = metrics.summary["AP"] or 0.0
    weakest = sorted(scores, key=lambda name: scores[name])
    weak = [name for name in weakest if scores[name] <= mean]
    findings = [*_compared(differences or {}), *_of_sizes(metrics)]
    for name in weak[:MOST_CLASSES]:
        if name in undetected:
            findings.append(_undetected(name, metrics))
        else:
            findings += _of_class(name, metrics, analysis, intervals)
    findings += _of_thresholds(analysis)
    findings += _of_calibration(analysis)
    return findings


def _compared(differences: Mapping[str, Difference]) -> Iterator[Finding]:
    for key, difference in differences.items():
        name = "" if key in BOOTSTRAPPED else key.removeprefix("AP ")
        is_luck = difference.low <= 0 <= difference.high
        what = key if not name else f"AP of {name}"
        numbers = (
            f"{what} differs from the first model's by "
            f"{difference.estimate:+.3f} (95 %: {difference.low:+.3f} to "
            f"{difference.high:+.3f})"
        )
        if not is_luck:
            kind = "better" if difference.estimate > 0 else "worse"
            yield Finding(
                kind,
                name,
                f"{numbers}: {kind}, beyond the luck of the images.",
            )
        elif key == "AP":
            yield Finding(
                "same",
                "",
                f"{numbers}: these images cannot tell the two apart.",
            )


def _of_sizes(metrics: Metrics) -> Iterator[Finding]:
    small, large = metrics.summary["AP_small"], metrics.summary["AP_large"]
    if small is None or large is None or small > large / 2:
        return
    share = metrics.objects["small"] / metrics.objects["all"]
    yield Finding(
        "size",
        "",
        f"Small objects (below 32 x 32 pixels of the original image) have AP "
        f"{small:.3f}, large ones {large:.3f}; {share:.0%} of the objects "
        f"are small.",
        LARGER_INPUT,
    )


def _undetected(name: str, metrics: Metrics) -> Finding:
    return Finding(
        "undetected",
        name,
        f"{name}: not one detection, right or wrong, for "
        f"{metrics.per_class[name].objects} objects. That is more likely a "
        f"fault than weakness.",
        "Compare the label map with the annotations' names; look whether "
        "`data.classes` holds it and `data.train` has objects of it.",
    )


def _of_class(
    name: str,
    metrics: Metrics,
    analysis: Analysis,
    intervals: Mapping[str, Difference],
) -> Iterator[Finding]:
    """Yields the kinds of errors that cost a class most, and its scarcity."""
    errors = analysis.errors.per_class[name]
    costly = sorted(errors, key=lambda kind: -(errors[kind].cost or 0))
    interval = intervals[class_key(name)]
    lead = (
        f"{name} has AP {interval.estimate:.3f}, the mean of the classes is "
        f"{metrics.summary['AP']:.3f}: "
    )
    for kind in costly[:_MOST_KINDS]:
        cost = errors[kind].cost or 0
        if cost < _LEAST_COST:
            continue
        text = f"{lead}{_reason(kind, name, analysis)}"
        others = ", ".join(
            other for other, _ in analysis.confusion.taken_for(name)
        )
        remedy = REMEDIES[kind].format(
            name=name, others=others or "the other classes"
        )
        if kind == "missed" and _small_share(name, analysis) > 0.5:
            remedy = LARGER_INPUT
        yield Finding(
            kind, name, f"{text} This costs {cost:.3f} AP50.", remedy
        )
        lead = f"{name}: "
    objects = metrics.per_class[name].objects
    if objects < FEW_OBJECTS:
        share = objects / metrics.objects["all"]
        yield Finding(
            "few_objects",
            name,
            f"{lead}only {objects} of {metrics.objects['all']} objects here "
            f"({share:.0%}), so that its AP is known to lie between "
            f"{interval.low:.3f} and {interval.high:.3f} only; if the "
            f"training images have as few, that is a reason as well.",
            MORE_IMAGES.format(name=name),
        )


def _reason(kind: str, name: str, analysis: Analysis) -> str:
    at = f"at the threshold of {analysis.threshold:.2f}"
    count = analysis.errors.per_class[name][kind].count
    detections = f"{count} detection{'' if count == 1 else 's'} {at}"
    if kind == "missed":
        sizes = analysis.recall_by_size[name]
        objects = sum(each.objects for each in sizes.values())
        missed = objects - sum(each.found for each in sizes.values())
        weaker = sum(each.found_weaker - each.found for each in sizes.values())
        small = sizes["small"].objects - sizes["small"].found
        return (
            f"{missed} of {objects} objects are missed {at}; {small} of these "
            f"are small, {weaker} are seen with a weaker score."
        )
    if kind == "classification":
        taken = analysis.confusion.taken_for(name)
        pairs = ", ".join(f"{times} for {other}" for other, times in taken)
        return (
            f"{detections}, and more below it, are on objects of "
            f"another class; of its own objects are taken "
            f"{pairs or 'none for another'}."
        )
    return {
        "localisation": f"{detections}, and more below it, meet "
        f"an object of the class with an IoU from 0.1 to 0.5 only.",
        "both": f"{detections}, and more below it, are badly "
        f"placed on an object of another class.",
        "duplicate": f"{detections} find an object once more.",
        "background": f"{detections} are where no object is.",
    }[kind]


def _small_share(name: str, analysis: Analysis) -> float:
    """Returns how many of the missed objects are small."""
    sizes = analysis.recall_by_size[name]
    missed = {size: each.objects - each.found for size, each in sizes.items()}
    return missed["small"] / max(1, sum(missed.values()))


def _of_thresholds(analysis: Analysis) -> Iterator[Finding]:
    shared = analysis.threshold
    curves = analysis.curves
    mean = float(np.max(curves.f1))
    yield Finding(
        "threshold",
        "",
        f"One threshold for all classes is best at {shared:.2f}: the mean F1 "
        f"is {mean:.2f} there.",
        f"count_video.py and detect_images.py: --min-score {shared:.2f}",
    )
    for name, each in curves.per_class.items():
        here = each.at(shared)
        if not (each.best and here) or each.best.f1 - here.f1 < _LEAST_GAIN:
            continue
        yield Finding(
            "threshold",
            name,
            f"{name} has its best threshold elsewhere, at "
            f"{each.best.threshold:.2f}: F1 {each.best.f1:.2f} instead of "
            f"{here.f1:.2f}.",
            f"Where {name} matters most, --min-score "
            f"{each.best.threshold:.2f}.",
        )


def _of_calibration(analysis: Analysis) -> Iterator[Finding]:
    calibration = analysis.calibration
    error = calibration.expected_error
    if error is None or error < _LEAST_MISCALIBRATION:
        return
    gaps = np.abs(calibration.mean_scores - calibration.precisions)
    worst = int(np.nanargmax(gaps * calibration.counts))
    low = LEAST_SCORE + worst * (1 - LEAST_SCORE) / BINS
    yield Finding(
        "calibration",
        "",
        f"Scores are no probabilities here (calibration error {error:.2f}): "
        f"of {calibration.counts[worst]} detections with a score from "
        f"{low:.1f} to {low + 0.1:.1f}, "
        f"{calibration.precisions[worst]:.0%} are right.",
        "Read scores as an order only, and take the threshold from the "
        "curves.",
    )
