r"""Fetch a part of COCO: annotations, and just the images needed.

In: COCO's servers, or a folder that holds COCO already. Out:
OUTPUT/images/*.jpg and OUTPUT/instances.json, which names these images and
what they show of the classes asked for, as COCO has it: boxes, outlines,
crowds. Images and objects per class are shown, before and after the choice.
Each image is checked; those that cannot
be had are listed, and the exit status is 1 when the rest is saved. Run it
again to go on: what is there is not fetched again. The archive of all
annotations (240 MB) stays in OUTPUT.

Example:
    python scripts/fetch_coco.py --classes person motorcycle \
        --balance undersample --max-images 2000 --output data/coco
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    done,
    new_parser,
    positive_int,
    run_script,
    shown,
)
from crossline.errors import InputError
from crossline.image_options import add_image_options

if TYPE_CHECKING:
    from crossline.annotations.subset import Balance, Having
    from crossline.fetch.coco import FetchedCoco


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    add_image_options(parser, 1000, ["undersample"])
    parser.add_argument(
        "--split", choices=("train", "val"), default="train", help="of COCO"
    )
    parser.add_argument(
        "--year", type=int, choices=(2014, 2017), default=2017, help="of COCO"
    )
    parser.add_argument(
        "--output", type=Path, default=Path("data/coco"), help="folder"
    )
    parser.add_argument(
        "--workers", type=positive_int, default=16, help="downloads at once"
    )
    parser.add_argument(
        "--base-url",
        default="http://images.cocodataset.org",
        help="COCO's server or a mirror of it",
    )
    parser.add_argument(
        "--from-folder",
        type=Path,
        metavar="FOLDER",
        help="copy from here instead: COCO's archives, unpacked, or "
        "instances.json and images/",
    )
    return parser


def run(
    classes: list[str],
    having: "Having",
    max_images: int,
    max_per_class: int | None,
    balance: "Balance | None",
    ratio: float,
    seed: int,
    split: str,
    year: int,
    output: Path,
    workers: int,
    base_url: str,
    from_folder: Path | None,
) -> "FetchedCoco":
    from crossline.annotations.subset import ImageRules
    from crossline.fetch.coco import fetch_coco
    from crossline.fetch.coco_source import open_source

    source = open_source(base_url, from_folder, split, year, output, workers)
    rules = ImageRules(
        classes, having, max_images, max_per_class, balance, ratio, seed
    )
    fetched = fetch_coco(source, output, rules, workers)
    print(fetched.choice.report())
    for problem in fetched.failed.values():
        print(f"failed {problem}")
    done(
        f"Fetched {fetched.images} of {fetched.choice.candidates} images with "
        f"{having} of {', '.join(classes) or 'all classes'}: "
        f"{fetched.instances}",
        f"python scripts/coco_to_csv.py {shown(fetched.instances)}"
        + (" --keep-empty" if having == "none" else ""),
    )
    if fetched.failed:
        raise InputError(
            source.name,
            f"{len(fetched.failed)} images could not be fetched",
            remedy="the rest is saved; run again for them",
        )
    return fetched


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
