"""Cars, from the side."""

import math
from typing import NamedTuple

from crossline.sample.canvas import Canvas, Color, Point, mix, shade

_TYRE: Color = (24, 24, 27)
_RIM: Color = (172, 175, 182)
_GLASS: Color = (150, 172, 186)
_DARK_GLASS: Color = (40, 52, 62)
_TRIM: Color = (38, 39, 43)
_LAMP: Color = (250, 246, 226)
_TAIL_LAMP: Color = (196, 26, 28)
_SPOKES = 5


class Body(NamedTuple):
    """A car's shape, in metres, facing right.

    Attributes:
        shell: the outline above the sills, from the rear over the roof.
        glass: the outline of all side windows.
        pillars: feet and heads of what parts them, front to back.
        doors: where the doors' edges are.
        wheels: where the rear and the front axle are.
        radius: of a wheel.
        length: from bumper to bumper.
    """

    shell: tuple[Point, ...]
    glass: tuple[Point, ...]
    pillars: tuple[tuple[Point, Point], ...]
    doors: tuple[float, ...]
    wheels: tuple[float, float]
    radius: float
    length: float


HATCHBACK = Body(
    (
        (0.06, 0.34), (0.02, 0.62), (0.08, 0.90), (0.24, 1.22), (0.52, 1.43),
        (1.05, 1.50), (1.75, 1.49), (2.20, 1.38), (2.86, 1.00), (3.45, 0.90),
        (3.78, 0.76), (3.90, 0.56), (3.88, 0.32),
    ),
    (
        (0.40, 1.02), (0.62, 1.35), (1.10, 1.42), (1.72, 1.41), (2.12, 1.31),
        (2.66, 1.00),
    ),
    (((1.62, 0.96), (1.58, 1.46)), ((0.84, 0.96), (0.92, 1.46))),
    (2.52, 1.60, 0.86),
    (0.68, 3.13), 0.32, 3.9,
)  # fmt: skip
SALOON = Body(
    (
        (0.06, 0.36), (0.02, 0.66), (0.08, 0.92), (0.52, 1.00), (0.90, 1.06),
        (1.36, 1.36), (1.85, 1.45), (2.40, 1.42), (2.80, 1.28), (3.28, 1.00),
        (3.98, 0.90), (4.38, 0.74), (4.50, 0.54), (4.46, 0.32),
    ),
    (
        (1.06, 1.02), (1.48, 1.32), (1.90, 1.38), (2.36, 1.35), (2.70, 1.23),
        (3.06, 1.00),
    ),
    (((2.20, 0.96), (2.14, 1.42)), ((1.42, 0.96), (1.46, 1.40))),
    (2.96, 2.18, 1.40),
    (0.92, 3.68), 0.33, 4.5,
)  # fmt: skip
ESTATE = Body(
    (
        (0.06, 0.36), (0.02, 0.66), (0.06, 0.94), (0.30, 1.34), (0.60, 1.46),
        (1.50, 1.49), (2.30, 1.44), (2.74, 1.29), (3.24, 1.00), (3.98, 0.90),
        (4.40, 0.74), (4.52, 0.54), (4.48, 0.32),
    ),
    (
        (0.34, 1.04), (0.50, 1.38), (1.50, 1.42), (2.26, 1.37), (2.66, 1.24),
        (3.04, 1.00),
    ),
    (
        ((2.14, 0.96), (2.08, 1.44)), ((1.34, 0.96), (1.34, 1.46)),
        ((0.82, 0.96), (0.88, 1.44)),
    ),
    (2.92, 2.12, 1.34),
    (0.88, 3.70), 0.33, 4.5,
)  # fmt: skip
OFF_ROADER = Body(
    (
        (0.08, 0.46), (0.03, 0.80), (0.08, 1.12), (0.26, 1.56), (0.60, 1.70),
        (1.40, 1.74), (2.10, 1.70), (2.56, 1.54), (3.02, 1.18), (3.86, 1.08),
        (4.24, 0.92), (4.36, 0.70), (4.33, 0.42),
    ),
    (
        (0.38, 1.22), (0.54, 1.58), (1.40, 1.64), (2.06, 1.61), (2.44, 1.48),
        (2.80, 1.18),
    ),
    (
        ((2.00, 1.14), (1.94, 1.68)), ((1.22, 1.14), (1.22, 1.70)),
        ((0.76, 1.14), (0.84, 1.68)),
    ),
    (2.72, 1.98, 1.20),
    (0.86, 3.50), 0.39, 4.4,
)  # fmt: skip
BODIES = (HATCHBACK, SALOON, ESTATE, OFF_ROADER)


def draw_car(body: Body, paint: Color, turn: float, scale: float) -> Canvas:
    """Draws a car that faces right.

    Args:
        body: its shape.
        paint: its colour.
        turn: of the wheels, 0 to 1: from one spoke to the next.
        scale: pixels per metre.
    """
    canvas = Canvas(body.length + 0.1, 1.85, scale)
    _shell(canvas, body, paint)
    _windows(canvas, body, paint)
    _lamps(canvas, body)
    for x in body.wheels:
        _arch(canvas, (x, body.radius), body.radius * 1.2)
        draw_wheel(canvas, (x, body.radius), body.radius, turn, 0.68)
    return canvas


