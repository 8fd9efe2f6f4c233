"""Fronts of houses, by day and what of them is lit at night."""

from typing import NamedTuple

import numpy as np

from crossline.sample.canvas import (
    Canvas,
    Color,
    Pixels,
    Point,
    mix,
    pick,
    shade,
)
from crossline.sample.furniture import POSTERS

_WALLS: tuple[Color, ...] = (
    (196, 182, 158), (178, 108, 84), (206, 198, 186), (160, 146, 130),
    (186, 164, 120), (142, 92, 76), (176, 186, 190), (214, 190, 150),
)  # fmt: skip
_ROOFS: tuple[Color, ...] = ((122, 62, 48), (84, 76, 74), (98, 70, 58))
_PANE: Color = (150, 168, 180)
_LIT: Color = (255, 214, 140)


class House(NamedTuple):
    """A house's front.

    Attributes:
        front: by day.
        lit: the windows behind which somebody is up; black elsewhere.
    """

    front: Pixels
    lit: Pixels


def draw_house(
    width: float, height: float, scale: float, random: np.random.Generator
) -> House:
    """Draws a house; sizes in metres, roof included, scale in pixels."""
    front = Canvas(width, height, scale)
    lit = Canvas(width, height, scale)
    wall = pick(_WALLS, random)
    eaves = height - float(random.uniform(0.3, 2.6))
    roof = pick(_ROOFS, random)
    slope = 0.0 if height - eaves < 1 else 0.8
    front.rectangle(
        (0, 0), (width, eaves), shade(wall, 1.04), shade(wall, 0.86)
    )
    front.polygon(
        [(0, eaves), (width, eaves), (width - slope, height), (slope, height)],
        roof,
        shade(roof, 0.8),
    )
    front.rectangle((0, eaves - 0.15), (width, eaves), shade(wall, 1.15))
    ground_floor = 3.2
    _shop(front, lit, width, ground_floor, random)
    columns = max(round(width / 2.1), 1)
    pitch = width / columns
    floors = int((eaves - ground_floor - 0.4) / 2.6)
    for floor in range(floors):
        for column in range(columns):
            left = (column + 0.5) * pitch - 0.5
            corner = (left, ground_floor + 0.7 + 2.6 * floor)
            _window(front, lit, corner, wall, random)
    return House(front.pixels, lit.pixels)


def _window(
    front: Canvas,
    lit: Canvas,
    corner: Point,
    wall: Color,
    random: np.random.Generator,
) -> None:
    left, low = corner
    right, high = left + 1.0, low + 1.5
    front.rectangle(
        (left - 0.12, low - 0.12),
        (right + 0.12, high + 0.12),
        shade(wall, 1.16),
    )
    front.rectangle((left, low), (right, high), shade(_PANE, 0.65))
    front.rectangle((left, low), (right, low + 0.6), shade(_PANE, 0.85))
    if random.uniform() < 0.3:
        curtain = mix(wall, (240, 236, 226), 0.6)
        front.rectangle((left, low + 0.7), (right, high), curtain)
    front.rectangle((left + 0.45, low), (left + 0.55, high), (228, 226, 220))
    front.rectangle(
        (left - 0.2, low - 0.24), (right + 0.2, low - 0.1), shade(wall, 0.75)
    )
    if random.uniform() < 0.35:
        lit.rectangle((left, low), (right, high), _LIT)


def _shop(
    front: Canvas,
    lit: Canvas,
    width: float,
    high: float,
    random: np.random.Generator,
) -> None:
    """Draws the ground floor: a door, and a shop's window with an awning."""
    door = float(random.uniform(0.4, width - 1.6))
    front.rectangle((0, 0), (width, 0.4), (108, 102, 98))
    front.rectangle((door, 0), (door + 1.1, 2.3), (74, 52, 42))
    front.rectangle((door + 0.15, 1.2), (door + 0.95, 2.15), shade(_PANE, 0.6))
    left, right = (
        (0.5, door - 0.4) if door > width / 2 else (door + 1.5, width - 0.5)
    )
    if right - left < 1:
        return
    front.rectangle((left, 0.5), (right, 2.4), shade(_PANE, 0.5), _PANE)
    if random.uniform() < 0.6:
        lit.rectangle((left, 0.5), (right, 2.4), shade(_LIT, 0.8))
    if random.uniform() < 0.6:
        cloth = pick(POSTERS, random)
        stripes = max(round((right - left) / 0.5), 1)
        for k in range(stripes):
            x, wide = left + k * (right - left) / stripes, 0.5
            color = cloth if k % 2 else (232, 228, 218)
            front.rectangle(
                (x, 2.25),
                (min(x + wide, right), high - 0.25),
                color,
                shade(color, 0.8),
            )
