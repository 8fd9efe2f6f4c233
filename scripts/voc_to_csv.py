r"""Turn Pascal VOC XML, as labelImg writes it, into the annotations CSV.

In: a folder with an XML per image. Out: a CSV with a row per box. Boxes that
cannot be (inside out, outside the image) are left out and counted.

Example:
    python scripts/voc_to_csv.py my_images/annotations \
        --rename moto=motorcycle --output data/ours/all.csv
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
    parser.add_argument("source", type=Path, help="folder of XML files")
    parser.add_argument(
        "--images",
        type=Path,
        help="folder of the images, for sizes that the XML does not tell; "
        "that of the XML if unset",
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
        known="voc",
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
