"""The empty street: sky, houses, park, lanes and pavements in perspective.

The ground is told in metres of depth before the camera; see `Camera`. From
near to far: a pavement, the road with its two lanes, the far pavement, and,
where there is a park, grass and a second, distant road.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from crossline.geometry import Image
from crossline.sample.canvas import Color, Pixels, Point, mix, shade, shrink
from crossline.sample.houses import draw_house
from crossline.sample.light import Light

NEAR_KERB, MIDDLE, FAR_KERB = 9.0, 11.8, 14.8
PAVEMENT_END, PARK_END, ROAD_END = 18.2, 44.0, 51.0
"""Depths, metres."""
_HOUSES_BEYOND = 0.8
_ASPHALT: Color = (96, 97, 101)
_SLABS: Color = (176, 170, 160)
_GRASS: Color = (98, 122, 66)
_PAINT: Color = (228, 226, 218)
_SHIFT = 4


class Camera(NamedTuple):
    """A camera that looks straight ahead, over a flat ground.

    Attributes:
        horizon: pixels from the top.
        focal: of the lens, pixels.
        height: above the ground, metres.
    """

    horizon: float
    focal: float
    height: float

    def ground(self, depth: float) -> float:
        """Returns where the ground is seen, pixels from the top."""
        return self.horizon + self.focal * self.height / depth

    def scale(self, ground: float) -> float:
        """Returns pixels per metre of what stands at such a place."""
        return max(ground - self.horizon, 1.0) / self.height


@dataclass(frozen=True)
class Street:
    """An empty street.

    Attributes:
        camera: that sees it.
        image: RGB, in white light.
        glow: its lit windows at night.
    """

    camera: Camera
    image: Image
    glow: Image


def draw_street(
    size: tuple[int, int],
    camera: Camera,
    light: Light,
    random: np.random.Generator,
    *,
    has_park: bool,
) -> Street:
    """Draws a street of `size` (width, height), in pixels."""
    width, height = size
    image = np.zeros((height, width, 3), np.uint8)
    glow = np.zeros_like(image)
    _draw_sky(image, light, random)
    end = ROAD_END if has_park else PAVEMENT_END
    street = Street(camera, image, glow)
    _draw_houses(street, end + _HOUSES_BEYOND, random)
    _draw_ground(street, has_park, random)
    _draw_joints(street, PAVEMENT_END, FAR_KERB)
    _draw_joints(street, NEAR_KERB, 4.0)
    _draw_markings(street, random)
    return street


def blend(
    image: npt.NDArray[np.uint8], drawn: Pixels, left: int, top: int
) -> tuple[slice, slice, npt.NDArray[np.uint8]]:
    """Paints something over an image, cut at the edges.

    Returns:
        The rows and columns that it takes, and its coverage there.
    """
    height, width = drawn.shape[:2]
    rows = slice(max(top, 0), max(min(top + height, len(image)), 0))
    columns = slice(max(left, 0), max(min(left + width, image.shape[1]), 0))
    part = drawn[
        max(rows.start - top, 0) : max(rows.stop - top, 0),
        max(columns.start - left, 0) : max(columns.stop - left, 0),
    ]
    cover = part[..., 3]
    if part.size:
        rest = image[rows, columns] * (
            255 - cover[..., None].astype(np.uint16)
        )
        image[rows, columns] = part[..., :3] + (rest // 255).astype(np.uint8)
    return rows, columns, cover


def _draw_sky(image: Image, light: Light, random: np.random.Generator) -> None:
    height, width = image.shape[:2]
    ramp = np.minimum(np.linspace(0, 2.2, height, dtype=np.float32), 1)
    top, low = (np.array(color, np.float32) for color in light.sky)
    sky = (top + (low - top) * ramp[:, None])[:, None]
    # Coarse noise, made smooth, is clouds: wide ones, and their curls.
    share = np.full((height, width), -0.62, np.float32)
    for cells, weight in (((14, 5), 0.75), ((40, 16), 0.3)):
        noise = random.uniform(0, weight, cells).astype(np.float32)
        share += cv2.resize(
            noise, (width, height), interpolation=cv2.INTER_CUBIC
        )
    share = np.clip(share * 2.5, 0, 0.8)[..., None]
    white = np.array(mix(light.sky[1], (255, 255, 255), 0.6), np.float32)
    image[:] = sky + (white - sky) * share


def _draw_houses(
    street: Street, depth: float, random: np.random.Generator
) -> None:
    ground = street.camera.ground(depth)
    scale = street.camera.scale(ground)
    left = -float(random.uniform(0, 6)) * scale
    while left < street.image.shape[1]:
        width, height = random.uniform((6.5, 7.5), (12, 15.5))
        house = draw_house(width, height, 2 * scale, random)
        size = round(width * scale), round(height * scale)
        for picture, drawn in (
            (street.image, house.front),
            (street.glow, house.lit),
        ):
            small = shrink(drawn, *size)
            blend(picture, small, round(left), round(ground) - size[1])
        left += size[0]
        if random.uniform() < 0.15:
            left += float(random.uniform(1, 4)) * scale


def _draw_ground(
    street: Street, has_park: bool, random: np.random.Generator
) -> None:
    """Draws the bands of the ground from far to near, with their grain."""
    end = ROAD_END if has_park else PAVEMENT_END
    camera, image = street.camera, street.image
    height, width = image.shape[:2]
    asphalt = shade(_ASPHALT, float(random.uniform(0.8, 1.15)))
    slabs = shade(_SLABS, float(random.uniform(0.86, 1.1)))
    park = [(ROAD_END, asphalt), (PARK_END, _GRASS)] if has_park else []
    bands = [
        (end + _HOUSES_BEYOND, slabs),
        *park,
        (PAVEMENT_END, slabs),
        (FAR_KERB, shade(slabs, 1.15)),
        (FAR_KERB - 0.25, asphalt),
        (NEAR_KERB + 0.1, shade(slabs, 0.6)),
        (NEAR_KERB, shade(slabs, 1.18)),
        (NEAR_KERB - 0.3, slabs),
    ]
    horizon = camera.ground(bands[0][0])
    for depth, color in bands:
        top = camera.ground(depth)
        _band(image, top, height + 9.0, color)
    patches = random.uniform(-7, 7, (24, 16)).astype(np.float32)
    coarse = cv2.resize(patches, (width, height))
    fine = random.standard_normal((height, width), np.float32) * 3
    grain = (coarse + fine)[round(horizon) :, :, None]
    part = image[round(horizon) :]
    part[:] = np.clip(part + grain, 0, 255)


def _draw_joints(street: Street, far: float, near: float) -> None:
    """Draws what parts the slabs of a pavement, where it can be seen."""
    camera = street.camera
    height, width = street.image.shape[:2]
    pitch = 1.0
    color = shade(_SLABS, 0.82)
    start, end = camera.ground(far), min(camera.ground(near), height + 50.0)
    if start > height or camera.scale(start) * pitch < 9:
        return
    reach = int(width / camera.scale(start) / pitch) + 1
    for k in range(-reach, reach + 1):
        from_, to = (
            (width / 2 + k * pitch * camera.scale(ground), ground)
            for ground in (start, end)
        )
        _line(street.image, from_, to, color)
    for depth in np.arange(far - 0.3 - pitch, near, -pitch):
        ground = camera.ground(float(depth))
        _line(street.image, (0, ground), (width, ground), color)


def _draw_markings(street: Street, random: np.random.Generator) -> None:
    camera, image = street.camera, street.image
    width = image.shape[1]
    for depth in (NEAR_KERB + 0.5, FAR_KERB - 0.6):
        _band(image, camera.ground(depth), camera.ground(depth - 0.1), _PAINT)
    far, near = (camera.ground(MIDDLE + side) for side in (0.07, -0.07))
    shift = float(random.uniform(0, 6))
    for k in range(-12, 12):
        start, end = 6 * k + shift, 6 * k + shift + 2.6
        corners = [
            (width / 2 + x * camera.scale(ground), ground)
            for ground in (far, near)
            for x in (start, end)
        ]
        _fill(image, [corners[k] for k in (0, 1, 3, 2)], _PAINT)


def _band(image: Image, top: float, bottom: float, color: Color) -> None:
    """Fills the whole width between two rows."""
    right = float(image.shape[1])
    _fill(image, [(0, top), (right, top), (right, bottom), (0, bottom)], color)


def _fixed(points: list[Point]) -> npt.NDArray[np.int32]:
    return np.round(np.array(points) * (1 << _SHIFT)).astype(np.int32)


def _fill(image: Image, points: list[Point], color: Color) -> None:
    cv2.fillPoly(image, [_fixed(points)], color, cv2.LINE_AA, _SHIFT)


def _line(image: Image, start: Point, end: Point, color: Color) -> None:
    cv2.polylines(
        image, [_fixed([start, end])], False, color, 1, cv2.LINE_AA, _SHIFT
    )
