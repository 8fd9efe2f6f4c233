"""The three kinds of street users, drawn from the side.

Each is drawn once, large, as a sprite (RGB and coverage), and then shrunk to
the size that a scene asks for. Sprites face right and fill their rectangle,
so that where one is put is its box to the pixel.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

KINDS = ("person", "car", "motorcycle")
METERS = {"person": 1.75, "car": 1.5, "motorcycle": 1.65}
"""Height of each kind."""
PHASES = 12
"""Steps of the walk, and of the turn of a wheel."""

Sprite = npt.NDArray[np.uint8]
"""``(height, width, 4)``: RGB and coverage, 0 to 255."""
Color = tuple[int, int, int]

_SKINS: tuple[Color, ...] = ((236, 192, 160), (198, 140, 100), (120, 80, 56))
_DARK: Color = (28, 28, 32)
_GLASS: Color = (120, 150, 170)


@dataclass(frozen=True)
class Look:
    """What tells one object of a kind from another.

    Attributes:
        main: car body, coat, fuel tank.
        second: trousers, the rider's jacket.
        skin: index of a skin colour.
        build: 0 to 1, slim to broad; a hatchback or a saloon.
    """

    main: Color
    second: Color
    skin: int
    build: float


def random_look(random: np.random.Generator) -> Look:
    """Draws a look."""

    def color() -> Color:
        hue = [random.uniform(0, 180), random.uniform(40, 230)]
        hsv = np.array([[[*hue, random.uniform(50, 250)]]], np.uint8)
        red, green, blue = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0]
        return int(red), int(green), int(blue)

    return Look(
        color(),
        color(),
        int(random.integers(len(_SKINS))),
        float(random.uniform()),
    )


@lru_cache(maxsize=512)
def draw(kind: str, look: Look, phase: int) -> Sprite:
    """Draws an object large, some 300 pixels high, facing right.

    Args:
        kind: of `KINDS`.
        look: its colours and build.
        phase: of the walk, 0 to `PHASES` - 1.
    """
    painters = {"person": _person, "car": _car, "motorcycle": _motorcycle}
    canvas = np.zeros((400, 1000, 4), np.uint8)
    painters[kind](canvas, look, 2 * math.pi * phase / PHASES)
    rows = np.flatnonzero(canvas[..., 3].any(axis=1))
    columns = np.flatnonzero(canvas[..., 3].any(axis=0))
    tight = canvas[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return _shade(tight)


@lru_cache(maxsize=4096)
def sprite(
    kind: str, look: Look, phase: int, height: int, faces_left: bool
) -> Sprite:
    """Returns an object `height` pixels high."""
    large = draw(kind, look, phase)
    width = max(round(large.shape[1] * height / large.shape[0]), 1)
    # Averaged with premultiplied colours: else edges turn dark.
    coverage = large[..., 3:].astype(np.float32) / 255
    colors = np.concatenate([large[..., :3] * coverage, coverage * 255], 2)
    small = cv2.resize(colors, (width, height), interpolation=cv2.INTER_AREA)
    if faces_left:
        small = small[:, ::-1]
    return np.ascontiguousarray(small.round().astype(np.uint8))


def _car(canvas: Sprite, look: Look, angle: float) -> None:
    roof_end = 560 if look.build > 0.5 else 650
    body = [
        (80, 300), (84, 236), (110, 216), (250, 206), (340, 130),
        (roof_end, 128), (roof_end + 95, 206), (850, 226), (884, 262),
        (886, 300),
    ]  # fmt: skip
    _polygon(canvas, body, look.main)
    _polygon(
        canvas,
        [(286, 204), (356, 144), (450, 144), (450, 204)],
        _GLASS,
    )
    _polygon(
        canvas,
        [(468, 204), (468, 144), (roof_end - 6, 144), (roof_end + 62, 204)],
        _GLASS,
    )
    _line(canvas, (459, 210), (459, 292), _darker(look.main), 3)
    _line(canvas, (100, 270), (872, 270), _darker(look.main), 5)
    _polygon(
        canvas,
        [(848, 232), (878, 246), (878, 258), (846, 250)],
        (255, 245, 200),
    )
    _polygon(
        canvas, [(86, 232), (104, 226), (104, 256), (84, 256)], (200, 30, 30)
    )
    for x in (230, 730):
        _wheel(canvas, (x, 300), 56, angle)


def _person(canvas: Sprite, look: Look, angle: float) -> None:
    swing = math.sin(angle)
    hip, shoulder = (500, 220), (500, 120)
    broad = 30 + int(14 * look.build)
    skin = _SKINS[look.skin]
    for sign in (-1, 1):
        color = look.second if sign > 0 else _darker(look.second)
        foot = (500 + int(sign * 52 * swing), 372)
        knee = (500 + int(sign * 34 * swing) + 8, 296)
        _line(canvas, hip, knee, color, 30)
        _line(canvas, knee, foot, color, 26)
        _line(canvas, foot, (foot[0] + 18, 374), _DARK, 18)
        hand = (500 - int(sign * 50 * swing), 226)
        if sign < 0:
            _line(canvas, shoulder, hand, _darker(look.main), 20)
    _line(canvas, (500, 128), (500, 214), look.main, broad * 2)
    _line(
        canvas, shoulder, (500 - int(46 * swing), 216), _darker(look.main), 20
    )
    _disk(canvas, (500 - int(50 * swing), 228), 10, skin)
    _line(canvas, (502, 84), (502, 100), skin, 20)
    _disk(canvas, (504, 56), 34, skin)
    hair = _DARK if look.build < 0.7 else (150, 110, 60)
    cv2.ellipse(
        canvas, (500, 50), (36, 32), 0, 160, 350, (*hair, 255), -1, cv2.LINE_AA
    )


def _motorcycle(canvas: Sprite, look: Look, angle: float) -> None:
    rear, front = (390, 310), (640, 310)
    for center in (rear, front):
        _wheel(canvas, center, 60, angle)
    _line(canvas, front, (590, 180), (150, 150, 155), 12)
    _line(canvas, rear, (470, 300), (130, 130, 135), 18)
    _polygon(
        canvas, [(430, 240), (560, 235), (545, 310), (450, 315)], (80, 80, 88)
    )
    _polygon(
        canvas, [(490, 205), (590, 195), (605, 225), (500, 245)], look.main
    )
    _polygon(canvas, [(360, 225), (500, 218), (500, 245), (385, 252)], _DARK)
    _line(canvas, (330, 300), (480, 300), (170, 170, 175), 12)
    _disk(canvas, (612, 200), 18, (255, 245, 200))
    _line(canvas, (450, 212), (545, 250), _darker(look.second), 34)
    _line(canvas, (545, 250), (510, 310), _darker(look.second), 26)
    _line(canvas, (450, 205), (485, 110), look.second, 62)
    _line(canvas, (490, 110), (580, 178), _darker(look.second), 22)
    _disk(canvas, (508, 58), 38, look.main)
    _polygon(canvas, [(515, 44), (548, 50), (544, 70), (515, 70)], _DARK)


def _wheel(
    canvas: Sprite, center: tuple[int, int], radius: int, angle: float
) -> None:
    _disk(canvas, center, radius, _DARK)
    _disk(canvas, center, int(radius * 0.6), (176, 178, 184))
    for spoke in range(3):
        turn = angle / 3 + spoke * math.pi / 3
        reach = radius * 0.55 * np.array([math.cos(turn), math.sin(turn)])
        ends = np.array(center) + np.array([-reach, reach])
        _line(
            canvas,
            tuple(ends[0].astype(int)),
            tuple(ends[1].astype(int)),
            (90, 92, 98),
            6,
        )
    _disk(canvas, center, int(radius * 0.14), _DARK)


def _shade(drawn: Sprite) -> Sprite:
    """Light falls from above."""
    shaded = drawn.copy()
    light = np.linspace(1.12, 0.78, len(drawn))[:, None, None]
    shaded[..., :3] = np.clip(drawn[..., :3] * light, 0, 255)
    return shaded


def _darker(color: Color) -> Color:
    red, green, blue = (int(value * 0.7) for value in color)
    return red, green, blue


def _polygon(
    canvas: Sprite, points: list[tuple[int, int]], color: Color
) -> None:
    corners = np.array(points, np.int32)
    cv2.fillPoly(canvas, [corners], (*color, 255), cv2.LINE_AA)


def _line(
    canvas: Sprite,
    start: tuple[int, int],
    end: tuple[int, int],
    color: Color,
    width: int,
) -> None:
    cv2.line(canvas, start, end, (*color, 255), width, cv2.LINE_AA)


def _disk(
    canvas: Sprite, center: tuple[int, int], radius: int, color: Color
) -> None:
    cv2.circle(canvas, center, radius, (*color, 255), -1, cv2.LINE_AA)
