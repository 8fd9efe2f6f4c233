"""An evaluation as a table to read and as JSON to keep."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crossline.evaluate.analysis import Analysis
from crossline.evaluate.bootstrap import (
    BOOTSTRAPPED,
    RESAMPLES,
    Difference,
)
from crossline.evaluate.coco_metrics import Metrics
from crossline.evaluate.findings import Finding
from crossline.evaluate.plain import json_text

_SUMMARY_ROWS = {
    "AP": "all",
    "AP50": "all",
    "AP75": "all",
    "AP_small": "small",
    "AP_medium": "medium",
    "AP_large": "large",
    "AR100": "all",
}
"""What the table shows of the summary, and whose objects it is about."""


@dataclass(frozen=True)
class Judgement:
    """One model's part of an evaluation.

    Attributes:
        name: short, tells it from the others.
        model: where the model is.
        detections: where its detections are kept.
        metrics: what COCO says of it.
        analysis: what goes wrong.
        intervals: of AP, AP50 and each class's AP, see
            `crossline.evaluate.bootstrap`.
        undetected: classes of which it found nothing, right or wrong, on
            any image: more likely a fault than a score of 0.
        differences: from the first model; None for the first itself.
        findings: what all this comes to, in words.
    """

    name: str
    model: Path
    detections: Path
    metrics: Metrics
    analysis: Analysis
    intervals: Mapping[str, Difference]
    undetected: Sequence[str] = ()
    differences: Mapping[str, Difference] | None = None
    findings: Sequence[Finding] = ()


@dataclass(frozen=True)
class Evaluation:
    """Models judged on the same images and classes, at least one.

    Attributes:
        source: where the ground truth is from.
        images: how many.
        judgements: a model each; the first is what the rest compares with.
    """

    source: str
    images: int
    judgements: Sequence[Judgement]

    def to_json(self) -> str:
        """Returns all of it; n/a is null."""
        return json_text(
            {
                "source": self.source,
                "images": self.images,
                "classes": list(self.judgements[0].metrics.per_class),
                "resamples": RESAMPLES,
                "models": self.judgements,
            }
        )

    def to_text(self) -> str:
        """Returns the table, a column per model, and the differences."""
        return "\n".join([*self._head(), "", *self._rows(), *self._tail()])

    def _head(self) -> Iterator[str]:
        metrics = self.judgements[0].metrics
        yield (
            f"{self.source}: {self.images} images, "
            f"{metrics.objects['all']} objects (crowds left out), "
            f"judged on {', '.join(metrics.per_class)}"
        )
        for number, judgement in enumerate(self.judgements, 1):
            yield f"({number}) {judgement.name}"

    def _rows(self) -> Iterator[str]:
        models = [judgement.metrics for judgement in self.judgements]
        per_class = models[0].per_class
        width = max(map(len, [*_SUMMARY_ROWS, *per_class]))
        columns = "".join(f"{f'({i + 1})':>8}" for i in range(len(models)))
        yield f"{'':{width}} {'objects':>8}{columns}"
        for name, area_range in _SUMMARY_ROWS.items():
            scores = [model.summary[name] for model in models]
            label = name.replace("_", " ")
            yield _row(label, width, models[0].objects[area_range], scores)
        yield "AP by class"
        for name, metrics in per_class.items():
            scores = [model.per_class[name].AP for model in models]
            yield _row(name, width, metrics.objects, scores)

    def _tail(self) -> Iterator[str]:
        for number, judgement in enumerate(self.judgements, 1):
            if judgement.undetected:
                names = ", ".join(judgement.undetected)
                yield (
                    f"({number}) detects nothing at all of: {names}; where "
                    "training was short, no score may reach the threshold "
                    "that a TFLite file has"
                )
            if judgement.differences is not None:
                described = ", ".join(
                    f"{name} {difference.estimate:+.3f} "
                    f"[{difference.low:+.3f}, {difference.high:+.3f}]"
                    for name in BOOTSTRAPPED
                    if (difference := judgement.differences.get(name))
                )
                yield f"({number}) against (1): {described}"
        if len(self.judgements) > 1:
            yield f"in brackets: 95 % of {RESAMPLES} resamples of the images"


def _row(
    label: str, width: int, objects: int, scores: Sequence[float | None]
) -> str:
    cells = "".join(
        f"{'n/a' if score is None else f'{score:.3f}':>8}" for score in scores
    )
    return f"{label:{width}} {objects:8d}{cells}"


def short_names(models: Sequence[Path]) -> list[str]:
    """Returns names that tell models apart and suit a file.

    They are the last two parts of the path, or as many as it takes:
    ``exported/street/model_int8.tflite`` is ``street-model_int8``.
    """
    parts = [_bare(model.resolve()).parts[1:] for model in models]
    for count in range(2, max(map(len, parts)) + 1):
        names = ["-".join(each[-count:]) for each in parts]
        if len(set(names)) == len(names):
            break
    return names


def _bare(model: Path) -> Path:
    """Drops the endings of files; a folder's name may have a dot."""
    name = model.name
    for ending in (".tflite", ".json", ".detections"):
        name = name.removesuffix(ending)
    return model.with_name(name)
