"""The sample's labelled images: streets in all lights and distances."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crossline.annotations.table import Annotation
from crossline.geometry import Image
from crossline.sample.objects import (
    KINDS,
    METERS,
    PHASES,
    random_look,
)
from crossline.sample.scene import (
    Light,
    Obstacle,
    Placed,
    draw_street,
    ground_for,
    pixels_per_meter,
    render,
)

WIDTH, HEIGHT = 480, 360
_LEAST_VISIBLE = 0.2
_LEAST_SIDE = 5.0
_MOST_OBJECTS = 9
_TRIES = 30

DAY = Light()
LIGHTS = (
    DAY,
    Light(tint=(1.1, 1.08, 1.0), noise=2.0),
    Light(tint=(0.85, 0.7, 0.62), noise=5.0, blur=0.5),
    Light(tint=(0.75, 0.78, 0.82), noise=5.0, blur=0.6, rain=150),
    Light(tint=(0.6, 0.62, 0.68), noise=6.0, blur=1.0),
    Light(tint=(0.42, 0.44, 0.55), noise=7.0, blur=0.4, is_night=True),
)
"""Day, bright day, dusk, rain, fog-like blur, night."""


@dataclass(frozen=True)
class LabelledImage:
    """One image with its rows of the annotation table."""

    image: Image
    rows: list[Annotation]


def draw_images(count: int, seed: int) -> Iterator[tuple[str, LabelledImage]]:
    """Draws the data set, image by image.

    Yields:
        File name and image; the same for the same seed, whatever `count`.
    """
    for number in range(count):
        filename = f"street_{number:05d}.jpg"
        random = np.random.default_rng((seed, number))
        yield filename, draw_image(filename, random)


def draw_image(filename: str, random: np.random.Generator) -> LabelledImage:
    """Draws one street with up to nine objects; one in twelve is empty."""
    street = draw_street(WIDTH, HEIGHT, random)
    light = LIGHTS[int(random.integers(len(LIGHTS)))]
    count = int(random.integers(1, _MOST_OBJECTS + 1))
    if random.uniform() < 1 / 12:
        count = 0
    objects = _scatter(count, random)
    obstacles = _obstacles(int(random.integers(0, 4)), random)
    rendered = render(street, objects, obstacles, light, random)
    rows = label(filename, objects, rendered.boxes, rendered.visibility) or [
        Annotation(filename, WIDTH, HEIGHT)
    ]
    return LabelledImage(rendered.image, rows)


def label(
    filename: str,
    objects: list[Placed],
    boxes: npt.NDArray[np.float64],
    visibility: npt.NDArray[np.float64],
) -> list[Annotation]:
    """Returns a row for each object that one can see.

    Boxes are cut at the frame; what is hidden by more than four fifths, or
    cut to a sliver, is not labelled.
    """
    rows = []
    limits = [WIDTH, HEIGHT, WIDTH, HEIGHT]
    for placed, box, visible in zip(objects, boxes, visibility, strict=True):
        cut = np.clip(box, 0, limits)
        if visible < _LEAST_VISIBLE or (cut[2:] - cut[:2]).min() < _LEAST_SIDE:
            continue
        xmin, ymin, xmax, ymax = map(float, cut)
        class_id = KINDS.index(placed.kind) + 1
        rows.append(
            Annotation(
                filename,
                WIDTH,
                HEIGHT,
                placed.kind,
                class_id,
                xmin,
                ymin,
                xmax,
                ymax,
            )
        )
    return rows


def _scatter(count: int, random: np.random.Generator) -> list[Placed]:
    """Puts objects where none hides another nearly whole."""
    objects: list[Placed] = []
    for _ in range(_TRIES):
        if len(objects) == count:
            break
        kind = KINDS[int(random.integers(len(KINDS)))]
        # Small ones are many in a street, and few here: evenly over sizes.
        pixels = float(np.exp(random.uniform(np.log(10.0), np.log(58.0))))
        placed = Placed(
            kind,
            random_look(random),
            int(random.integers(PHASES)),
            float(random.uniform(0, WIDTH)),
            ground_for(pixels, HEIGHT),
            bool(random.integers(2)),
        )
        if all(_is_apart(placed, other) for other in objects):
            objects.append(placed)
    return objects


def _is_apart(one: Placed, other: Placed) -> bool:
    scale = pixels_per_meter(min(one.ground, other.ground), HEIGHT)
    near = abs(one.ground - other.ground) < 0.5 * METERS["car"] * scale
    return not near or abs(one.x - other.x) > 1.2 * scale


def _obstacles(count: int, random: np.random.Generator) -> list[Obstacle]:
    obstacles = []
    for _ in range(count):
        ground = int(random.uniform(0.55, 1.0) * HEIGHT)
        scale = pixels_per_meter(ground, HEIGHT)
        shade = int(random.integers(50, 140))
        obstacles.append(
            Obstacle(
                int(random.integers(WIDTH)),
                ground,
                max(int(scale * random.uniform(0.15, 0.45)), 2),
                int(scale * random.uniform(2.5, 4.0)),
                (shade, shade - 8, shade - 20),
                has_crown=bool(random.uniform() < 0.3),
            )
        )
    return obstacles
