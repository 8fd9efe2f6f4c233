r"""Judge models by COCO's metrics, overall and per class.

In: one or more models (a checkpoint folder of train.py or the zoo, an export
folder, a .tflite file, or the detections that an earlier evaluation kept) and
annotated images: a CSV, COCO JSON, VOC or YOLO with their folder, or TFRecords
with their label map.
Out: a table with a column per model; the same as JSON, with curves,
confusions, kinds of errors and findings; and each model's detections beside
it, in COCO's results format. With --report, a page that shows all this with
the worst images. With two models or more, the difference of each from the
first with a 95 % interval of a paired bootstrap over the images.

Classes are compared by name: a model that knows more than the annotations is
judged on those that they have. n/a is a class or size without objects.

Example:
    python scripts/evaluate.py data/zoo/ssd_mobilenet_v1_300x300_coco \
        exported/ours exported/ours/model_int8.tflite \
        --annotations data/ours/val.csv --images data/coco/images --report
"""

import argparse
import shlex
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    done,
    new_parser,
    run_script,
    shown,
    usage_error,
)

if TYPE_CHECKING:
    import pandas as pd

    from crossline.detect.detector import Detector
    from crossline.evaluate.report import Evaluation
    from crossline.geometry import Image

    ReadImages = Callable[..., Iterator[tuple[str, Image]]]


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "models",
        metavar="MODEL",
        type=Path,
        nargs="+",
        help="checkpoint or export folder, .tflite, or kept detections "
        "(.json)",
    )
    truth = parser.add_mutually_exclusive_group(required=True)
    truth.add_argument(
        "--annotations",
        type=Path,
        help="CSV, COCO .json, or a folder of VOC or YOLO",
    )
    truth.add_argument("--records", help="TFRecords: a path or a quoted glob")
    parser.add_argument(
        "--images",
        type=Path,
        help="folder of the images; that of the annotations if unset",
    )
    parser.add_argument(
        "--label-map", type=Path, help="that the TFRecords were written with"
    )
    parser.add_argument(
        "--classes",
        nargs="+",
        metavar="NAME",
        help="judge by these alone; by all that are annotated if unset",
    )
    parser.add_argument(
        "--output",
        type=Path,
        help="JSON file; runs/evaluate/MODEL.json if unset",
    )
    parser.add_argument(
        "--report",
        action="store_true",
        help="write a page too, of the JSON's name with .html",
    )
    return parser


def run(
    models: list[Path],
    annotations: Path | None,
    records: str | None,
    images: Path | None,
    label_map: Path | None,
    classes: list[str] | None,
    output: Path | None,
    report: bool,
) -> "Evaluation":
    from crossline.evaluate.evaluation import candidate_of, evaluate
    from crossline.evaluate.ground_truth import (
        ground_truth_of,
        judged_classes,
    )
    from crossline.evaluate.report import short_names
    from crossline.files import write_text

    table, source, read_images = _annotated(
        annotations, images, records, label_map
    )
    truth = ground_truth_of(table, source)
    judged = judged_classes(truth, classes)
    names = short_names(models)
    output = output or Path("runs/evaluate", f"{'-vs-'.join(names)}.json")
    detectors = [_open(model, judged) for model in models]
    candidates = [
        candidate_of(name, model, detector, truth, read_images, kept)
        for name, model, detector, kept in zip(
            names, models, detectors, _kept_paths(output, names), strict=True
        )
    ]
    evaluation = evaluate(truth, candidates, judged)
    write_text(output, evaluation.to_json())
    page = output.with_suffix(".html")
    if report:
        from crossline.evaluate.page import write_evaluation_page

        write_evaluation_page(page, evaluation, read_images)
    print(evaluation.to_text())
    kept_paths = [str(candidate.detections) for candidate in candidates]
    where = (
        f"--annotations {shown(source)} "
        f"--images {shown(images or source.parent)}"
        if annotations
        else f"--records {shown(source)} --label-map {label_map}"
    )
    made = f"{page}, {output}" if report else f"{output}"
    judged_by = f" --classes {shlex.join(classes)}" if classes else ""
    done(
        f"Wrote {made}, with detections in {', '.join(kept_paths)}.",
        f"python scripts/evaluate.py {shown(candidates[0].detections)} "
        f"OTHER_MODEL {where}{judged_by}",
    )
    return evaluation


def _annotated(
    annotations: Path | None,
    images: Path | None,
    records: str | None,
    label_map: Path | None,
) -> "tuple[pd.DataFrame, Path, ReadImages]":
    """Returns the table, its source, and what reads its images."""
    from functools import partial

    if annotations:
        from crossline.evaluate.images import annotated_images

        if label_map:
            usage_error(build_parser(), "--label-map goes with --records")
        table = _table(annotations, images)
        folder = images or annotations.parent
        return table, annotations, partial(annotated_images, table, folder)
    if not (records and label_map) or images:
        usage_error(
            build_parser(), "--records goes with --label-map, not --images"
        )
    from crossline.evaluate.records import recorded_images, recorded_table
    from crossline.records.label_map import read_label_map
    from crossline.records.read import require_records

    files = require_records(records)
    table = recorded_table(files, read_label_map(label_map), Path(records))
    return table, Path(records), partial(recorded_images, files)


def _table(annotations: Path, images: Path | None) -> "pd.DataFrame":
    """Reads a CSV, or what `convert_annotations.py` would make one of."""
    from crossline.annotations.sources import find_sources, read_sources
    from crossline.annotations.table import read_csv

    if annotations.suffix.lower() == ".csv":
        return read_csv(annotations)
    table, left_out = read_sources(find_sources(annotations), images)
    for reason, count in left_out.items():
        print(f"{count:7d} left out: {reason}")
    return table


def _open(model: Path, judged: Sequence[str]) -> "Detector | None":
    """Opens a model that knows the classes; None for kept detections."""
    from crossline.detect.detector import open_detector
    from crossline.evaluate.coco_results import require_known_classes

    if model.suffix == ".json":
        return None
    detector: Detector
    if _is_checkpoint(model):
        from crossline.odapi.detector import open_checkpoint

        detector = open_checkpoint(model)
    else:
        detector = open_detector(model)
    require_known_classes(detector.class_names.values(), judged, model)
    return detector


def _kept_paths(output: Path, names: Sequence[str]) -> list[Path]:
    """Returns where the detections go: beside the output."""
    parts = [f"-{name}" for name in names] if len(names) > 1 else [""]
    return [
        output.with_name(f"{output.stem}{part}.detections.json")
        for part in parts
    ]


def _is_checkpoint(model: Path) -> bool:
    """Tells what is judged by its checkpoint.

    A zoo archive has a SavedModel too, of the old format; an export is judged
    by its SavedModel, unless that was left out.
    """
    from crossline.detect.metadata import METADATA_NAME

    is_export = (model / METADATA_NAME).is_file()
    has_saved_model = (model / "saved_model" / "saved_model.pb").is_file()
    is_prepared = (model / "pipeline.config").is_file()
    return is_prepared and not (is_export and has_saved_model)


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
