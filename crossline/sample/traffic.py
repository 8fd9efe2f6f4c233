"""Who moves through the sample video, when and where: pure descriptions.

A lane is a height of the picture on which everybody walks or drives at one
speed, one behind the other; several lanes make a street.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from crossline.sample.objects import PHASES, Look, random_look
from crossline.sample.scene import Obstacle, Placed, pixels_per_meter

BAND = 2.5
"""Pixels on either side of a line that a centre must leave behind."""
_LENGTHS = {"person": 0.8, "car": 4.6, "motorcycle": 2.2}
"""Metres from front to back, about."""


class Lane(NamedTuple):
    """One row of traffic.

    Attributes:
        ground: of the picture's height.
        speed: metres per second; negative to the left.
        kinds: what moves here, repeated in this order.
        gap: seconds from one to the next, at least.
    """

    ground: float
    speed: float
    kinds: tuple[str, ...]
    gap: float


LANES = (
    Lane(0.475, 5.0, ("motorcycle",), 9.0),
    Lane(0.530, 1.4, ("person",), 10.0),
    Lane(0.560, -1.3, ("person",), 11.0),
    Lane(0.660, -6.5, ("car", "motorcycle", "car"), 5.0),
    Lane(0.800, 5.5, ("motorcycle", "car"), 6.0),
    Lane(0.905, -1.1, ("person",), 12.0),
    Lane(0.975, 1.2, ("person",), 13.0),
)
"""A distant road, the far pavement, two lanes, the near pavement."""


class TrafficLine(NamedTuple):
    """A line of the truth, upright, in pixels."""

    name: str
    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Mover:
    """One object on its way through the picture.

    Attributes:
        track_id: from 1.
        kind: of `crossline.sample.objects.KINDS`.
        look: see there.
        ground: pixels from the top.
        start_s: when its centre is at `start_x`.
        start_x: pixels, outside the picture.
        speed: pixels per second; negative to the left.
    """

    track_id: int
    kind: str
    look: Look
    ground: float
    start_s: float
    start_x: float
    speed: float

    def at(self, time_s: float, height: int) -> Placed:
        """Returns where it is; `height` is the picture's."""
        x = self.start_x + (time_s - self.start_s) * self.speed
        metres = abs(x - self.start_x) / pixels_per_meter(self.ground, height)
        # Two steps take a person about 1.4 metres.
        phase = int(metres / 1.4 * PHASES) % PHASES
        return Placed(
            self.kind, self.look, phase, x, self.ground, self.speed < 0
        )


class TrueCrossing(NamedTuple):
    """A crossing as it happened."""

    time_s: float
    frame: int
    track_id: int
    kind: str
    line: str
    direction: str
    x: float
    y: float


def plan_traffic(
    seconds: float, width: int, height: int, random: np.random.Generator
) -> list[Mover]:
    """Fills the lanes; all have left the picture when the video ends."""
    movers: list[Mover] = []
    for number, lane in enumerate(LANES):
        ground = lane.ground * height
        scale = pixels_per_meter(ground, height)
        speed = lane.speed * scale
        margin = _LENGTHS["car"] * scale / 2 + 4
        passage = (width + 2 * margin) / abs(speed)
        start = number * 0.7 + float(random.uniform(0, 1.5))
        turn = 0
        while start + passage < seconds:
            kind = lane.kinds[turn % len(lane.kinds)]
            movers.append(
                Mover(
                    len(movers) + 1,
                    kind,
                    random_look(random),
                    ground,
                    start,
                    -margin if speed > 0 else width + margin,
                    speed,
                )
            )
            turn += 1
            start += lane.gap * float(random.uniform(1.0, 1.6))
    return movers


def street_lines(width: int, height: int) -> list[TrafficLine]:
    """Returns one line over all lanes, and one over the two lanes only."""
    return [
        TrafficLine("main", 0.5 * width, 0.0, float(height)),
        TrafficLine("road", 0.3 * width, 0.56 * height, 0.76 * height),
    ]


def street_obstacles(width: int, height: int) -> list[Obstacle]:
    """Returns a shelter, a kiosk, a post and a tree, clear of the lines."""

    def stands(
        x: float, ground: float, wide: float, high: float, crown: bool
    ) -> Obstacle:
        scale = pixels_per_meter(ground * height, height)
        return Obstacle(
            int(x * width),
            int(ground * height),
            max(int(wide * scale), 3),
            int(high * scale),
            (92, 70, 52) if crown else (96, 98, 104),
            has_crown=crown,
        )

    return [
        stands(0.70, 0.50, 2.4, 2.6, False),
        stands(0.82, 0.58, 1.1, 2.3, False),
        stands(0.64, 0.70, 0.25, 5.0, False),
        stands(0.12, 0.94, 0.30, 4.2, True),
    ]


def true_crossings(
    centers: Mapping[int, Sequence[tuple[int, float, float]]],
    kinds: Mapping[int, str],
    lines: Sequence[TrafficLine],
    fps: int,
) -> list[TrueCrossing]:
    """Returns every crossing, in the order of time.

    A centre crosses in the first frame that shows it more than `BAND` beyond
    a line, having been that far on its other side.

    Args:
        centers: track id to frame, x and y, in the order of frames.
        kinds: track id to kind.
        lines: upright ones.
        fps: of the video.
    """
    crossings = []
    for track_id, path in centers.items():
        for line in lines:
            side = 0
            for frame, x, y in path:
                if abs(x - line.x) <= BAND:
                    continue
                now = 1 if x > line.x else -1
                if now == -side and line.top <= y <= line.bottom:
                    crossings.append(
                        TrueCrossing(
                            frame / fps,
                            frame,
                            track_id,
                            kinds[track_id],
                            line.name,
                            "right" if now > 0 else "left",
                            line.x,
                            y,
                        )
                    )
                side = now
    return sorted(crossings)


def count_crossings(
    crossings: Sequence[TrueCrossing],
) -> dict[str, dict[str, dict[str, int]]]:
    """Returns line to direction to class to crossings."""
    totals: dict[str, dict[str, Counter[str]]] = {}
    for crossing in crossings:
        of_line = totals.setdefault(
            crossing.line, {"right": Counter(), "left": Counter()}
        )
        of_line[crossing.direction][crossing.kind] += 1
    return {
        line: {name: dict(sorted(kinds.items())) for name, kinds in of.items()}
        for line, of in totals.items()
    }
