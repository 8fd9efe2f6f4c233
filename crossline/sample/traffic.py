"""Who moves where and when in the sample's video: a description, no pictures.

Positions are metres on the ground: x to the right of the picture's middle,
and the depth before the camera. Whatever a mover does is the list of its
waypoints: it may turn round, wait, or walk from far to near.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from crossline.sample.objects import Look, random_look

_APPROACH = 3.0
"""Metres outside the picture where paths begin and end."""
_LENGTHS = {"person": 0.7, "car": 4.4, "motorcycle": 2.0}
_TALL = 1.7
"""Metres, about: what anybody hides."""
_QUIET_S = 1.5
"""Nobody crosses a line so soon after the start or before the end."""
_AWAY_S = 0.4
"""Nobody is hidden on a line, nor so long before and after."""
_DELAY_S = 0.3


class Waypoint(NamedTuple):
    """Where a mover is at a time; between two it goes straight."""

    time_s: float
    x: float
    depth: float


class Position(NamedTuple):
    """Where a mover is, how far it has come, and where it looks."""

    x: float
    depth: float
    walked: float
    faces_left: bool


@dataclass(frozen=True)
class Mover:
    """One object on its way.

    Attributes:
        track_id: from 1.
        look: see there.
        path: in the order of time, two at least.
    """

    track_id: int
    look: Look
    path: tuple[Waypoint, ...]

    def at(self, time_s: float) -> Position | None:
        """Returns where it is; None before and after its path."""
        times = [point.time_s for point in self.path]
        leg = bisect_right(times, time_s) - 1
        if not 0 <= leg < len(self.path) - 1:
            return None
        start, end = self.path[leg : leg + 2]
        share = (time_s - start.time_s) / (end.time_s - start.time_s)
        x = start.x + share * (end.x - start.x)
        depth = start.depth + share * (end.depth - start.depth)
        here = Waypoint(time_s, x, depth)
        way = [*self.path[: leg + 1], here]
        walked = sum(_distance(a, b) for a, b in pairwise(way))
        # Who waits looks where he came from; at first, where he will go.
        steps = [b.x - a.x for a, b in pairwise(way)]
        steps += [end.x - start.x]
        faces_left = next((step < 0 for step in steps[::-1] if step), False)
        return Position(x, depth, walked, faces_left)

    def time_at(self, x: float) -> float | None:
        """Returns when it first comes to an x."""
        for start, end in pairwise(self.path):
            if start.x != end.x and (start.x - x) * (end.x - x) <= 0:
                share = (x - start.x) / (end.x - start.x)
                return start.time_s + share * (end.time_s - start.time_s)
        return None


class Route(NamedTuple):
    """What a stream of movers has in common.

    Attributes:
        points: across the picture (-1 its left edge, 1 its right edge) and
            depth in metres, from first to last.
        speed: metres per second.
        kinds: what moves here, repeated in this order.
        gap_s: from one to the next, at least.
    """

    points: tuple[tuple[float, float], ...]
    speed: float
    kinds: tuple[str, ...]
    gap_s: float


ROUTES = (
    # From the houses through the park, ever larger, to the far pavement.
    Route(((1, 50.4), (0.5, 50.4), (0.2, 17.6), (-1, 17.6)), 1.9,
          ("person",), 12.0),
    Route(((1, 47.0), (-1, 47.0)), 9.0, ("car",), 9.0),
    Route(((-1, 13.3), (1, 13.3)), 5.0, ("motorcycle", "car"), 4.2),
    Route(((1, 10.3), (-1, 10.3)), 5.0, ("car", "motorcycle", "car"), 4.4),
    Route(((-1, 8.1), (1, 8.1)), 1.4, ("person",), 7.0),
    Route(((1, 7.0), (-1, 7.0)), 1.3, ("person",), 7.0),
)  # fmt: skip
"""From far to near: houses and park, distant road, two lanes, pavement."""


class View(NamedTuple):
    """What of the ground a camera shows.

    Attributes:
        spread: metres seen to either side, a metre of depth.
        camera_height: metres.
    """

    spread: float
    camera_height: float


def plan_traffic(
    seconds: float,
    view: View,
    gates: tuple[float, ...],
    random: np.random.Generator,
) -> list[Mover]:
    """Fills the routes; the street is busy from the first frame to the last.

    Whoever would be hidden while passing a gate, or would pass one at the
    video's very start or end, comes a little later.

    Args:
        seconds: of the video.
        view: of its camera.
        gates: where lines are, -1 for the left edge, 1 for the right edge.
        random: of times and looks.
    """
    movers: list[Mover] = []
    for route in ROUTES:
        path = _path(route, view)
        passage = path[-1].time_s
        start = -passage + float(random.uniform(0, route.gap_s))
        for kind in _cycle(route.kinds):
            look = random_look(kind, random)
            mover = _start(len(movers) + 1, look, path, start)
            while _is_bad(mover, movers, seconds, view, gates):
                start += _DELAY_S
                mover = _start(len(movers) + 1, look, path, start)
            if start >= seconds:
                break
            movers.append(mover)
            start += route.gap_s * float(random.uniform(1.0, 1.5))
    return movers


def _path(route: Route, view: View) -> list[Waypoint]:
    """Returns a route's path from second 0."""
    path: list[Waypoint] = []
    for across, depth in route.points:
        x = across * depth * view.spread
        if abs(across) == 1:
            x += math.copysign(_APPROACH, across)
        point = Waypoint(0.0, x, depth)
        if path:
            way = _distance(path[-1], point)
            point = Waypoint(path[-1].time_s + way / route.speed, x, depth)
        path.append(point)
    return path


