r"""Turn annotations of one format into another.

In: COCO or LinkedAI JSON, Pascal VOC XML, a YOLO data set or a CSV of boxes; a
file, a folder, or a folder with one file for each of train, val and test. The
format is told by the contents. Out: the same boxes as another of these
formats. What cannot be read, and what the other format cannot hold, is
counted. Without --classes, all images are kept.

Example:
    python scripts/convert_annotations.py data/coco/instances.json --to yolo \
        --images data/coco/images --output datasets/street
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    add_class_arguments,
    done,
    new_parser,
    run_script,
    shown,
)

if TYPE_CHECKING:
    from crossline.annotations.convert import Conversion

FORMATS = ("coco", "csv", "linkedai", "voc", "yolo")


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("source", type=Path, help="file or folder")
    parser.add_argument(
        "--from",
        dest="known",
        choices=FORMATS,
        help="the source's format; told by its contents if unset",
    )
    parser.add_argument(
        "--to", required=True, choices=FORMATS, help="the format to write"
    )
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="file, of VOC and YOLO a new folder",
    )
    parser.add_argument(
        "--images",
        type=Path,
        help="folder of the images, for sizes that the source does not tell "
        "(all in YOLO); they become part of a YOLO data set",
    )
    add_class_arguments(parser)
    return parser


def run(
    source: Path,
    known: str | None,
    to: str,
    output: Path,
    images: Path | None,
    classes: list[str],
    rename: list[tuple[str, str]],
    keep_empty: bool,
) -> "Conversion":
    from crossline.annotations.convert import convert

    conversion = convert(
        source,
        output,
        to,
        known=known,
        images=images,
        classes=classes,
        rename=rename,
        keep_empty=keep_empty or not classes,
    )
    for taken in conversion.sources:
        print(f"Took {taken.path} for {taken.format.title}.")
    is_csv = to == "csv"
    done(
        conversion.report(),
        f"python scripts/split_csv.py {shown(output)}" if is_csv else None,
    )
    return conversion


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
