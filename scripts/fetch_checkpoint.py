r"""Fetch a checkpoint of the TF2 model zoo.

In: a model's name in the zoo, or a .tar.gz or folder of the same layout. Out:
OUTPUT/NAME with pipeline.config and checkpoint/ckpt-0.*, checked to be there.

Example:
    python scripts/fetch_checkpoint.py
    python scripts/fetch_checkpoint.py ~/Downloads/my_model.tar.gz
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from crossline.command_line import done, new_parser, run_script, shown


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "source",
        nargs="?",
        default="ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8",
        help="name in the zoo, archive or folder",
    )
    parser.add_argument(
        "--output", type=Path, default=Path("data/zoo"), help="folder"
    )
    parser.add_argument(
        "--base-url",
        default="http://download.tensorflow.org/models/object_detection/tf2/"
        "20200711",
        help="folder of the zoo's archives",
    )
    return parser


def run(source: str, output: Path, base_url: str) -> Path:
    from crossline.fetch.checkpoint import fetch_checkpoint

    folder = fetch_checkpoint(source, output, base_url)
    done(
        f"Checkpoint: {folder}",
        f"python scripts/configure_pipeline.py --checkpoint {shown(folder)} "
        "--label-map LABEL_MAP --train-records TRAIN --eval-records VAL "
        "--output configs/NAME",
    )
    return folder


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
