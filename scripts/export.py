r"""Export a checkpoint: SavedModel, and TFLite files for devices.

In: a checkpoint folder (train.py's, or the zoo's). Out: OUTPUT/saved_model,
checkpoint, pipeline.config, label_map.pbtxt, metadata.json and a
model_PRECISION.tflite for each precision asked for, labels inside. int8 is
calibrated with images of the training records. What each precision costs and
gains: docs/edge_models.md.

Example:
    python scripts/export.py --checkpoint runs/ours \
        --output exported/ours --precisions fp32 int8
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    done,
    fraction,
    new_parser,
    positive_int,
    run_script,
    shown,
    usage_error,
)

if TYPE_CHECKING:
    from crossline.quantize.convert import Precision


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "--checkpoint",
        type=Path,
        required=True,
        help="folder with pipeline.config and a checkpoint",
    )
    parser.add_argument(
        "--output", type=Path, required=True, help="export folder to write"
    )
    parser.add_argument(
        "--step",
        type=int,
        help="the N of ckpt-N to export; the newest if unset",
    )
    parser.add_argument(
        "--precisions",
        nargs="*",
        choices=("fp32", "fp16", "dynamic", "int8"),
        default=["fp32", "fp16", "int8"],
        help="TFLite files to make",
    )
    parser.add_argument(
        "--calibration-records",
        help="TFRecords whose images calibrate int8: a path or a quoted "
        "glob; those of the config's training if unset",
    )
    parser.add_argument(
        "--calibration-images",
        type=positive_int,
        default=200,
        help="how many images calibrate int8",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="for choosing these images"
    )
    parser.add_argument(
        "--float-layers",
        type=positive_int,
        default=0,
        metavar="N",
        help="leave the N layers float that int8 hurts most",
    )
    parser.add_argument(
        "--report",
        action="store_true",
        help="write quantization.html: each int8 layer's error against float",
    )
    parser.add_argument(
        "--clusters",
        type=positive_int,
        metavar="N",
        help="round the weights of each layer to N values: the TFLite files "
        "stay as large, but pack a little better, and detect worse",
    )
    parser.add_argument(
        "--max-detections",
        type=positive_int,
        default=100,
        help="boxes per image that a TFLite file returns",
    )
    parser.add_argument(
        "--score-threshold",
        type=fraction,
        default=0.07,
        help="boxes below it never leave a TFLite file; the lower it is, the "
        "longer NMS takes",
    )
    parser.add_argument(
        "--fast-nms",
        action="store_true",
        help="TFLite's fast NMS: each box counts for its best class only; no "
        "faster at this threshold, and less accurate",
    )
    return parser


def run(
    checkpoint: Path,
    output: Path,
    step: int | None,
    precisions: "list[Precision]",
    calibration_records: str | None,
    calibration_images: int,
    seed: int,
    float_layers: int,
    report: bool,
    clusters: int | None,
    max_detections: int,
    score_threshold: float,
    fast_nms: bool,
) -> Path:
    if (report or float_layers) and "int8" not in precisions:
        usage_error(
            build_parser(),
            "--report and --float-layers need int8 among --precisions",
        )

    from crossline.quantize.calibration import Calibration
    from crossline.quantize.export_folder import export_folder
    from crossline.quantize.tflite_files import TfliteChoices

    choices = TfliteChoices(
        precisions=precisions,
        calibration=Calibration(calibration_records, calibration_images, seed),
        max_detections=max_detections,
        score_threshold=score_threshold,
        regular_nms=not fast_nms,
        float_layers=float_layers,
        reports_layers=report,
        clusters=clusters,
    )
    sizes = export_folder(checkpoint, output, choices, step)
    for name, size in sizes.items():
        print(f"{name:20s} {size / 1e6:6.2f} MB")
    model = "model_int8.tflite" if "int8" in precisions else ""
    done(
        f"Wrote {output}.",
        f"python scripts/count_video.py VIDEO --model {shown(output / model)} "
        "--line main=0.5,0,0.5,1",
    )
    return output


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