def _start(
    track_id: int, look: Look, path: list[Waypoint], start: float
) -> Mover:
    moved = [point._replace(time_s=point.time_s + start) for point in path]
    return Mover(track_id, look, tuple(moved))


def _cycle(kinds: tuple[str, ...]) -> Iterator[str]:
    while True:
        yield from kinds


def _is_bad(
    mover: Mover,
    others: list[Mover],
    seconds: float,
    view: View,
    gates: tuple[float, ...],
) -> bool:
    """Tells whether something at a gate would be unfair to a counter."""
    for gate in gates:
        passes = _passes(mover, gate, view)
        if passes is None:
            continue
        time_s = passes.time_s
        if min(abs(time_s), abs(time_s - seconds)) < _QUIET_S:
            return True
        for other in others:
            met = _passes(other, gate, view)
            if met and _hides(mover, passes, other, met, view):
                return True
    return False


def _passes(mover: Mover, gate: float, view: View) -> Waypoint | None:
    """Returns when and where somebody passes a gate."""
    depth = mover.path[-1].depth
    x = gate * depth * view.spread
    time_s = mover.time_at(x)
    return None if time_s is None else Waypoint(time_s, x, depth)


def _hides(
    one: Mover, at: Waypoint, other: Mover, met: Waypoint, view: View
) -> bool:
    """Tells whether the nearer of two hides much of the other at a gate."""
    (near, front), (far, back) = sorted(
        [(one, at), (other, met)], key=lambda pair: pair[1].depth
    )
    wide, narrow = (
        _LENGTHS[mover.look.kind] / point.depth
        for mover, point in ((near, front), (far, back))
    )
    # Seen from the camera, angles stand for pixels.
    head = (view.camera_height - _TALL) / front.depth
    feet = view.camera_height / back.depth
    if head > feet or wide < narrow / 2:
        return False
    speed = _distance(near.path[-2], near.path[-1]) / (
        near.path[-1].time_s - near.path[-2].time_s
    )
    hidden_s = (wide + narrow) / 2 * front.depth / speed
    return abs(front.time_s - back.time_s) < hidden_s + _AWAY_S


def _distance(one: Waypoint, other: Waypoint) -> float:
    return math.hypot(other.x - one.x, other.depth - one.depth)
