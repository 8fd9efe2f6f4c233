"""Motorcycles and scooters with their riders, from the side."""

from crossline.sample.canvas import Canvas, Color, Point, shade
from crossline.sample.cars import draw_wheel

_STEEL: Color = (158, 160, 166)
_ENGINE: Color = (84, 86, 92)
_BLACK: Color = (26, 26, 29)
_LAMP: Color = (250, 246, 226)
_TAIL_LAMP: Color = (196, 26, 28)
_VISOR: Color = (44, 52, 60)


def draw_motorbike(
    paint: Color, jacket: Color, trousers: Color, turn: float, scale: float
) -> Canvas:
    """Draws a motorbike with its rider, facing right.

    Args:
        paint: of tank, fenders and helmet.
        jacket: the rider's.
        trousers: the rider's.
        turn: of the wheels, 0 to 1: from one spoke to the next.
        scale: pixels per metre.
    """
    canvas = Canvas(2.2, 1.8, scale)
    rear, front = (0.42, 0.31), (1.74, 0.31)
    for center in (rear, front):
        draw_wheel(canvas, center, 0.31, turn, 0.72)
    canvas.limb(rear, (0.86, 0.40), (0.07, 0.09), _STEEL)
    canvas.limb(front, (1.50, 0.92), (0.07, 0.06), _STEEL)
    canvas.stroke(
        [(1.46, 0.56), (1.62, 0.66), (1.84, 0.66), (1.98, 0.56)], paint, 0.05
    )
    engine = [(0.78, 0.30), (1.24, 0.28), (1.36, 0.64), (0.84, 0.66)]
    canvas.polygon(engine, _STEEL, shade(_ENGINE, 0.6))
    canvas.disk((0.98, 0.42), 0.12, _ENGINE)
    canvas.limb((1.10, 0.30), (0.22, 0.36), (0.06, 0.11), _STEEL)
    canvas.curve(
        [(0.12, 0.78), (0.24, 0.68), (0.90, 0.60), (0.98, 0.74), (0.50, 0.80)],
        _BLACK,
    )
    canvas.disk((0.13, 0.74), 0.05, _TAIL_LAMP)
    canvas.curve(
        [(0.90, 0.70), (1.00, 0.90), (1.24, 0.96), (1.46, 0.88), (1.40, 0.68)],
        shade(paint, 1.15),
        shade(paint, 0.7),
    )
    canvas.oval((1.60, 0.88), (0.12, 0.11), _BLACK)
    canvas.oval((1.66, 0.88), (0.07, 0.09), _LAMP)
    canvas.stroke([(1.52, 0.98), (1.46, 1.06), (1.36, 1.08)], _BLACK, 0.05)
    _rider(canvas, (0.72, 0.82), (1.38, 1.08), 0.16, (paint, jacket, trousers))
    return canvas


def draw_scooter(
    paint: Color, jacket: Color, trousers: Color, turn: float, scale: float
) -> Canvas:
    """Draws a scooter with its rider, facing right; see `draw_motorbike`."""
    canvas = Canvas(2.0, 1.8, scale)
    rear, front = (0.40, 0.24), (1.52, 0.24)
    for center in (rear, front):
        draw_wheel(canvas, center, 0.24, turn, 0.6)
    canvas.limb(front, (1.38, 0.98), (0.07, 0.06), _STEEL)
    canvas.curve(
        [(1.24, 0.38), (1.30, 0.60), (1.56, 0.50), (1.78, 0.34), (1.52, 0.48)],
        paint,
    )
    canvas.polygon(
        [(0.62, 0.22), (1.34, 0.22), (1.30, 0.32), (0.62, 0.32)],
        shade(paint, 0.7),
    )
    canvas.curve(
        [(1.20, 0.24), (1.32, 0.24), (1.46, 0.92), (1.36, 1.00), (1.28, 0.60)],
        shade(paint, 1.1),
        shade(paint, 0.7),
    )
    canvas.curve(
        [
            (0.08, 0.50),
            (0.14, 0.72),
            (0.80, 0.72),
            (0.88, 0.40),
            (0.74, 0.22),
            (0.62, 0.46),
            (0.36, 0.54),
        ],
        shade(paint, 1.15),
        shade(paint, 0.65),
    )
    canvas.limb((0.24, 0.76), (0.82, 0.76), (0.08, 0.11), _BLACK)
    canvas.disk((0.10, 0.62), 0.05, _TAIL_LAMP)
    canvas.oval((1.44, 0.98), (0.09, 0.09), _LAMP)
    canvas.stroke([(1.40, 1.02), (1.34, 1.10), (1.24, 1.10)], _BLACK, 0.05)
    _rider(canvas, (0.58, 0.84), (1.26, 1.10), 0.02, (paint, jacket, trousers))
    return canvas


def _rider(
    canvas: Canvas,
    hip: Point,
    hand: Point,
    lean: float,
    colors: tuple[Color, Color, Color],
) -> None:
    """Draws who sits at `hip`, holds on at `hand` and leans forward."""
    helmet, jacket, trousers = colors
    knee, foot = (hip[0] + 0.46, hip[1] - 0.12), (hip[0] + 0.34, 0.34)
    shoulder = (hip[0] + 0.14 + lean, hip[1] + 0.5)
    elbow = (hip[0] + 0.36 + lean, hip[1] + 0.26)
    canvas.limb(hip, knee, (0.2, 0.16), trousers)
    canvas.limb(knee, foot, (0.15, 0.11), shade(trousers, 0.85))
    canvas.limb(foot, (foot[0] + 0.15, foot[1] - 0.02), (0.11, 0.08), _BLACK)
    canvas.curve(
        [
            (hip[0] - 0.16, hip[1] - 0.06),
            (hip[0] - 0.12, hip[1] + 0.28),
            (shoulder[0] - 0.14, shoulder[1]),
            (shoulder[0], shoulder[1] + 0.1),
            (shoulder[0] + 0.13, shoulder[1] - 0.04),
            (hip[0] + 0.2, hip[1] + 0.2),
            (hip[0] + 0.16, hip[1] - 0.06),
        ],
        shade(jacket, 1.08),
        shade(jacket, 0.7),
    )
    canvas.limb(shoulder, elbow, (0.15, 0.12), shade(jacket, 0.82))
    canvas.limb(elbow, hand, (0.11, 0.09), shade(jacket, 0.82))
    canvas.disk(hand, 0.055, _BLACK)
    head = (shoulder[0] + 0.1, shoulder[1] + 0.23)
    canvas.oval(head, (0.16, 0.165), helmet)
    canvas.oval(
        (head[0] - 0.03, head[1] + 0.06), (0.09, 0.07), shade(helmet, 1.25)
    )
    canvas.curve(
        [
            (head[0] + 0.02, head[1] + 0.05),
            (head[0] + 0.16, head[1] + 0.04),
            (head[0] + 0.16, head[1] - 0.06),
            (head[0] + 0.03, head[1] - 0.05),
        ],
        _VISOR,
    )
