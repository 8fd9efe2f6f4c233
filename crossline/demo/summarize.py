"""Gathers what a demo made, from its two folders."""

from pathlib import Path

from crossline.annotations.table import read_csv
from crossline.demo.counts import (
    CountedVideo,
    compare_counts,
    read_count,
    read_truth,
    require_lines,
    unpaired,
)
from crossline.demo.evidence import Evidence
from crossline.demo.losses import read_losses
from crossline.demo.scores import DemoScores, read_scores, size_of
from crossline.demo.stages import read_stages
from crossline.demo.summary import DemoSummary
from crossline.detect.metadata import read_metadata
from crossline.errors import InputError
from crossline.evaluate.coco_results import read_results
from crossline.evaluate.ground_truth import ground_truth_of
from crossline.evaluate.judged_images import judge_images
from crossline.video.count_video import SUMMARY_NAME
from crossline.video.draw import class_color


def summarize(data: Path, run: Path) -> tuple[DemoSummary, Evidence]:
    """Reads and compares everything, but for pictures.

    Args:
        data: folder of the sample, with ``val.csv``.
        run: folder with ``stages.tsv``, ``train/``, ``evaluation.json``,
            ``street/`` and perhaps ``people/``.

    Raises:
        InputError: something is missing, or not what it should be.
    """
    truth, street = read_truth(data), read_count(run / "street")
    require_lines(street, truth)
    scores = read_scores(run / "evaluation.json")
    _require_same_model(street, scores, run)
    missed, invented = unpaired(street.crossings, truth.crossings)
    people = run / "people"
    has_footage = (people / SUMMARY_NAME).exists()
    summary = DemoSummary(
        stages=read_stages(run / "stages.tsv"),
        scores=scores,
        street=street,
        counts=compare_counts(street.totals, truth.totals),
        missed=missed,
        invented=invented,
        footage=read_count(people) if has_footage else None,
        files=_sizes(scores, data, run),
    )
    table = read_csv(data / "val.csv")
    objects = ground_truth_of(table, data / "val.csv")
    results = read_results(scores.int8.detections, objects)
    classes = read_metadata(scores.saved_model.path).classes
    return summary, Evidence(
        summary=summary,
        true=truth,
        street=run / "street",
        footage=people,
        images=data / "images",
        judged=judge_images(objects, results, street.min_score),
        min_score=street.min_score,
        losses=read_losses(run / "train"),
        colors={name: class_color(id_) for id_, name in classes.items()},
    )


def _require_same_model(
    street: CountedVideo, scores: DemoScores, run: Path
) -> None:
    """Makes sure that the model that counted is the one that was judged."""
    if Path(street.model).resolve() != scores.int8.path.resolve():
        raise InputError(
            run / "street",
            f"was counted by {street.model}; {scores.int8.path} was evaluated",
            remedy="count and evaluate with the same int8 file",
        )


def _sizes(scores: DemoScores, data: Path, run: Path) -> dict[str, int]:
    export = scores.saved_model.path
    paths = [
        data / "street.mp4",
        export / "saved_model",
        *sorted(export.glob("*.tflite")),
        run / "street" / "annotated.mp4",
    ]
    return {str(path): size_of(path) for path in paths if path.exists()}
