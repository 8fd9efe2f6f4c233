r"""Train the model of a pipeline.config, as model_main_tf2 does.

In: a pipeline.config from configure_pipeline.py. Out: OUTPUT/ckpt-STEP
checkpoints, results.csv, OUTPUT/train for TensorBoard, config and label map.
Runs on every GPU, or on the CPU where TensorFlow sees none (MirroredStrategy).
Run it again to go on from the newest checkpoint; Ctrl-C saves first.

Example:
    python scripts/train.py --config configs/ours/pipeline.config \
        --output runs/ours
    tensorboard --logdir runs/ours
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import done, new_parser, positive_int, run_script
from crossline.command_line import shown as shell

if TYPE_CHECKING:
    from crossline.experiment.loop import TrainingResult


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "--config",
        type=Path,
        required=True,
        help="pipeline.config from configure_pipeline.py",
    )
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="folder of the run; one with checkpoints is resumed",
    )
    parser.add_argument(
        "--checkpoint-every",
        type=positive_int,
        default=500,
        help="steps between checkpoints",
    )
    parser.add_argument(
        "--cpu-replicas",
        type=positive_int,
        default=1,
        help="logical CPU devices to train on where there is no GPU",
    )
    parser.add_argument(
        "--seed", type=int, help="for shuffling, augmentation and new weights"
    )
    parser.add_argument(
        "--quantize-from",
        type=positive_int,
        metavar="STEP",
        help="quantization-aware training: from this step on, 1 being the "
        "first, learn to do well in int8; export.py then keeps to it",
    )
    return parser


def run(
    config: Path,
    output: Path,
    checkpoint_every: int,
    cpu_replicas: int,
    seed: int | None,
    quantize_from: int | None,
) -> "TrainingResult":
    from crossline.experiment.run_training import run_training

    result = run_training(
        config,
        output,
        cpu_replicas=cpu_replicas,
        checkpoint_every=checkpoint_every,
        seed=seed,
        quantize_from=quantize_from,
    )
    losses = ", ".join(
        f"{name} {loss:.3f}" for name, loss in sorted(result.losses.items())
    )
    if losses:
        print(f"{losses}; {result.steps_per_second:.2f} steps/s")
    done(
        f"Trained to step {result.step}: {output}.",
        f"python scripts/export.py --checkpoint {shell(output)} "
        f"--output {shell(Path('exported') / output.name)}",
    )
    return result


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
