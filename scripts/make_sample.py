r"""Draw a sample street: labelled images, and a video with its true counts.

Out, in OUTPUT: images/*.jpg with instances.json (COCO) and annotations_voc/
(Pascal VOC XML) of persons, cars and motorcycles in varied light, size, blur
and occlusion; street.mp4 with street_tracks.csv (every true box),
street_crossings.csv (who crosses which line when, which way) and
street_truth.json (lines and counts). The same seed draws the same street.
With --hard also hard/NAME.mp4 for each case that is hard to count (paths that
cross, posts, waiting on the line, turning there, entering at once, a camera
that shakes) with NAME_gt.txt (every true box, MOTChallenge), NAME_det.txt
(the same as a detector with faults has them), NAME_crossings.csv, and one
truth.json with the counts at the line.

Example:
    python scripts/make_sample.py --output data/sample
"""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    done,
    fraction,
    new_parser,
    positive_int,
    run_script,
    shown,
)

if TYPE_CHECKING:
    from crossline.geometry import Image
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
    parser.add_argument(
        "--hard", action="store_true", help="draw the hard cases, too"
    )
    parser.add_argument(
        "--missed",
        type=fraction,
        default=0.1,
        help="share of boxes that the hard cases' detector misses",
    )
    parser.add_argument(
        "--false",
        type=fraction,
        default=0.05,
        help="false boxes that it sees, as a share of the true ones",
    )
    return parser


def run(
    output: Path,
    images: int,
    video_seconds: int,
    seed: int,
    hard: bool,
    missed: float,
    false: float,
) -> "StreetVideo":
    from crossline.files import replacing, require_replaceable
    from crossline.sample import video as street
    from crossline.sample.data_set import write_data_set

    require_replaceable(output, "instances.json")
    video = street.StreetVideo(video_seconds, seed)
    with replacing(output) as draft:
        write_data_set(draft, images, seed)
        _write_video(
            draft / "street.mp4", video.frames(), video_seconds * street.FPS
        )
        street.write_truth(video, draft)
        if hard:
            _write_hard_cases(draft / "hard", seed, missed, false)
    crossings = len(video.crossings())
    done(
        f"Drew {images} images and {video_seconds} s of video with "
        f"{crossings} crossings in {output}.",
        f"python scripts/coco_to_csv.py {shown(output / 'instances.json')} "
        "--keep-empty",
    )
    return video


def _write_hard_cases(
    folder: Path, seed: int, missed: float, false: float
) -> None:
    import numpy as np

    from crossline.sample.detector_faults import detect
    from crossline.sample.hard_cases import PLANS, cast
    from crossline.sample.hard_truth import moments
    from crossline.sample.hard_videos import draw, write_case, write_counts

    folder.mkdir()
    cases = {name: cast(plan, seed) for name, plan in PLANS.items()}
    for name, case in cases.items():
        random = np.random.default_rng(seed)
        watched = list(moments(case))
        detections = [
            detect(moment.rows, random, missed, false) for moment in watched
        ]
        write_case(folder, name, case, watched, detections)
        images = draw(case, watched, random)
        _write_video(folder / f"{name}.mp4", images, len(watched))
    write_counts(folder, cases, missed, false)


def _write_video(path: Path, images: "Iterable[Image]", total: int) -> None:
    from fractions import Fraction

    from crossline.progress import progress
    from crossline.sample.places import SIZE
    from crossline.sample.video import FPS
    from crossline.video.writer import VideoWriter

    with VideoWriter(path, *SIZE, Fraction(FPS), threads=1) as writer:
        for frame, image in enumerate(
            progress(images, f"drawing {path.name}", total, "frame")
        ):
            writer.write(image, frame / FPS)


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
