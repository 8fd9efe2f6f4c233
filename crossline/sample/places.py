"""Where the sample's pictures are taken: the video's street, and others."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from crossline.sample.light import Light
from crossline.sample.scene import Obstacle
from crossline.sample.street import (
    FAR_KERB,
    NEAR_KERB,
    PARK_END,
    PAVEMENT_END,
    Camera,
    Street,
    draw_street,
)

SIZE = WIDTH, HEIGHT = 480, 360
"""Of images and video. 4:3, as COCO's mostly are, so that a square network
squeezes objects as it has learnt to."""
VIDEO_CAMERA = Camera(horizon=100.0, focal=480.0, height=3.43)
_VIDEO_STREET = 2

# Name, seed, across the picture (-1 to 1) and depth; clear of the lines.
_VIDEO_FURNITURE = (
    ("tree", 1, -0.80, 8.5),
    ("board", 2, 0.76, 8.7),
    ("lamp post", 3, 0.36, 8.8),
    ("pillar", 4, 0.58, 15.3),
    ("hedge", 5, -0.84, 19.0),
    ("hedge", 6, 0.86, 19.0),
    ("tree", 7, -0.34, 25.0),
    ("tree", 8, 0.30, 23.5),
    ("tree", 9, 0.90, 28.0),
)


class Spot(NamedTuple):
    """A band of depth where furniture may stand, and what."""

    names: tuple[str, ...]
    near: float
    far: float


_SPOTS = (
    Spot(("tree", "board", "lamp post", "pillar"), 8.2, NEAR_KERB - 0.2),
    Spot(("pillar", "lamp post", "tree"), FAR_KERB + 0.4, FAR_KERB + 0.8),
    Spot(("kiosk", "hedge", "tree", "lamp post"), PAVEMENT_END - 0.4,
         PAVEMENT_END + 0.2),
    Spot(("tree", "hedge"), PAVEMENT_END + 1, PARK_END / 2),
)  # fmt: skip


class Place(NamedTuple):
    """A street with what stands in it."""

    street: Street
    furniture: Sequence[Obstacle]
    has_park: bool


@lru_cache
def video_place(light: Light) -> Place:
    """Returns the street of the video; the same whatever the seed."""
    random = np.random.default_rng(_VIDEO_STREET)
    street = draw_street(SIZE, VIDEO_CAMERA, light, random, has_park=True)
    furniture = [
        _stand(VIDEO_CAMERA, name, seed, across, depth)
        for name, seed, across, depth in _VIDEO_FURNITURE
    ]
    return Place(street, furniture, has_park=True)


def random_place(light: Light, random: np.random.Generator) -> Place:
    """Returns another street, from another height, distance and lens."""
    horizon = float(random.uniform(0.22, 0.42)) * HEIGHT
    focal = float(random.uniform(340, 900))
    kerb = float(random.uniform(0.62, 0.95)) * HEIGHT
    camera = Camera(
        horizon, focal, max((kerb - horizon) * NEAR_KERB / focal, 1.8)
    )
    has_park = bool(random.uniform() < 0.6)
    street = draw_street(SIZE, camera, light, random, has_park=has_park)
    furniture = []
    for spot in _SPOTS[: 4 if has_park else 3]:
        for _ in range(int(random.integers(0, 3))):
            furniture.append(
                _stand(
                    camera,
                    spot.names[int(random.integers(len(spot.names)))],
                    int(random.integers(100)),
                    float(random.uniform(-1, 1)),
                    float(random.uniform(spot.near, spot.far)),
                )
            )
    return Place(street, furniture, has_park)


def _stand(
    camera: Camera, name: str, seed: int, across: float, depth: float
) -> Obstacle:
    return Obstacle(name, seed, (1 + across) * WIDTH / 2, camera.ground(depth))
