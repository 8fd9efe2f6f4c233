"""The street itself, what stands in it, and the light that falls on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from crossline.geometry import Image
from crossline.sample.objects import METERS, Color, Look, Sprite, sprite

_VANISHING = 1 / 3
"""Height of the vanishing line, of the frame."""
_GROWTH = 0.21
"""Pixels per metre gained with each pixel below the vanishing line."""

OwnerMap = npt.NDArray[np.int16]
"""``(height, width)``: which object a pixel shows, -1 for none."""


class Light(NamedTuple):
    """How a picture is lit and taken.

    Attributes:
        tint: factor by colour channel.
        noise: standard deviation, of 255.
        blur: of the lens, pixels.
        rain: streaks a picture.
        is_night: lamps are on.
    """

    tint: Color | tuple[float, float, float] = (1.0, 1.0, 1.0)
    noise: float = 3.0
    blur: float = 0.0
    rain: int = 0
    is_night: bool = False


@dataclass(frozen=True)
class Placed:
    """An object in the street at one moment.

    Attributes:
        kind: of `crossline.sample.objects.KINDS`.
        look: see there.
        phase: see there.
        x: of its centre, pixels.
        ground: of its feet or wheels, pixels from the top.
        faces_left: its direction.
    """

    kind: str
    look: Look
    phase: int
    x: float
    ground: float
    faces_left: bool


@dataclass(frozen=True)
class Obstacle:
    """Something upright that hides what passes behind it.

    Attributes:
        x: of its centre, pixels.
        ground: of its foot.
        width: pixels.
        height: pixels.
        color: of it.
        has_crown: whether it is a tree.
    """

    x: int
    ground: int
    width: int
    height: int
    color: Color
    has_crown: bool = False


@dataclass(frozen=True)
class Rendered:
    """A picture and the truth about it.

    Attributes:
        image: RGB.
        boxes: ``(n, 4)`` float, whole objects, not cut at the frame.
        visibility: ``(n,)`` share of each object's pixels that show.
    """

    image: Image
    boxes: npt.NDArray[np.float64]
    visibility: npt.NDArray[np.float64]


def pixels_per_meter(ground: float, height: int) -> float:
    """Returns the scale of what stands at a height of the picture."""
    return _GROWTH * max(ground - _VANISHING * height, 1.0)


def ground_for(pixels: float, height: int) -> float:
    """Returns where something of so many pixels per metre stands."""
    return _VANISHING * height + pixels / _GROWTH


def draw_street(width: int, height: int, random: np.random.Generator) -> Image:
    """Draws the empty street: sky, houses, trees, pavements and lanes."""
    street = np.zeros((height, width, 3), np.uint8)
    horizon = int(0.44 * height)
    top, low = random.integers((90, 130, 190), (150, 190, 245), (2, 3))
    ramp = np.linspace(0, 1, horizon)[:, None, None]
    street[:horizon] = (top * (1 - ramp) + low * ramp).astype(np.uint8)
    _houses(street, horizon, random)
    grey = int(random.integers(80, 125))
    bands = (
        (horizon, 0.475, (grey + 5, grey + 4, grey)),
        (0.475, 0.505, (70, int(random.integers(95, 130)), 60)),
        (0.505, 0.575, (grey + 62, grey + 58, grey + 52)),
        (0.575, 0.86, (grey, grey, grey + 4)),
        (0.86, 1.0, (grey + 70, grey + 66, grey + 58)),
    )
    for start, end, color in bands:
        first = int(start if start > 1 else start * height)
        street[first : int(end * height)] = color
    for edge in (0.575, 0.86):
        cv2.line(
            street, (0, int(edge * height)), (width, int(edge * height)),
            (225, 222, 215), 2, cv2.LINE_AA,
        )  # fmt: skip
    middle = int(0.695 * height)
    shift = int(random.integers(60))
    for x in range(-shift, width, 60):
        cv2.line(street, (x, middle), (x + 30, middle), (230, 230, 225), 2)
    grain = random.normal(0, 5, (height, width, 1))
    return np.clip(street + grain, 0, 255).astype(np.uint8)


def _houses(street: Image, horizon: int, random: np.random.Generator) -> None:
    x = -int(random.integers(40))
    while x < street.shape[1]:
        wide = int(random.integers(50, 120))
        top = horizon - int(random.integers(40, max(horizon - 10, 41)))
        wall = random.integers(90, 215, 3)
        color = tuple(int(value) for value in wall)
        cv2.rectangle(street, (x, top), (x + wide, horizon), color, -1)
        window = tuple(int(value * 0.55) for value in wall)
        for left in range(x + 8, x + wide - 12, 20):
            for upper in range(top + 8, horizon - 14, 24):
                cv2.rectangle(
                    street, (left, upper), (left + 9, upper + 12), window, -1
                )
        x += wide + int(random.integers(0, 24))


def render(
    street: Image,
    objects: Sequence[Placed],
    obstacles: Sequence[Obstacle],
    light: Light,
    random: np.random.Generator,
) -> Rendered:
    """Paints objects and obstacles into a street, the far ones first.

    Args:
        street: RGB, stays as it is.
        objects: in it.
        obstacles: in it.
        light: of the picture.
        random: of noise and rain.
    """
    image = street.copy()
    owner: OwnerMap = np.full(image.shape[:2], -1, np.int16)
    boxes = np.zeros((len(objects), 4))
    pixels = np.ones(len(objects))
    order = sorted(
        [(placed.ground, 0, k) for k, placed in enumerate(objects)]
        + [(stands.ground, 1, k) for k, stands in enumerate(obstacles)]
    )
    for _, is_obstacle, k in order:
        if is_obstacle:
            _paint_obstacle(image, owner, obstacles[k])
        else:
            boxes[k], pixels[k] = _paint(image, owner, k, objects[k], light)
    shown = np.bincount(owner[owner >= 0], minlength=len(objects))
    visibility = shown[: len(objects)] / pixels
    return Rendered(expose(image, light, random), boxes, visibility)


def _paint(
    image: Image, owner: OwnerMap, number: int, placed: Placed, light: Light
) -> tuple[npt.NDArray[np.float64], int]:
    """Paints one object; returns its box and how many pixels it has."""
    scale = pixels_per_meter(placed.ground, image.shape[0])
    height = max(round(METERS[placed.kind] * scale), 1)
    drawn = sprite(
        placed.kind, placed.look, placed.phase, height, placed.faces_left
    )
    width = drawn.shape[1]
    left = round(placed.x - width / 2)
    top = round(placed.ground) - height
    _shadow(image, left, round(placed.ground), width, height)
    _blend(image, drawn, left, top, owner, number)
    if light.is_night and placed.kind != "person":
        _lamp(image, placed, left, top, width, height)
    box = np.array([left, top, left + width, top + height], float)
    return box, max(int((drawn[..., 3] > 127).sum()), 1)


def _blend(
    image: Image,
    drawn: Sprite,
    left: int,
    top: int,
    owner: OwnerMap,
    number: int,
) -> None:
    height, width = image.shape[:2]
    first, last = max(-left, 0), min(width - left, drawn.shape[1])
    upper, lower = max(-top, 0), min(height - top, drawn.shape[0])
    if first >= last or upper >= lower:
        return
    part = drawn[upper:lower, first:last]
    rows = slice(top + upper, top + lower)
    columns = slice(left + first, left + last)
    rest = (255 - part[..., 3:].astype(np.uint16)) * image[rows, columns]
    image[rows, columns] = part[..., :3] + (rest // 255).astype(np.uint8)
    owner[rows, columns][part[..., 3] > 127] = number


def _shadow(
    image: Image, left: int, ground: int, width: int, height: int
) -> None:
    """Darkens the ground under an object."""
    deep = max(height // 14, 1)
    rows = slice(max(ground - deep, 0), max(min(ground + deep, len(image)), 0))
    first, last = max(left, 0), min(left + width, image.shape[1])
    if first < last:
        part = image[rows, first:last]
        image[rows, first:last] = (part * 0.6).astype(np.uint8)


def _lamp(
    image: Image, placed: Placed, left: int, top: int, width: int, height: int
) -> None:
    """A headlight's glow, which the light of the night leaves bright."""
    x = left if placed.faces_left else left + width
    center = (x, top + int(height * 0.62))
    cv2.circle(
        image, center, max(height // 9, 1), (255, 255, 235), -1, cv2.LINE_AA
    )


def _paint_obstacle(image: Image, owner: OwnerMap, stands: Obstacle) -> None:
    left, top = stands.x - stands.width // 2, stands.ground - stands.height
    right = left + stands.width
    for picture, value in ((image, stands.color), (owner, -1)):
        cv2.rectangle(picture, (left, top), (right, stands.ground), value, -1)
    if stands.has_crown:
        radius = stands.width * 3
        for picture, value in ((image, (52, 92, 48)), (owner, -1)):
            cv2.circle(picture, (stands.x, top), radius, value, -1)


def expose(image: Image, light: Light, random: np.random.Generator) -> Image:
    """Takes the picture: tint, rain, lens blur, sensor noise."""
    if light.rain:
        for _ in range(light.rain):
            x = int(random.integers(image.shape[1]))
            y = int(random.integers(image.shape[0]))
            cv2.line(image, (x, y), (x + 2, y + 9), (190, 195, 205), 1)
    if light.blur:
        image = cv2.GaussianBlur(image, (0, 0), light.blur).astype(np.uint8)
    values = image * np.array(light.tint, np.float32)
    if light.is_night:
        lamps = (image.min(axis=2) > 228)[..., None]
        values = np.where(lamps, image, values)
    grain = random.normal(0, light.noise, image.shape[:2])[..., None]
    return np.clip(values + grain, 0, 255).astype(np.uint8)
