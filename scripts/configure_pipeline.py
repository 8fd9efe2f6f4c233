r"""Write a pipeline.config that trains your classes from a checkpoint.

In: a checkpoint folder as the model zoo, export.py or train.py leaves it (or
a bare pipeline.config, to start from random weights), a label map, TFRecords.
Out: OUTPUT/pipeline.config with no placeholder left. Where the checkpoint
knows some of your classes already, its heads for them are kept: a checkpoint
with your classes is written to OUTPUT/checkpoint, and training starts from
what it knows.

Example:
    python scripts/configure_pipeline.py \
        --checkpoint data/zoo/ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8 \
        --label-map label_maps/ours.pbtxt \
        --train-records 'records/ours/train-*' \
        --eval-records 'records/ours/val-*' \
        --output configs/ours
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from crossline.command_line import (
    done,
    new_parser,
    positive_int,
    run_script,
    shown,
)


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "--checkpoint",
        type=Path,
        required=True,
        help="checkpoint folder, or a pipeline.config for random weights",
    )
    parser.add_argument(
        "--label-map",
        type=Path,
        required=True,
        help="the classes to train, from make_label_map.py",
    )
    parser.add_argument(
        "--train-records",
        required=True,
        help="TFRecords to train on: a path or a quoted glob",
    )
    parser.add_argument(
        "--eval-records",
        required=True,
        help="TFRecords to evaluate on: a path or a quoted glob",
    )
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="folder for pipeline.config, label map and checkpoint",
    )
    parser.add_argument(
        "--batch-size",
        type=positive_int,
        default=8,
        help="images a step, over all replicas",
    )
    parser.add_argument(
        "--steps", type=positive_int, default=2000, help="steps to train"
    )
    parser.add_argument(
        "--learning-rate",
        type=float,
        help="the highest; follows from checkpoint and batch size if unset",
    )
    parser.add_argument(
        "--fresh-heads",
        action="store_true",
        help="start the heads at random even where the checkpoint knows "
        "the classes",
    )
    parser.add_argument(
        "--freeze-batch-norm",
        action="store_true",
        help="keep the checkpoint's batch statistics (small batches)",
    )
    return parser


def run(
    checkpoint: Path,
    label_map: Path,
    train_records: str,
    eval_records: str,
    output: Path,
    batch_size: int,
    steps: int,
    learning_rate: float | None,
    fresh_heads: bool,
    freeze_batch_norm: bool,
) -> Path:
    from crossline.odapi.pipeline_config import TrainingChoices
    from crossline.odapi.prepare import prepare_training

    prepared = prepare_training(
        checkpoint,
        TrainingChoices(
            label_map_path=label_map,
            train_records=train_records,
            eval_records=eval_records,
            batch_size=batch_size,
            steps=steps,
            learning_rate=learning_rate,
            freeze_batch_norm=freeze_batch_norm,
        ),
        output,
        fresh_heads=fresh_heads,
    )
    print(prepared.describe())
    done(
        f"Wrote {prepared.config}.",
        f"python scripts/train.py --config {shown(prepared.config)} "
        f"--output {shown(Path('runs') / output.name)}",
    )
    return prepared.config


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
