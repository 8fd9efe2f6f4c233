"""After training: export, judgement, quality gate, report."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crossline.detect.detector import Detector, open_detector
from crossline.detect.metadata import METADATA_NAME
from crossline.evaluate.evaluation import Candidate, candidate_of, evaluate
from crossline.evaluate.ground_truth import ground_truth_of
from crossline.evaluate.page import write_evaluation_page
from crossline.evaluate.records import recorded_images, recorded_table
from crossline.evaluate.report import Evaluation
from crossline.experiment.data import Records
from crossline.experiment.folder import RunFolder
from crossline.experiment.gate import (
    Requirement,
    require_passed,
    requirements,
)
from crossline.experiment.report import SAVED_MODEL, write_report
from crossline.experiment.run import Trained
from crossline.experiment.settings import Experiment
from crossline.files import write_text
from crossline.odapi.detector import open_checkpoint
from crossline.quantize.calibration import Calibration
from crossline.quantize.export_folder import export_folder
from crossline.quantize.tflite_files import TfliteChoices

_START, _INT8 = "start", "int8"


@dataclass(frozen=True)
class Finished:
    """What came of an experiment.

    Attributes:
        evaluation: of the export, on the judging part.
        gate: what was wanted of it.
    """

    evaluation: Evaluation
    gate: list[Requirement]


def finish_experiment(
    experiment: Experiment, folder: RunFolder, trained: Trained
) -> Finished:
    """Exports the best checkpoint, judges it and writes the report.

    An export that is there stays, see `crossline.experiment.run`.

    Raises:
        InputError: the quality gate is missed; all is written by then.
    """
    if not (folder.exported / METADATA_NAME).exists():
        _export(experiment, folder)
    evaluation = judge(experiment, folder, trained.records)
    measured = {each.name: each.metrics for each in evaluation.judgements}
    gate = requirements(
        experiment.quality_gate, measured[SAVED_MODEL], measured.get(_INT8)
    )
    write_report(experiment, folder, trained.results, evaluation, gate)
    require_passed(gate, folder.evaluation)
    return Finished(evaluation, gate)


def judge(
    experiment: Experiment, folder: RunFolder, records: Records
) -> Evaluation:
    """Judges SavedModel and TFLite files, and where training started from.

    The first model judged, which the others are compared with, is the start,
    where it knows the classes.
    """
    part = records.judging_part
    files = records.files(part)
    source = Path(records.patterns[part])
    table = recorded_table(files, records.label_map, source)
    truth = ground_truth_of(table, source)
    candidates: list[Candidate] = []
    for name, path, detector in _judged(experiment, folder):
        kept = folder.path / "detections" / f"{name}.json"
        read = partial(recorded_images, files)
        candidates.append(
            candidate_of(name, path, detector, truth, read, kept)
        )
    evaluation = evaluate(truth, candidates)
    write_text(folder.evaluation, evaluation.to_json())
    write_evaluation_page(
        folder.evaluation.with_suffix(".html"),
        evaluation,
        partial(recorded_images, files),
    )
    return evaluation


def _judged(
    experiment: Experiment, folder: RunFolder
) -> Iterator[tuple[str, Path, Detector]]:
    if (folder.start / "checkpoint").is_dir():
        yield _START, folder.start, open_checkpoint(folder.start)
    yield SAVED_MODEL, folder.exported, open_detector(folder.exported)
    for precision in experiment.export.precisions:
        path = folder.exported / f"model_{precision}.tflite"
        yield precision, path, open_detector(path)


def _export(experiment: Experiment, folder: RunFolder) -> None:
    chosen = experiment.export
    choices = TfliteChoices(
        precisions=chosen.precisions,
        calibration=Calibration(
            None, chosen.calibration_images, experiment.seed
        ),
        max_detections=chosen.max_detections,
        score_threshold=chosen.score_threshold,
    )
    export_folder(folder.best, folder.exported, choices)
