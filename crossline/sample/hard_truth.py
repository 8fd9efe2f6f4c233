"""What is true in a hard case: boxes, what shows of them, and crossings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from crossline.sample.hard_cases import GATE, HardCase
from crossline.sample.places import HEIGHT, VIDEO_CAMERA, WIDTH
from crossline.sample.scene import (
    Floats,
    Obstacle,
    Placed,
    object_box,
    obstacle_box,
)
from crossline.sample.traffic import Mover
from crossline.sample.truth import Center, TrueCrossing, true_crossings
from crossline.sample.video import (
    FPS,
    TrackRow,
    place_mover,
    track_row,
)

_POST_DEPTH = 6.3
"""Metres; nearer than everybody."""
_GRID = 9
"""Points of a box, a side, that are asked whether they show."""
_STEADY = 0.8
"""How much a camera's place is like that of the frame before."""


@dataclass(frozen=True)
class Moment:
    """One frame of a case.

    Attributes:
        shown: who is where in a picture that does not shake.
        rows: the same as they are seen, cut at the frame's edges; those
            outside have none.
        shift: x and y by which the picture is off, pixels.
    """

    shown: Sequence[tuple[Mover, Placed]]
    rows: Sequence[TrackRow]
    shift: tuple[float, float]


def moments(case: HardCase) -> Iterator[Moment]:
    """Yields the frames, from the first who comes to the last who goes."""
    covers = [
        obstacle_box(VIDEO_CAMERA, post) for post in post_obstacles(case)
    ]
    for frame, (x, y) in enumerate(_shifts(case).tolist()):
        shown = sorted(_shown(case, frame), key=lambda pair: pair[1].ground)
        shift = np.array([x, y, x, y])
        places = [object_box(VIDEO_CAMERA, placed) for _, placed in shown]
        boxes = [box + shift for box in [*places, *covers]]
        rows = [
            track_row(frame, mover, boxes[number], _visible(boxes, number))
            for number, (mover, _) in enumerate(shown)
        ]
        yield Moment(shown, [row for row in rows if row], (x, y))


def frame_count(case: HardCase) -> int:
    """Returns how many frames a case has."""
    return int(max(mover.path[-1].time_s for mover in case.movers) * FPS)


def crossings(case: HardCase) -> list[TrueCrossing]:
    """Returns who crosses the line of a camera that stands still, and when.

    Seen or not: it is where they go that counts.
    """
    centers: dict[int, list[Center]] = {}
    for frame in range(frame_count(case)):
        for mover, placed in _shown(case, frame):
            xmin, ymin, xmax, ymax = object_box(VIDEO_CAMERA, placed).tolist()
            center = (frame, (xmin + xmax) / 2, (ymin + ymax) / 2)
            centers.setdefault(mover.track_id, []).append(center)
    kinds = {mover.track_id: mover.look.kind for mover in case.movers}
    return true_crossings(centers, kinds, [GATE], FPS)


def post_obstacles(case: HardCase) -> list[Obstacle]:
    """Returns what hides who passes behind it."""
    ground = VIDEO_CAMERA.ground(_POST_DEPTH)
    return [Obstacle("post", 1, x, ground) for x in case.posts]


def _shown(case: HardCase, frame: int) -> list[tuple[Mover, Placed]]:
    return [
        (mover, placed)
        for mover in case.movers
        if (placed := place_mover(mover, frame / FPS))
    ]


def _shifts(case: HardCase) -> Floats:
    """Returns x and y for each frame: half a tremble, half a slow sway."""
    random = np.random.default_rng((case.seed, 3_000_000))
    jolts = random.normal(0, case.shake, (frame_count(case), 2))
    sway = np.zeros(2)
    shifts = np.zeros_like(jolts)
    for frame, jolt in enumerate(jolts):
        sway = _STEADY * sway + np.sqrt(1 - _STEADY**2) * jolt
        shifts[frame] = sway
    # Eighths of a pixel, as boxes have them.
    return np.round(shifts * 8) / 8


def _visible(boxes: Sequence[Floats], number: int) -> float:
    """Returns the share of a box in the picture that no later one covers."""
    frame = [WIDTH, HEIGHT, WIDTH, HEIGHT]
    xmin, ymin, xmax, ymax = np.clip(boxes[number], 0, frame)
    steps = (np.arange(_GRID) + 0.5) / _GRID
    x = xmin + steps * (xmax - xmin)
    y = ymin + steps * (ymax - ymin)
    is_seen = np.ones((_GRID, _GRID), bool)
    for left, top, right, bottom in boxes[number + 1 :]:
        rows = (top <= y) & (y <= bottom)
        is_seen[np.ix_(rows, (left <= x) & (x <= right))] = False
    return float(is_seen.mean())
