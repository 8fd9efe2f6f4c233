r"""Draw a sample street: labelled images, and a video with its true counts.

Out, in OUTPUT: images/*.jpg with instances.json (COCO) and annotations_voc/
(Pascal VOC XML) of persons, cars and motorcycles in varied light, size, blur
and occlusion; street.mp4 with street_tracks.csv (every true box),
street_crossings.csv (who crosses which line when, which way) and
street_truth.json (lines and counts). The same seed draws the same street.

Example:
    python scripts/make_sample.py --output data/sample
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

if TYPE_CHECKING:
    from crossline.sample.video import StreetVideo


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("data/sample"),
        help="folder, replaced if there is one",
    )
    parser.add_argument(
        "--images", type=positive_int, default=400, help="how many"
    )
    parser.add_argument(
        "--video-seconds",
        type=positive_int,
        default=60,
        help="length of the video",
    )
    parser.add_argument("--seed", type=int, default=1, help="of everything")
    return parser


def run(
    output: Path, images: int, video_seconds: int, seed: int
) -> "StreetVideo":
    from fractions import Fraction

    from crossline.files import replacing
    from crossline.progress import progress
    from crossline.sample import places
    from crossline.sample import video as street
    from crossline.sample.data_set import write_data_set
    from crossline.video.writer import VideoWriter

    video = street.StreetVideo(video_seconds, seed)
    with replacing(output) as draft:
        write_data_set(draft, images, seed)
        size = places.SIZE
        path = draft / "street.mp4"
        total = video_seconds * street.FPS
        with VideoWriter(
            path, *size, Fraction(street.FPS), threads=1
        ) as writer:
            for frame, image in enumerate(
                progress(video.frames(), "drawing video", total, "frame")
            ):
                writer.write(image, frame / street.FPS)
        street.write_truth(video, draft)
    crossings = len(video.crossings())
    done(
        f"Drew {images} images and {video_seconds} s of video with "
        f"{crossings} crossings in {output}.",
        f"python scripts/coco_to_csv.py {shown(output / 'instances.json')} "
        "--keep-empty",
    )
    return video


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
