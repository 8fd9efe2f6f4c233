r"""Fetch a part of COCO: annotations, and just the images needed.

In: COCO's servers, or a folder that holds COCO already. Out:
OUTPUT/images/*.jpg and OUTPUT/instances.json, which names these images and
the boxes of the classes asked for. Each image is checked; those that cannot
be had are listed, and the exit status is 1 when the rest is saved. Run it
again to go on: what is there is not fetched again. The archive of all
annotations (240 MB) stays in OUTPUT.

Example:
    python scripts/fetch_coco.py --classes person motorcycle \
        --max-images 2000 --output data/coco
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

if TYPE_CHECKING:
    from crossline.fetch.coco import FetchedCoco


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "--classes",
        nargs="+",
        default=[],
        metavar="NAME",
        help="by COCO's names; all if unset",
    )
    parser.add_argument(
        "--max-images",
        type=positive_int,
        default=1000,
        help="at most; a higher number adds to what a lower one drew",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="of the draw of images"
    )
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
    max_images: int,
    seed: int,
    split: str,
    year: int,
    output: Path,
    workers: int,
    base_url: str,
    from_folder: Path | None,
) -> "FetchedCoco":
    from crossline.fetch.coco import fetch_coco
    from crossline.fetch.coco_source import open_source

    source = open_source(base_url, from_folder, split, year, output, workers)
    fetched = fetch_coco(
        source,
        output,
        classes=classes,
        max_images=max_images,
        seed=seed,
        workers=workers,
    )
    for problem in fetched.failed.values():
        print(f"failed {problem}")
    done(
        f"Fetched {fetched.images} of {fetched.candidates} images with "
        f"{', '.join(classes) or 'any class'}: {fetched.instances}",
        f"python scripts/coco_to_csv.py {shown(fetched.instances)}",
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
