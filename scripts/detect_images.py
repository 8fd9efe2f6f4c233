r"""Detect objects in images.

In: images, or folders of them, and a model, as a .tflite file or an export
folder; the one in exported/street, which knows person, bicycle, car,
motorcycle, bus and truck, if none is named. Out, in OUTPUT: each image with
its boxes, classes and confidences, under its own name, and detections.json
with all of them. EXIF orientation is honoured: boxes are those of the upright
image. Images that cannot be read are skipped and listed, and make the exit
status 1.

Example:
    python scripts/detect_images.py photos/ --classes person car
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    EMBEDDED_MODEL,
    add_device_arguments,
    done,
    fraction,
    new_parser,
    run_script,
)

if TYPE_CHECKING:
    from crossline.video.detect_images import Found


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "sources",
        metavar="SOURCE",
        type=Path,
        nargs="+",
        help="image, or folder of images with its subfolders",
    )
    parser.add_argument(
        "--model",
        type=Path,
        default=EMBEDDED_MODEL,
        help=".tflite file or export folder",
    )
    parser.add_argument(
        "--output",
        type=Path,
        help="folder; runs/detect/NAME of the first source if unset, "
        "numbered where that is taken",
    )
    parser.add_argument(
        "--classes",
        nargs="+",
        metavar="NAME",
        default=[],
        help="look for these alone; for all that the model knows if unset",
    )
    parser.add_argument(
        "--min-score",
        type=fraction,
        default=0.5,
        help="least confidence; lowering it finds more objects and more that "
        "are none",
    )
    add_device_arguments(parser)
    return parser


def run(
    sources: list[Path],
    model: Path,
    output: Path | None,
    classes: list[str],
    min_score: float,
    tiles: tuple[int, int],
    threads: int,
    delegate: str | None,
) -> "Found":
    from crossline.detect.detector import open_detector
    from crossline.detect.select import wanted_class_ids
    from crossline.errors import InputError
    from crossline.run_folders import run_folder
    from crossline.video.detect_images import DETECTIONS_NAME, detect_images
    from crossline.video.images import find_images

    images = find_images(sources)
    first = sources[0].resolve()
    name = first.name if first.is_dir() else first.stem
    usual = Path("runs") / "detect" / name
    detector = open_detector(model, threads, tiles, delegate)
    class_ids = wanted_class_ids(classes, detector.class_names, model)
    with run_folder(output, usual, DETECTIONS_NAME) as folder:
        found = detect_images(
            images,
            detector,
            folder,
            class_ids=class_ids,
            min_score=min_score,
            model=str(model),
        )
    objects = sum(len(image["detections"]) for image in found.images)
    done(f"Wrote {folder}: {objects} objects in {len(found.images)} images.")
    for problem in found.unreadable.values():
        print(f"Skipped {problem}")
    if found.unreadable:
        raise InputError(
            folder / DETECTIONS_NAME,
            f"{len(found.unreadable)} of {len(images)} images could not be "
            "read",
            remedy="they are listed there",
        )
    return found


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
