"""A street with those who use it: the picture, and the truth about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from crossline.geometry import Image
from crossline.sample.canvas import Color, Pixels, Point, shrink
from crossline.sample.furniture import HEIGHTS, draw_furniture
from crossline.sample.light import Light, add_spot, expose, spot
from crossline.sample.objects import Look, Sprite, sprite
from crossline.sample.street import Camera, Street, blend

Floats = npt.NDArray[np.float64]
OwnerMap = npt.NDArray[np.int16]
"""``(height, width)``: which object a pixel shows, or one of the next two."""
_STREET, _FURNITURE = -1, -2
_HEADLIGHT: Color = (255, 250, 224)
_TAIL_LIGHT: Color = (220, 30, 24)
_STREET_LAMP: Color = (255, 214, 150)


@dataclass(frozen=True)
class Placed:
    """An object in the street at one moment.

    Attributes:
        look: see there.
        phase: of its legs or wheels.
        x: of its anchor, pixels.
        ground: of its feet or wheels, pixels from the top.
        faces_left: its direction.
    """

    look: Look
    phase: int
    x: float
    ground: float
    faces_left: bool


@dataclass(frozen=True)
class Obstacle:
    """Something upright that hides what passes behind it.

    Attributes:
        name: of `crossline.sample.furniture.HEIGHTS`.
        seed: what it looks like.
        x: of its middle, pixels.
        ground: of its foot, pixels from the top.
    """

    name: str
    seed: int
    x: float
    ground: float


@dataclass(frozen=True)
class Rendered:
    """A picture and the truth about it.

    Attributes:
        image: RGB.
        boxes: ``(n, 4)`` whole objects, not cut at the frame.
        visibility: ``(n,)`` share of each object's pixels that show.
    """

    image: Image
    boxes: Floats
    visibility: Floats


def object_box(camera: Camera, placed: Placed) -> Floats:
    """Returns the box ``(4,)`` of a whole object, in pixels."""
    drawn = _sprite(camera, placed)
    height, width = drawn.pixels.shape[:2]
    # Eighths of a pixel: smooth to see, and exact in every format.
    left = round((placed.x - drawn.anchor) * 8) / 8
    ground = round(placed.ground)
    return np.array([left, ground - height, left + width, ground], float)


def obstacle_box(camera: Camera, obstacle: Obstacle) -> Floats:
    """Returns the box ``(4,)`` of an obstacle, in pixels."""
    scale = camera.scale(obstacle.ground)
    height, width = _obstacle(obstacle.name, obstacle.seed, scale).shape[:2]
    left, ground = round(obstacle.x - width / 2), round(obstacle.ground)
    return np.array([left, ground - height, left + width, ground], float)


class _Painter:
    """Paints one scene; knows whom each pixel shows."""

    def __init__(self, street: Street, light: Light) -> None:
        self.image = street.image.copy()
        self.owner: OwnerMap = np.full(self.image.shape[:2], _STREET, np.int16)
        self._camera = street.camera
        self._light = light
        self._lamps: list[tuple[int, Point, Pixels]] = []
        self._pools: list[tuple[Point, Pixels]] = []

    def paint_object(self, number: int, placed: Placed) -> tuple[Floats, int]:
        """Returns its box and how many pixels it has."""
        scale = self._camera.scale(placed.ground)
        drawn = _sprite(self._camera, placed)
        box = object_box(self._camera, placed)
        left, top, right, ground = box.tolist()
        column = int(np.floor(left))
        width = round(right - left)
        self._paint_shadow(column, round(ground), width, scale)
        pixels = _shifted(drawn.pixels, left - column)
        rows, columns, cover = blend(self.image, pixels, column, round(top))
        self.owner[rows, columns][cover > 127] = number
        if self._light.is_dark and placed.look.kind != "person":
            self._light_lamps(number, placed, box, scale)
        return box, max(int(np.count_nonzero(pixels[..., 3] > 127)), 1)

    def paint_obstacle(self, obstacle: Obstacle) -> None:
        scale = self._camera.scale(obstacle.ground)
        drawn = _obstacle(obstacle.name, obstacle.seed, scale)
        box = obstacle_box(self._camera, obstacle)
        left, top, right, ground = (round(edge) for edge in box.tolist())
        width = right - left
        self._paint_shadow(left + width // 4, ground, width // 2, scale)
        rows, columns, cover = blend(self.image, drawn, left, top)
        self.owner[rows, columns][cover > 127] = _FURNITURE
        if obstacle.name == "lamp post":
            head = (obstacle.x + 0.5 * scale, ground - 5.0 * scale)
            lamp = spot(round(1.4 * scale), 1.0, _STREET_LAMP)
            self._lamps.append((_FURNITURE, head, lamp))
            pool = spot(round(4 * scale), 0.3, (96, 76, 44))
            self._pools.append(((head[0], ground), pool))

    def glow(self, street: Street) -> Image:
        """Returns all that shines and is not hidden."""
        glow = street.glow.copy()
        for center, patch in self._pools:
            add_spot(glow, center, patch)
        glow[self.owner != _STREET] = 0
        height, width = self.owner.shape
        for number, (x, y), patch in self._lamps:
            inside = 0 <= x < width and 0 <= y < height
            if inside and self.owner[int(y), int(x)] == number:
                add_spot(glow, (x, y), patch)
        return glow

    def _light_lamps(
        self, number: int, placed: Placed, box: Floats, scale: float
    ) -> None:
        """Turns on its head and tail light; a spot lies on the road ahead."""
        is_car = placed.look.kind == "car"
        left, _, right, ground = (float(edge) for edge in box)
        y = ground - (0.68 if is_car else 0.9) * scale
        inset = (0.14 if is_car else 0.3) * scale
        front, rear, ahead = right - inset, left + inset / 2, right + scale
        if placed.faces_left:
            front, rear, ahead = left + inset, right - inset / 2, left - scale
        small = max(round(0.55 * scale), 2)
        self._lamps += [
            (number, (front, y), spot(small, 1.0, _HEADLIGHT)),
            (number, (rear, y), spot(max(small // 2, 2), 1.0, _TAIL_LIGHT)),
        ]
        beam = spot(max(round(2.0 * scale), 3), 0.2, (130, 124, 100))
        self._pools.append(((ahead, ground), beam))

    def _paint_shadow(
        self, left: int, ground: int, width: int, scale: float
    ) -> None:
        """Darkens the ground under something."""
        shadow = _shadow(width, max(round(0.22 * scale), 1))
        high, wide = shadow.shape[:2]
        blend(
            self.image,
            shadow,
            left - (wide - width) // 2,
            ground - high // 2 - 1,
        )


def render(
    street: Street,
    objects: Sequence[Placed],
    obstacles: Sequence[Obstacle],
    light: Light,
    random: np.random.Generator,
) -> Rendered:
    """Paints objects and obstacles into a street, the far ones first.

    Args:
        street: stays as it is.
        objects: in it.
        obstacles: in it.
        light: of the picture.
        random: of rain and grain.
    """
    painter = _Painter(street, light)
    boxes = np.zeros((len(objects), 4))
    pixels = np.ones(len(objects))
    order = sorted(
        [(placed.ground, 0, k) for k, placed in enumerate(objects)]
        + [(stands.ground, 1, k) for k, stands in enumerate(obstacles)]
    )
    for _, is_obstacle, k in order:
        if is_obstacle:
            painter.paint_obstacle(obstacles[k])
        else:
            boxes[k], pixels[k] = painter.paint_object(k, objects[k])
    glow = painter.glow(street) if light.is_dark else street.glow
    image = expose(painter.image, glow, light, street.camera.horizon, random)
    shown = np.bincount(
        painter.owner[painter.owner >= 0], minlength=len(objects)
    )
    return Rendered(image, boxes, shown / pixels)


def _sprite(camera: Camera, placed: Placed) -> Sprite:
    scale = camera.scale(placed.ground)
    return sprite(placed.look, placed.phase, scale, placed.faces_left)


@lru_cache(maxsize=64)
def _obstacle(name: str, seed: int, scale: float) -> Pixels:
    drawn = draw_furniture(name, seed, 3 * scale)
    height = HEIGHTS[name] * scale
    width = drawn.shape[1] * height / len(drawn)
    return shrink(drawn, round(width), round(height))


@lru_cache(maxsize=512)
def _shadow(width: int, depth: int) -> Pixels:
    """Returns black of a soft-edged coverage."""
    shadow = np.zeros((2 * depth + 1, width + 2 * depth, 4), np.uint8)
    radius = width / 2 + depth
    soft = spot(int(radius), depth / radius, (255, 255, 255))[..., 0]
    soft = np.asarray(cv2.resize(soft, shadow.shape[1::-1]), np.uint8)
    shadow[..., 3] = np.sqrt(soft / 255) * 165
    return shadow


def _shifted(drawn: Pixels, by: float) -> Pixels:
    """Moves a sprite right by a part of a pixel; a column wider."""
    wide = np.pad(drawn, ((0, 0), (0, 1), (0, 0)))
    matrix = np.array([[1, 0, by], [0, 1, 0]])
    moved = cv2.warpAffine(wide, matrix, wide.shape[1::-1])
    return np.asarray(moved, np.uint8)
