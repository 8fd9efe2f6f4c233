r"""Turn YOLO's label files into the annotations CSV.

In: data.yaml, or its folder, as Ultralytics reads it; or a folder with
classes.txt. Out: a CSV with a row per box; image sizes are read from the
images. Boxes that cannot be (outside the image, without area) are left out
and counted.

Example:
    python scripts/yolo_to_csv.py datasets/street/data.yaml \
        --output data/ours/all.csv
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    add_conversion_arguments,
    done,
    new_parser,
    run_script,
    shown,
)

if TYPE_CHECKING:
    from crossline.annotations.convert import Conversion


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "source", type=Path, help="data.yaml, or the data set's folder"
    )
    parser.add_argument(
        "--images",
        type=Path,
        help="where to look first for the images that data.yaml names",
    )
    add_conversion_arguments(parser)
    return parser


def run(
    source: Path,
    images: Path | None,
    output: Path | None,
    classes: list[str],
    rename: list[tuple[str, str]],
    keep_empty: bool,
) -> "Conversion":
    from crossline.annotations.convert import convert

    conversion = convert(
        source,
        output,
        known="yolo",
        images=images,
        classes=classes,
        rename=rename,
        keep_empty=keep_empty,
    )
    done(
        conversion.report(),
        f"python scripts/split_csv.py {shown(conversion.path)}",
    )
    return conversion


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
