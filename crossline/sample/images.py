"""The sample's labelled images: streets in all lights and distances."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

import numpy as np

from crossline.annotations.table import Annotation
from crossline.geometry import Image
from crossline.sample.light import LIGHTS
from crossline.sample.objects import KINDS, phase_after, random_look
from crossline.sample.places import (
    HEIGHT,
    WIDTH,
    Place,
    random_place,
    video_place,
)
from crossline.sample.scene import Floats, Placed, Rendered, render
from crossline.sample.street import Camera

_LEAST_VISIBLE = 0.15
_CLEARLY_VISIBLE = 0.4
_LEAST_SIDE = 5.0
_LEAST_HEIGHT = 15.0
_MOST_OBJECTS = 8
_MOST_COVERED = 0.4
_TRIES = 40
_EMPTY_SHARE = 0.1
_VIDEO_PLACE_SHARE = 0.3
_SIZES = {"person": (0.7, 1.72), "car": (4.3, 1.55), "motorcycle": (2.0, 1.6)}
"""Metres, about: width and height."""


class Lane(NamedTuple):
    """A band of depth where objects move.

    Attributes:
        kinds: of objects.
        near: metres of depth.
        far: metres of depth.
        weight: how likely it is, against the others.
        in_park: whether only streets with a park have it.
    """

    kinds: tuple[str, ...]
    near: float
    far: float
    weight: float
    in_park: bool = False


_VEHICLES = ("car", "motorcycle")
LANES = (
    Lane(("person",), 6.2, 8.8, 1.0),
    Lane(_VEHICLES, 9.8, 10.7, 1.0),
    Lane(("person",), 9.3, 11.0, 0.3),
    Lane(_VEHICLES, 12.8, 13.8, 1.0),
    Lane(("person",), 19.0, 28.0, 0.05, in_park=True),
    Lane(_VEHICLES, 46.0, 48.0, 0.04, in_park=True),
)


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
    """Draws one street with up to eight objects, sometimes with none."""
    light = LIGHTS[int(random.integers(len(LIGHTS)))]
    if random.uniform() < _VIDEO_PLACE_SHARE:
        place = video_place(light)
    else:
        place = random_place(light, random)
    count = int(random.integers(2, _MOST_OBJECTS + 1))
    if random.uniform() < _EMPTY_SHARE:
        count = 0
    objects = _scatter(count, place, random)
    rendered = render(place.street, objects, place.furniture, light, random)
    seen = rendered.visibility >= _CLEARLY_VISIBLE
    if not seen.all():
        # What hardly shows would teach little, and blur what is measured.
        objects = list(compress(objects, seen))
        rendered = render(
            place.street, objects, place.furniture, light, random
        )
    rows = label(filename, objects, rendered)
    return LabelledImage(
        rendered.image, rows or [Annotation(filename, WIDTH, HEIGHT)]
    )


def label(
    filename: str, objects: list[Placed], rendered: Rendered
) -> list[Annotation]:
    """Returns a row for each object that one can see.

    Boxes are whole objects', cut at the frame; what is hidden by more than
    85 %, or cut to a sliver, is not labelled.
    """
    rows = []
    limits = [WIDTH, HEIGHT, WIDTH, HEIGHT]
    for placed, box, visible in zip(
        objects, rendered.boxes, rendered.visibility, strict=True
    ):
        cut = np.clip(box, 0, limits)
        if visible < _LEAST_VISIBLE or (cut[2:] - cut[:2]).min() < _LEAST_SIDE:
            continue
        kind = placed.look.kind
        class_id = KINDS.index(kind) + 1
        xmin, ymin, xmax, ymax = cut.tolist()
        rows.append(
            Annotation(
                filename,
                WIDTH,
                HEIGHT,
                kind,
                class_id,
                xmin,
                ymin,
                xmax,
                ymax,
            )
        )
    return rows


def _scatter(
    count: int, place: Place, random: np.random.Generator
) -> list[Placed]:
    """Puts objects where none hides another nearly whole."""
    objects: list[Placed] = []
    boxes: list[Floats] = []
    camera = place.street.camera
    for _ in range(_TRIES):
        if len(objects) == count:
            break
        kind = KINDS[int(random.integers(len(KINDS)))]
        placed = _put(kind, place, random)
        box = _rough_box(placed, camera)
        seen = min(box[3], HEIGHT) - max(box[1], 0)
        if box[3] - box[1] < _LEAST_HEIGHT or seen < 0.6 * (box[3] - box[1]):
            continue
        if all(_covered(box, other) < _MOST_COVERED for other in boxes):
            objects.append(placed)
            boxes.append(box)
    return objects


def _put(kind: str, place: Place, random: np.random.Generator) -> Placed:
    lanes = [
        lane
        for lane in LANES
        if kind in lane.kinds and (place.has_park or not lane.in_park)
    ]
    weights = np.array([lane.weight for lane in lanes])
    lane = lanes[int(random.choice(len(lanes), p=weights / weights.sum()))]
    depth = float(random.uniform(lane.near, lane.far))
    return Placed(
        random_look(kind, random),
        phase_after(kind, float(random.uniform(0, 5))),
        float(random.uniform(0, WIDTH)),
        place.street.camera.ground(depth),
        bool(random.integers(2)),
    )


def _rough_box(placed: Placed, camera: Camera) -> Floats:
    scale = camera.scale(placed.ground)
    width, height = (side * scale for side in _SIZES[placed.look.kind])
    left, top = placed.x - width / 2, placed.ground - height
    return np.array([left, top, left + width, placed.ground])


def _covered(one: Floats, other: Floats) -> float:
    """Returns the share that the nearer of two boxes hides of the other."""
    far = one if one[3] < other[3] else other
    low = np.maximum(one[:2], other[:2])
    high = np.minimum(one[2:], other[2:])
    common = np.prod(np.maximum(high - low, 0))
    return float(common / np.prod(far[2:] - far[:2]))
