"""The options that say which images of a data set to take."""

import argparse
from collections.abc import Sequence

from crossline.command_line import positive_int


def add_image_options(
    parser: argparse.ArgumentParser,
    max_images: int | None,
    balances: Sequence[str],
) -> None:
    """Adds what `crossline.annotations.subset.ImageRules` needs.

    Args:
        parser: of a script.
        max_images: the default of this script.
        balances: the ways that it offers.
    """
    parser.add_argument(
        "--classes",
        nargs="+",
        default=[],
        metavar="CLASS",
        help="by name, id or COCO's supercategory (vehicle); all if unset",
    )
    parser.add_argument(
        "--having",
        choices=("any", "all", "none"),
        default="any",
        help="take images that show any of the classes, all of them, or none "
        "(as negatives)",
    )
    parser.add_argument(
        "--max-images",
        type=positive_int,
        default=max_images,
        metavar="N",
        help="at most; a higher number adds to what a lower one drew, unless "
        "classes are balanced",
    )
    parser.add_argument(
        "--max-per-class",
        type=positive_int,
        metavar="N",
        help="images of each class, at most",
    )
    parser.add_argument(
        "--balance",
        choices=balances,
        help="bring the classes' objects within --ratio, by leaving out as "
        "few images as that takes"
        + (", or by repeating them in records" if len(balances) > 1 else ""),
    )
    parser.add_argument(
        "--ratio",
        type=_ratio,
        default=1.5,
        help="of the most to the least frequent class, for --balance; lower "
        "is more even and keeps less",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="of the draw of images"
    )


def _ratio(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 1 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return value
