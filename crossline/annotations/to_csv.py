"""What the converters to the annotations CSV share; each names one format."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    add_class_arguments,
    done,
    new_parser,
    shown,
)

if TYPE_CHECKING:
    from crossline.annotations.convert import Conversion


def converter_parser(
    docstring: str | None, source: str, images: str | None = None
) -> argparse.ArgumentParser:
    """Returns the parser of a converter.

    Args:
        docstring: of the script.
        source: help of what is read.
        images: help of ``--images``; there is none if None.
    """
    parser = new_parser(docstring)
    parser.add_argument("source", type=Path, help=source)
    if images:
        parser.add_argument("--images", type=Path, help=images)
    parser.add_argument(
        "--output",
        type=Path,
        help="the CSV; beside the source, of its name, if unset",
    )
    add_class_arguments(parser)
    return parser


def convert_to_csv(
    known: str,
    images: Path | None,
    source: Path,
    output: Path | None,
    classes: list[str],
    rename: list[tuple[str, str]],
    keep_empty: bool,
) -> "Conversion":
    """Converts and reports, see `crossline.annotations.convert.convert`."""
    from crossline.annotations.convert import convert

    conversion = convert(
        source,
        output,
        known=known,
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
