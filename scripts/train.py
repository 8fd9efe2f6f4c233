r"""Train the model of a pipeline.config, as model_main_tf2 does.

In: a pipeline.config from configure_pipeline.py. Out: OUTPUT/ckpt-STEP
checkpoints, results.csv, OUTPUT/train for TensorBoard, config and label map.
Runs on every GPU, or on the CPU where TensorFlow sees none (MirroredStrategy).
Run it again to go on from the newest checkpoint; Ctrl-C saves first. With
--hosts it prints the command for each of several machines (which see the same
folders): MultiWorkerMirroredStrategy.

Example:
    python scripts/train.py --config configs/ours/pipeline.config \
        --output runs/ours
    tensorboard --logdir runs/ours
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    done,
    new_parser,
    positive_int,
    run_script,
    usage_error,
)
from crossline.command_line import shown as shell
from crossline.workers import add_hosts_argument, run_workers
from crossline.workers import commands as worker_commands

if TYPE_CHECKING:
    from crossline.experiment.loop import TrainingResult
    from crossline.odapi.training import Precision


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
        "--seed", type=int, help="for shuffling, augmentation and new weights"
    )
    parser.add_argument(
        "--quantize-from",
        type=positive_int,
        metavar="STEP",
        help="quantization-aware training: from this step on, 1 being the "
        "first, learn to do well in int8; export.py then keeps to it",
    )
    parser.add_argument(
        "--distill",
        action="store_true",
        help="with --quantize-from: learn to answer as the float checkpoint "
        "does that the config starts from, not what the labels say",
    )
    parser.add_argument(
        "--precision",
        choices=("float32", "bfloat16"),
        default="float32",
        help="of activations; bfloat16 is for GPUs that have it",
    )
    parser.add_argument(
        "--xla", action="store_true", help="compile the step; for GPUs"
    )
    devices = parser.add_mutually_exclusive_group()
    devices.add_argument(
        "--cpu-replicas",
        type=positive_int,
        default=1,
        help="logical CPU devices to train on where there is no GPU",
    )
    devices.add_argument(
        "--workers",
        type=positive_int,
        default=1,
        help="processes that train together on this machine's CPU",
    )
    add_hosts_argument(devices)
    return parser


def run(
    config: Path,
    output: Path,
    checkpoint_every: int,
    cpu_replicas: int,
    seed: int | None,
    quantize_from: int | None,
    distill: bool,
    precision: "Precision",
    xla: bool,
    workers: int,
    hosts: list[str],
) -> "TrainingResult | None":
    if distill and quantize_from is None:
        usage_error(build_parser(), "--distill needs --quantize-from")
    if quantize_from is not None and precision != "float32":
        usage_error(build_parser(), "--quantize-from needs float32")
    command = [
        *(sys.executable, __file__),
        *("--config", str(config), "--output", str(output)),
        *("--checkpoint-every", str(checkpoint_every)),
        *("--precision", precision, *(["--xla"] if xla else [])),
        *(["--seed", str(seed)] if seed is not None else []),
        *(["--quantize-from", str(quantize_from)] if quantize_from else []),
        *(["--distill"] if distill else []),
    ]
    if hosts:
        print(*worker_commands(command, hosts), sep="\n")
        return None
    if workers > 1:
        if status := run_workers(command, workers, output):
            raise SystemExit(status)
        return None

    from crossline.experiment.run_training import run_training

    result = run_training(
        config,
        output,
        cpu_replicas=cpu_replicas,
        checkpoint_every=checkpoint_every,
        seed=seed,
        quantize_from=quantize_from,
        distill=distill,
        precision=precision,
        xla=xla,
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
