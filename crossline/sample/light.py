"""The light of a picture, the weather, and the camera's own faults."""

from functools import lru_cache
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from crossline.geometry import Image
from crossline.sample.canvas import Color

_FOG: Color = (196, 200, 204)
_MARGIN = 64
"""Pixels by which the field of grain is larger than a picture."""


class Light(NamedTuple):
    """How a picture is lit and taken.

    Attributes:
        gain: factor by colour channel, red first.
        sky: colours of the zenith and the horizon, before the gain.
        noise: standard deviation, of 255.
        blur: of the lens, standard deviation in pixels.
        rain: streaks a picture.
        fog: 0 to 1, share of the fog in the distance.
        is_dark: windows and lamps are on.
    """

    gain: tuple[float, float, float]
    sky: tuple[Color, Color]
    noise: float = 2.5
    blur: float = 0.0
    rain: int = 0
    fog: float = 0.0
    is_dark: bool = False


DAY = Light((1.0, 1.0, 1.0), ((92, 142, 206), (196, 216, 234)))
LIGHTS = (
    DAY,
    Light((1.1, 1.07, 1.0), ((86, 146, 220), (206, 224, 240)), noise=2.0),
    Light((0.86, 0.88, 0.92), ((150, 158, 168), (206, 210, 214)), 4.0, 0.5),
    Light((0.92, 0.74, 0.62), ((96, 112, 170), (255, 206, 140)), 5.0),
    Light((0.7, 0.74, 0.8), ((134, 142, 152), (188, 194, 200)), 5.0, 0.6,
          rain=110),
    Light((0.86, 0.88, 0.9), ((182, 188, 194), (212, 216, 220)), 4.0, 0.8,
          fog=0.75),
    Light((0.44, 0.44, 0.56), ((70, 84, 140), (150, 140, 170)), 6.0,
          is_dark=True),
    Light((0.3, 0.31, 0.4), ((40, 48, 84), (100, 100, 130)), 8.0, 0.4,
          is_dark=True),
)  # fmt: skip
"""Day, bright day, overcast, dusk, rain, fog, nightfall, night."""


def expose(
    image: Image,
    glow: Image,
    light: Light,
    horizon: float,
    random: np.random.Generator,
) -> Image:
    """Takes the picture of a scene that was painted in white light.

    Args:
        image: the scene, RGB.
        glow: what shines by itself, added.
        light: of the picture.
        horizon: pixels from the top; fog is thickest there.
        random: of rain and grain.
    """
    picture = _bytes(cv2.LUT(image, _curves(light.gain)))
    if light.is_dark:
        picture = _bytes(cv2.add(picture, glow))
    if light.fog:
        picture = _fog(picture, light.fog, horizon)
    if light.rain:
        picture = _rain(picture, light.rain, random)
    if light.blur:
        picture = _bytes(cv2.GaussianBlur(picture, (0, 0), light.blur))
    height, width = picture.shape[:2]
    x, y = (int(offset) for offset in random.integers(_MARGIN, size=2))
    grain = _grain(width, height)[y : y + height, x : x + width]
    return _bytes(
        cv2.addWeighted(picture, 1.0, grain, light.noise, 0.0, dtype=cv2.CV_8U)
    )


@lru_cache(maxsize=64)
def spot(radius: int, flat: float, color: Color) -> npt.NDArray[np.uint8]:
    """Returns a soft patch of light, brightest in its middle.

    Args:
        radius: pixels, along x.
        flat: height over width.
        color: of the middle.
    """
    high = max(round(radius * flat), 1)
    x = np.linspace(-1, 1, 2 * radius + 1)
    y = np.linspace(-1, 1, 2 * high + 1)[:, None]
    strength = np.clip(1 - np.hypot(x, y), 0, 1) ** 2
    return _bytes((strength[..., None] * color).round())


def add_spot(
    glow: Image,
    center: tuple[float, float],
    patch: npt.NDArray[np.uint8],
) -> None:
    """Adds a patch of light to what glows, cut at the edges."""
    height, width = patch.shape[:2]
    left, top = round(center[0] - width / 2), round(center[1] - height / 2)
    rows = slice(max(top, 0), max(min(top + height, len(glow)), 0))
    columns = slice(max(left, 0), max(min(left + width, glow.shape[1]), 0))
    part = glow[rows, columns]
    if part.size:
        seen = patch[
            rows.start - top : rows.stop - top,
            columns.start - left : columns.stop - left,
        ]
        part[:] = cv2.add(part, seen)


@lru_cache(maxsize=16)
def _curves(gain: tuple[float, float, float]) -> npt.NDArray[np.uint8]:
    values = np.arange(256)[:, None] * np.array(gain)
    return _bytes(np.clip(values, 0, 255).astype(np.uint8)[None])


@lru_cache(maxsize=2)
def _grain(width: int, height: int) -> npt.NDArray[np.float32]:
    """Returns grain of standard deviation 1, larger than a picture.

    One field serves all: drawing a new one costs more than the whole scene.
    """
    random = np.random.default_rng(0)
    size = (height + _MARGIN, width + _MARGIN)
    grain = random.standard_normal(size, np.float32)
    return np.repeat(grain[..., None], 3, axis=2)


def _fog(picture: Image, fog: float, horizon: float) -> Image:
    rows = np.arange(len(picture))
    depth = np.clip((rows - horizon) / len(picture), 0, None)
    share = (fog * np.exp(-depth * 6))[:, None, None]
    return _bytes((picture * (1 - share) + np.array(_FOG) * share).round())


def _rain(picture: Image, count: int, random: np.random.Generator) -> Image:
    streaks = picture.copy()
    height, width = picture.shape[:2]
    drops = random.integers((0, 0, 6), (width, height, 16), (count, 3))
    for x, y, long in drops:
        start, end = (int(x), int(y)), (int(x + long // 4), int(y + long))
        cv2.line(streaks, start, end, (206, 210, 218), 1, cv2.LINE_AA)
    return _bytes(cv2.addWeighted(picture, 0.45, streaks, 0.55, 0))


def _bytes(pixels: npt.NDArray[Any]) -> Image:
    """Tells the type checker what OpenCV gives back for bytes."""
    return np.asarray(pixels, np.uint8)
