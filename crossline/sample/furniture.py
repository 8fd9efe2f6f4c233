"""What stands in the street and hides who passes behind it."""

import math

import numpy as np

from crossline.sample.canvas import Canvas, Color, Pixels, mix, pick, shade

HEIGHTS = {
    "tree": 6.4,
    "lamp post": 5.2,
    "pillar": 3.0,
    "board": 2.3,
    "kiosk": 2.7,
    "hedge": 1.3,
    "post": 3.6,
}
"""Metres, of all that `draw_furniture` knows."""
_IRON: Color = (62, 68, 70)
_PANE: Color = (150, 168, 180)
POSTERS: tuple[Color, ...] = (
    (214, 92, 60), (60, 120, 160), (226, 190, 80), (90, 150, 96),
    (170, 80, 130),
)  # fmt: skip


def draw_furniture(name: str, seed: int, scale: float) -> Pixels:
    """Draws something upright; its foot is the middle of the last row.

    Args:
        name: of `HEIGHTS`.
        seed: what it looks like.
        scale: pixels per metre.
    """
    painters = {
        "tree": _tree,
        "lamp post": _lamp_post,
        "pillar": _pillar,
        "board": _board,
        "kiosk": _kiosk,
        "hedge": _hedge,
        "post": _post,
    }
    return painters[name](np.random.default_rng(seed), scale).pixels


def _tree(random: np.random.Generator, scale: float) -> Canvas:
    canvas = Canvas(5.0, HEIGHTS["tree"], scale)
    bark: Color = (86, 66, 50)
    canvas.limb((2.5, 0.0), (2.5, 3.4), (0.42, 0.26), bark)
    for lean in (-0.9, 0.8):
        canvas.limb((2.5, 2.4), (2.5 + lean, 3.8), (0.2, 0.1), bark)
    green = pick(((74, 108, 52), (92, 118, 58), (62, 96, 58)), random)
    middle, radii = (2.5, 4.3), (2.0, 1.75)
    leaves = random.uniform((0, 0), (1, 2 * math.pi), (320, 2))
    # Those behind first, dark and low; then towards the light.
    for share, (reach, angle) in enumerate(leaves):
        x = middle[0] + radii[0] * math.sqrt(reach) * math.cos(angle)
        y = middle[1] + radii[1] * math.sqrt(reach) * math.sin(angle)
        rise = (y - middle[1]) / radii[1] - (x - middle[0]) / radii[0] / 2
        light = 0.6 + 0.2 * rise + 0.45 * share / len(leaves)
        radius = float(random.uniform(0.12, 0.3))
        x = min(max(x, radius), 5 - radius)
        y = min(y, HEIGHTS["tree"] - radius)
        canvas.oval((x, y), (radius, radius * 0.8), shade(green, light))
    return canvas


def _lamp_post(random: np.random.Generator, scale: float) -> Canvas:
    canvas = Canvas(1.6, HEIGHTS["lamp post"], scale)
    canvas.limb((0.8, 0.0), (0.8, 0.9), (0.24, 0.18), _IRON)
    canvas.limb((0.8, 0.0), (0.8, 5.0), (0.14, 0.1), _IRON)
    canvas.limb((0.8, 5.0), (1.3, 5.1), (0.08, 0.08), _IRON)
    canvas.oval((1.3, 5.0), (0.26, 0.1), (228, 224, 204))
    return canvas


def _pillar(random: np.random.Generator, scale: float) -> Canvas:
    """An advertising pillar, round, with posters."""
    canvas = Canvas(1.6, HEIGHTS["pillar"], scale)
    canvas.rectangle((0.15, 0.0), (1.45, 0.35), (84, 84, 82))
    canvas.rectangle((0.2, 0.35), (1.4, 2.45), (212, 206, 192))
    for low in (0.5, 1.5):
        left = 0.2
        for wide in (0.5, 0.42, 0.28):
            poster = pick(POSTERS, random)
            canvas.rectangle(
                (left, low),
                (left + wide, low + 0.9),
                shade(poster, 1.1),
                shade(poster, 0.8),
            )
            left += wide
    canvas.rectangle((1.2, 0.0), (1.4, 2.45), (70, 70, 72), (58, 58, 60))
    canvas.rectangle((0.1, 2.4), (1.5, 2.55), _IRON)
    canvas.curve([(0.2, 2.55), (0.8, 2.98), (1.4, 2.55)], _IRON)
    return canvas


def _board(random: np.random.Generator, scale: float) -> Canvas:
    """A poster in a frame, as at bus stops."""
    canvas = Canvas(1.5, HEIGHTS["board"], scale)
    poster = pick(POSTERS, random)
    canvas.rectangle((0.1, 0.0), (1.4, 0.4), _IRON)
    canvas.rectangle((0.0, 0.35), (1.5, 2.3), _IRON)
    canvas.rectangle(
        (0.1, 0.45), (1.4, 2.2), shade(poster, 1.15), shade(poster, 0.8)
    )
    canvas.disk((0.75, 1.45), 0.36, mix(poster, (255, 255, 255), 0.7))
    for low in (0.65, 0.82):
        canvas.rectangle((0.3, low), (1.2, low + 0.08), (246, 242, 232))
    return canvas


def _kiosk(random: np.random.Generator, scale: float) -> Canvas:
    canvas = Canvas(2.8, HEIGHTS["kiosk"], scale)
    wall = pick(((52, 92, 84), (132, 62, 52), (66, 78, 104)), random)
    canvas.rectangle(
        (0.2, 0.0), (2.6, 2.3), shade(wall, 1.1), shade(wall, 0.8)
    )
    canvas.rectangle((0.5, 1.1), (2.3, 2.0), (54, 60, 64), _PANE)
    for k in range(5):
        canvas.rectangle(
            (0.45 + 0.4 * k, 0.3),
            (0.75 + 0.4 * k, 0.75),
            pick(POSTERS, random),
        )
    canvas.rectangle((0.4, 1.0), (2.4, 1.1), (220, 214, 200))
    canvas.polygon(
        [(0.0, 2.3), (2.8, 2.3), (2.5, 2.7), (0.3, 2.7)], shade(wall, 0.7)
    )
    return canvas


def _hedge(random: np.random.Generator, scale: float) -> Canvas:
    canvas = Canvas(4.0, HEIGHTS["hedge"], scale)
    green: Color = (58, 88, 48)
    canvas.rectangle(
        (0.15, 0.0), (3.85, 1.05), shade(green, 0.9), shade(green, 0.55)
    )
    leaves = random.uniform((0.2, 0.25, 0.7), (3.8, 1.1, 1.25), (120, 3))
    for x, y, light in leaves:
        canvas.disk((x, y), 0.15, shade(green, light * (0.6 + 0.4 * y)))
    return canvas


def _post(random: np.random.Generator, scale: float) -> Canvas:
    """A concrete post of a bridge, as wide as a person, with warning bands."""
    canvas = Canvas(0.8, HEIGHTS["post"], scale)
    concrete: Color = (168, 166, 160)
    canvas.rectangle(
        (0.05, 0.0), (0.75, 3.45), shade(concrete, 1.08), shade(concrete, 0.8)
    )
    canvas.rectangle((0.0, 0.0), (0.8, 0.15), shade(concrete, 0.7))
    canvas.rectangle((0.0, 3.45), (0.8, 3.6), shade(concrete, 0.75))
    for low in (0.5, 0.9, 1.3):
        canvas.rectangle((0.05, low), (0.75, low + 0.2), (206, 172, 44))
        canvas.rectangle((0.05, low + 0.2), (0.75, low + 0.4), (46, 46, 48))
    return canvas
