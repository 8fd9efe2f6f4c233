"""The hard cases as videos, and on disk what is true of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np

from crossline.files import write_text
from crossline.geometry import Detections, Image
from crossline.sample.hard_cases import GATE, HardCase
from crossline.sample.hard_truth import (
    Moment,
    crossings,
    frame_count,
    post_obstacles,
)
from crossline.sample.light import DAY
from crossline.sample.objects import KINDS
from crossline.sample.places import (
    HEIGHT,
    SIZE,
    VIDEO_CAMERA,
    WIDTH,
    video_place,
)
from crossline.sample.scene import render
from crossline.sample.street import PAVEMENT_END
from crossline.sample.truth import count_crossings
from crossline.sample.video import FPS, TrackRow, write_crossings


def write_case(
    folder: Path,
    name: str,
    case: HardCase,
    watched: Sequence[Moment],
    detections: Sequence[Detections],
) -> None:
    """Writes what is true of a case, and what a detector makes of it.

    They become ``NAME_gt.txt`` and ``NAME_det.txt``, boxes in MOTChallenge's
    form, and ``NAME_crossings.csv``.

    Args:
        folder: where.
        name: of the case.
        case: see there.
        watched: its frames.
        detections: in each of them.
    """
    write_text(folder / f"{name}_gt.txt", _true_rows(watched))
    write_text(folder / f"{name}_det.txt", _detected_rows(detections))
    write_crossings(folder / f"{name}_crossings.csv", crossings(case))


def write_counts(
    folder: Path, cases: Mapping[str, HardCase], missed: float, false: float
) -> None:
    """Writes ``truth.json``: the line, and the true counts of each case."""
    truth = {
        "width": WIDTH,
        "height": HEIGHT,
        "fps": FPS,
        "lines": {GATE.name: [*GATE.start, *GATE.end]},
        "classes": {kind: number for number, kind in enumerate(KINDS, 1)},
        "missed": missed,
        "false": false,
        "cases": {
            name: {
                "frames": frame_count(case),
                "counts": count_crossings(crossings(case)),
            }
            for name, case in cases.items()
        },
    }
    write_text(folder / "truth.json", json.dumps(truth, indent=2) + "\n")


def draw(
    case: HardCase, watched: Iterable[Moment], random: np.random.Generator
) -> Iterator[Image]:
    """Draws the frames of a case, RGB.

    Args:
        case: tells the posts.
        watched: its frames.
        random: of the grain.
    """
    place = video_place(DAY)
    park = VIDEO_CAMERA.ground(PAVEMENT_END)
    stands = [each for each in place.furniture if each.ground < park]
    stands += post_obstacles(case)
    for moment in watched:
        objects = [placed for _, placed in moment.shown]
        image = render(place.street, objects, stands, DAY, random).image
        yield _shifted(image, *moment.shift)


def _shifted(image: Image, x: float, y: float) -> Image:
    """Moves a picture; what was outside is its mirror image."""
    if x == y == 0:
        return image
    matrix = np.array([[1.0, 0.0, x], [0.0, 1.0, y]])
    moved = cv2.warpAffine(image, matrix, SIZE, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(moved, np.uint8)


def _true_rows(watched: Iterable[Moment]) -> str:
    return "".join(
        f"{row.frame + 1},{row.track_id},{_place(row)},1,"
        f"{KINDS.index(row.kind) + 1},{row.visibility:.3f}\n"
        for moment in watched
        for row in moment.rows
    )


def _detected_rows(detections: Iterable[Detections]) -> str:
    return "".join(
        f"{frame},-1,{xmin:.2f},{ymin:.2f},{xmax - xmin:.2f},"
        f"{ymax - ymin:.2f},{score:.3f},{class_id},1\n"
        for frame, found in enumerate(detections, 1)
        for (xmin, ymin, xmax, ymax), score, class_id in found
    )


def _place(row: TrackRow) -> str:
    width, height = row.xmax - row.xmin, row.ymax - row.ymin
    return f"{row.xmin:.3f},{row.ymin:.3f},{width:.3f},{height:.3f}"
