"""The three kinds of street users: what they look like, at any size.

Each is drawn once, large, and shrunk to the size that a scene asks for. A
sprite fills its rectangle, so that where one is put is its box.
A motorcycle's box holds its rider, who is not a person of his own (in COCO
he is).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from crossline.sample.canvas import Canvas, Color, Pixels, pick, shrink
from crossline.sample.cars import BODIES, draw_car
from crossline.sample.motorcycles import draw_motorbike, draw_scooter
from crossline.sample.people import BAGS, OUTFITS, Clothes, draw_person

KINDS = ("person", "car", "motorcycle")
SHARPNESS = 120.0
"""Pixels per metre of what is drawn, before it is shrunk."""
_PHASES = {"person": 16, "car": 4, "motorcycle": 4}
_METERS_A_CYCLE = {"person": 1.45, "car": 0.4, "motorcycle": 0.4}
"""Two steps; from one spoke of a wheel to the next."""

_PAINTS: tuple[Color, ...] = (
    (226, 228, 230), (184, 188, 194), (128, 132, 138), (52, 54, 60),
    (34, 36, 40), (46, 72, 124), (96, 128, 168), (156, 34, 36),
    (196, 58, 44), (58, 86, 66), (190, 176, 144), (222, 174, 60),
)  # fmt: skip
_CLOTHES: tuple[Color, ...] = (
    (188, 62, 54), (46, 62, 98), (124, 104, 76), (206, 172, 74),
    (64, 122, 112), (214, 212, 206), (72, 72, 78), (40, 40, 46),
    (148, 84, 120), (96, 134, 178), (118, 142, 84), (212, 128, 76),
)  # fmt: skip
_TROUSERS: tuple[Color, ...] = (
    (44, 50, 70), (66, 84, 118), (34, 34, 38), (96, 88, 78), (150, 138, 116),
)  # fmt: skip
_SKINS: tuple[Color, ...] = (
    (232, 190, 160), (214, 166, 132), (168, 120, 88), (112, 78, 58),
)  # fmt: skip
_HAIRS: tuple[Color, ...] = (
    (44, 34, 30), (82, 56, 38), (150, 112, 66), (24, 22, 24), (150, 148, 144),
)  # fmt: skip


class Car(NamedTuple):
    """A car's look."""

    body: int
    paint: Color


class Ride(NamedTuple):
    """A motorcycle's look, and its rider's."""

    is_scooter: bool
    paint: Color
    jacket: Color
    trousers: Color


@dataclass(frozen=True)
class Look:
    """What tells one object of a kind from another.

    Attributes:
        design: shape and colours.
        size: a factor, 1 for the usual size.
    """

    design: Clothes | Car | Ride
    size: float

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        names = {Clothes: "person", Car: "car", Ride: "motorcycle"}
        return names[type(self.design)]


class Sprite(NamedTuple):
    """Something drawn at the size at which it is shown.

    Attributes:
        pixels: see `crossline.sample.canvas`.
        anchor: pixels from its left edge to what stays in place while it
            moves its limbs.
    """

    pixels: Pixels
    anchor: float


def random_look(kind: str, random: np.random.Generator) -> Look:
    """Draws lots for a look."""
    size = float(random.uniform(0.93, 1.05))
    if kind == "car":
        body = int(random.integers(len(BODIES)))
        return Look(Car(body, pick(_PAINTS, random)), size)
    top, legs = pick(_CLOTHES, random), pick(_TROUSERS, random)
    if kind == "motorcycle":
        is_scooter = bool(random.uniform() < 0.35)
        return Look(Ride(is_scooter, pick(_PAINTS, random), top, legs), size)
    clothes = Clothes(
        OUTFITS[int(random.integers(len(OUTFITS)))],
        BAGS[int(random.integers(len(BAGS)))],
        top,
        legs,
        pick(_SKINS, random),
        pick(_HAIRS, random),
        bool(random.uniform() < 0.45),
        float(random.uniform(0.9, 1.3)),
    )
    return Look(clothes, size)


def phase_after(kind: str, meters: float) -> int:
    """Returns the phase of legs or wheels after a way."""
    cycles = meters / _METERS_A_CYCLE[kind]
    return int(cycles * _PHASES[kind]) % _PHASES[kind]


@lru_cache(maxsize=2048)
def sprite(look: Look, phase: int, scale: float, faces_left: bool) -> Sprite:
    """Returns an object at a scale.

    Args:
        look: see there.
        phase: see `phase_after`.
        scale: pixels per metre.
        faces_left: its direction.
    """
    large, anchor = _large(look, phase)
    shrunk = scale * look.size / SHARPNESS
    height, width = (round(side * shrunk) for side in large.shape[:2])
    small = shrink(large, width, height)
    anchor *= small.shape[1] / large.shape[1]
    if not faces_left:
        return Sprite(small, anchor)
    mirrored = np.ascontiguousarray(small[:, ::-1])
    return Sprite(mirrored, small.shape[1] - anchor)


@lru_cache(maxsize=128)
def _large(look: Look, phase: int) -> Sprite:
    """Draws an object, facing right, and cuts the sheet around it."""
    pixels = _draw(look, phase / _PHASES[look.kind]).pixels
    rows = np.flatnonzero(pixels[..., 3].any(axis=1))
    columns = np.flatnonzero(pixels[..., 3].any(axis=0))
    cut = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Sprite(cut, pixels.shape[1] / 2 - columns[0])


def _draw(look: Look, cycle: float) -> Canvas:
    design = look.design
    if isinstance(design, Car):
        return draw_car(BODIES[design.body], design.paint, cycle, SHARPNESS)
    if isinstance(design, Clothes):
        return draw_person(design, cycle, SHARPNESS)
    draw = draw_scooter if design.is_scooter else draw_motorbike
    return draw(design.paint, design.jacket, design.trousers, cycle, SHARPNESS)
