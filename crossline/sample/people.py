"""People who walk, from the side."""

import math
from typing import NamedTuple

from crossline.sample.canvas import Canvas, Color, Point, mix, shade

_SHOE: Color = (34, 30, 30)
_THIGH, _SHIN, _UPPER_ARM, _FOREARM = 0.43, 0.42, 0.29, 0.26
_TRUNK = 0.52
"""From hip to shoulder."""
OUTFITS = ("shirt", "jacket", "coat", "dress")
BAGS = ("none", "none", "backpack", "handbag")


class Clothes(NamedTuple):
    """What somebody wears, and their hair."""

    outfit: str
    bag: str
    top: Color
    legs: Color
    skin: Color
    hair: Color
    has_long_hair: bool
    stoutness: float


def draw_person(clothes: Clothes, stride: float, scale: float) -> Canvas:
    """Draws somebody of average height who walks to the right.

    Args:
        clothes: see there.
        stride: of the walk, 0 to 1: from a step with one leg to the next
            with it.
        scale: pixels per metre.
    """
    canvas = Canvas(1.6, 2.0, scale)
    angle = 2 * math.pi * stride
    legs = [_leg(angle), _leg(angle + math.pi)]
    # The lower foot stands on the ground.
    hip = (0.8, 0.045 - min(foot[1] for _, foot in legs))
    shoulder = (hip[0] + 0.03, hip[1] + _TRUNK)
    _draw_arm(canvas, clothes, shoulder, angle, 0.72)
    _draw_leg(canvas, clothes, hip, legs[1], 0.7)
    _draw_leg(canvas, clothes, hip, legs[0], 1.0)
    if clothes.bag == "backpack":
        canvas.oval(
            (shoulder[0] - 0.2, shoulder[1] - 0.2),
            (0.13, 0.24),
            shade(clothes.legs, 0.6),
        )
    _draw_trunk(canvas, clothes, hip, shoulder)
    _draw_head(canvas, clothes, shoulder)
    _draw_arm(canvas, clothes, shoulder, angle + math.pi, 0.9)
    return canvas


def _leg(angle: float) -> tuple[Point, Point]:
    """Returns knee and ankle, from the hip."""
    thigh = 0.45 * math.sin(angle) + 0.08
    # The leg that comes forward is bent.
    shin = thigh - 0.12 - 0.75 * max(math.cos(angle), 0.0) ** 1.5
    knee = (_THIGH * math.sin(thigh), -_THIGH * math.cos(thigh))
    ankle = (
        knee[0] + _SHIN * math.sin(shin),
        knee[1] - _SHIN * math.cos(shin),
    )
    return knee, ankle


def _draw_leg(
    canvas: Canvas,
    clothes: Clothes,
    hip: Point,
    leg: tuple[Point, Point],
    light: float,
) -> None:
    knee, ankle = ((hip[0] + x, hip[1] + y) for x, y in leg)
    bare = clothes.outfit == "dress"
    color = shade(clothes.skin if bare else clothes.legs, light)
    wide = 0.17 * clothes.stoutness
    canvas.limb(hip, knee, (wide, wide * 0.8), color)
    canvas.limb(knee, ankle, (wide * 0.8, wide * 0.55), color)
    shoe = shade(_SHOE, light)
    lean = (ankle[0] - knee[0]) * 0.35
    toe = (ankle[0] + 0.14, ankle[1] - 0.01 + lean)
    canvas.limb(ankle, toe, (0.09, 0.07), shoe)


def _draw_arm(
    canvas: Canvas,
    clothes: Clothes,
    shoulder: Point,
    angle: float,
    light: float,
) -> None:
    upper = 0.4 * math.sin(angle) - 0.04
    lower = upper + 0.35
    elbow = (
        shoulder[0] + _UPPER_ARM * math.sin(upper),
        shoulder[1] - _UPPER_ARM * math.cos(upper) - 0.02,
    )
    hand = (
        elbow[0] + _FOREARM * math.sin(lower),
        elbow[1] - _FOREARM * math.cos(lower),
    )
    sleeve = shade(clothes.top, light)
    is_short = clothes.outfit in ("shirt", "dress")
    skin = shade(clothes.skin, light)
    canvas.disk(hand, 0.045, skin)
    canvas.limb(elbow, hand, (0.085, 0.06), skin if is_short else sleeve)
    canvas.limb(shoulder, elbow, (0.13, 0.1), sleeve)
    if clothes.bag == "handbag" and light > 0.8:
        top = (hand[0], hand[1] - 0.05)
        canvas.stroke([hand, (top[0], top[1] - 0.1)], _SHOE, 0.02)
        canvas.rectangle(
            (top[0] - 0.13, top[1] - 0.3),
            (top[0] + 0.13, top[1] - 0.08),
            shade(clothes.legs, 0.8),
        )


def _draw_trunk(
    canvas: Canvas, clothes: Clothes, hip: Point, shoulder: Point
) -> None:
    wide = 0.13 * clothes.stoutness
    hem = {"shirt": -0.03, "jacket": -0.1, "coat": -0.42, "dress": -0.36}
    low = hip[1] + hem[clothes.outfit]
    flare = 1.0 if clothes.outfit in ("shirt", "jacket") else 1.45
    x = hip[0]
    outline = [
        (x - wide * flare, low),
        (x - wide * 1.05, hip[1] + 0.12),
        (shoulder[0] - wide * 1.05, shoulder[1] - 0.1),
        (shoulder[0] - wide * 0.6, shoulder[1] + 0.06),
        (shoulder[0] + wide * 0.6, shoulder[1] + 0.05),
        (shoulder[0] + wide * 1.1, shoulder[1] - 0.14),
        (x + wide * 1.1, hip[1] + 0.14),
        (x + wide * flare, low),
    ]
    canvas.curve(outline, shade(clothes.top, 1.08), shade(clothes.top, 0.75))


def _draw_head(canvas: Canvas, clothes: Clothes, shoulder: Point) -> None:
    x, y = shoulder[0] + 0.03, shoulder[1] + 0.22
    skin, hair = clothes.skin, clothes.hair
    canvas.limb((x - 0.02, y - 0.2), (x, y - 0.06), (0.1, 0.09), skin)
    if clothes.has_long_hair:
        canvas.limb((x - 0.05, y), (x - 0.1, y - 0.2), (0.18, 0.12), hair)
    canvas.oval((x, y), (0.1, 0.125), skin)
    canvas.disk((x + 0.1, y - 0.015), 0.02, mix(skin, (120, 60, 50), 0.15))
    canvas.curve(
        [
            (x + 0.09, y + 0.07),
            (x + 0.05, y + 0.13),
            (x - 0.03, y + 0.15),
            (x - 0.11, y + 0.08),
            (x - 0.12, y - 0.04),
            (x - 0.06, y - 0.06),
            (x - 0.03, y + 0.03),
            (x + 0.03, y + 0.06),
        ],
        hair,
    )