def draw_wheel(
    canvas: Canvas, center: Point, radius: float, turn: float, rim: float
) -> None:
    """Draws a wheel; `rim` is the rim's share of the radius."""
    canvas.disk(center, radius, _TYRE)
    canvas.disk(center, radius * rim, shade(_RIM, 0.5))
    for spoke in range(_SPOKES):
        angle = -2 * math.pi * (spoke + turn) / _SPOKES
        reach = radius * rim * 0.88
        end = (
            center[0] + reach * math.cos(angle),
            center[1] + reach * math.sin(angle),
        )
        canvas.limb(center, end, (radius * 0.22, radius * 0.14), _RIM)
    canvas.disk(center, radius * 0.14, shade(_RIM, 0.7))


def _shell(canvas: Canvas, body: Body, paint: Color) -> None:
    floor = body.radius * 0.85
    canvas.rectangle((0.3, 0.2), (body.length - 0.3, 0.5), (20, 20, 22))
    low = [(body.length - 0.12, floor), (0.16, floor)]
    shell = [*body.shell, *low]
    canvas.curve(shell, shade(paint, 1.1), shade(paint, 0.5))
    waist = body.glass[0][1]
    # The shoulder catches the sky; the sill lies in shade.
    canvas.limb(
        (0.16, waist - 0.13),
        (body.length - 0.75, waist - 0.13),
        (0.035, 0.02),
        mix(paint, (255, 255, 255), 0.4),
    )
    first, last = body.wheels
    canvas.rectangle((first, floor - 0.03), (last, floor + 0.07), _TRIM)
    for x in body.doors:
        canvas.stroke([(x, waist), (x, floor + 0.1)], shade(paint, 0.5), 0.018)
    for x in body.doors[:2]:
        handle = [(x - 0.72, waist - 0.2), (x - 0.56, waist - 0.2)]
        canvas.stroke(handle, shade(paint, 0.45), 0.03)


def _windows(canvas: Canvas, body: Body, paint: Color) -> None:
    canvas.curve(_grown(body.glass, 0.03), _TRIM)
    canvas.curve(body.glass, _GLASS, _DARK_GLASS)
    middle = body.pillars[0][0]
    driver = (middle[0] + 0.34, middle[1] + 0.26)
    canvas.disk(driver, 0.1, (58, 50, 46))
    canvas.oval((driver[0], body.glass[0][1] + 0.02), (0.16, 0.07), _TRIM)
    # The door's edge hides what reaches below the window.
    waist = body.glass[0][1]
    canvas.stroke(
        [(body.glass[0][0], waist - 0.03), (body.glass[-1][0], waist - 0.03)],
        shade(paint, 1.0),
        0.07,
    )
    for foot, head in body.pillars:
        canvas.stroke([foot, head], _TRIM, 0.07)
    mirror = (body.glass[-1][0] - 0.12, waist + 0.07)
    canvas.oval(mirror, (0.1, 0.07), shade(paint, 0.8))


def _lamps(canvas: Canvas, body: Body) -> None:
    nose = body.shell[-2]
    canvas.curve(
        [
            (nose[0] - 0.36, nose[1] + 0.16),
            (nose[0] - 0.10, nose[1] + 0.13),
            (nose[0] - 0.02, nose[1] + 0.04),
            (nose[0] - 0.16, nose[1] + 0.03),
        ],
        _LAMP,
    )
    rear = body.shell[2]
    canvas.curve(
        [
            (rear[0] + 0.00, rear[1] - 0.02),
            (rear[0] + 0.22, rear[1] - 0.04),
            (rear[0] + 0.18, rear[1] - 0.18),
            (rear[0] - 0.03, rear[1] - 0.20),
        ],
        _TAIL_LAMP,
    )
    bumper = body.radius + 0.12
    canvas.stroke([(0.06, bumper), (0.34, bumper)], _TRIM, 0.07)
    canvas.stroke(
        [(body.length - 0.32, bumper), (body.length - 0.08, bumper)],
        _TRIM,
        0.07,
    )


def _arch(canvas: Canvas, center: Point, radius: float) -> None:
    turns = [math.pi * step / 16 for step in range(-1, 18)]
    arch = [
        (center[0] + radius * math.cos(t), center[1] + radius * math.sin(t))
        for t in turns
    ]
    canvas.polygon(arch, (18, 18, 20))


def _grown(points: tuple[Point, ...], by: float) -> list[Point]:
    """Moves an outline's points away from their middle."""
    x = sum(point[0] for point in points) / len(points)
    y = sum(point[1] for point in points) / len(points)
    return [
        (
            px + math.copysign(by, px - x),
            py + math.copysign(by, py - y),
        )
        for px, py in points
    ]
