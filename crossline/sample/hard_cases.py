"""What makes counting hard, as short scenes with exact truth.

Each case is a few seconds of the video's street with one line, upright in the
middle. Who is where is a function of time, and so are the true crossings.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from crossline.sample.objects import KINDS, Look, random_look
from crossline.sample.places import HEIGHT, VIDEO_CAMERA, WIDTH
from crossline.sample.traffic import Mover, Waypoint
from crossline.sample.truth import TrueLine

GATE = TrueLine("gate", (WIDTH / 2, 0.0), (WIDTH / 2, float(HEIGHT)))
_LOOKS = 4
"""Of each kind; drawing one is dear."""
_TEMPO = 0.85, 1.15
_SPEEDS = {"person": 1.4, "car": 5.0, "motorcycle": 5.0}
"""Metres per second."""
_OUTSIDE = 3.0
"""Metres from the picture's edge to where paths begin and end."""

# Depths of the camera's lanes, metres.
_NEAR, _MIDDLE, _FAR = 7.1, 7.7, 8.3
_NEAR_LANE, _FAR_LANE = 10.3, 13.3
_OVER_THERE, _AT_THE_HEDGE = 15.6, 17.2
_POST = 6.3
_RIGHT, _LEFT = 1, -1


class Stop(NamedTuple):
    """Where somebody is at a time; between two, he goes straight.

    Attributes:
        time_s: seconds; only differences count.
        across: pixels to the right of the line.
        depth: metres before the camera.
    """

    time_s: float
    across: float
    depth: float


class Walk(NamedTuple):
    """One who moves.

    Attributes:
        kind: person, car or motorcycle.
        stops: in the order of time.
    """

    kind: str
    stops: Sequence[Stop]


class Plan(NamedTuple):
    """What happens in a case.

    Attributes:
        walks: of all who move.
        posts: where posts stand before them, pixels right of the line.
        shake: standard deviation of the camera's place, pixels.
    """

    walks: Sequence[Walk]
    posts: Sequence[float] = ()
    shake: float = 0.0


class HardCase(NamedTuple):
    """A plan that is cast: who looks how, which way round, how fast.

    Attributes:
        movers: with ids from 1.
        posts: x of each, pixels.
        shake: see `Plan`.
        seed: of the shake.
    """

    movers: Sequence[Mover]
    posts: Sequence[float]
    shake: float
    seed: int


def _straight(kind: str, depth: float, at_s: float, way: int) -> Walk:
    """Returns the way through the picture, over the line at a second.

    Args:
        kind: tells the speed, too.
        depth: metres.
        at_s: when.
        way: `_RIGHT` or `_LEFT`.
    """
    scale = VIDEO_CAMERA.focal / depth
    reach = WIDTH / 2 + _OUTSIDE * scale
    speed = _SPEEDS[kind] * scale
    return Walk(
        kind,
        [
            Stop(at_s - reach / speed, -way * reach, depth),
            Stop(at_s + reach / speed, way * reach, depth),
        ],
    )


def _entering(kind: str, depth: float, at_s: float, way: int) -> Walk:
    """Returns the same, with its middle on the picture's edge at a second."""
    scale = VIDEO_CAMERA.focal / depth
    crossing_s = at_s + WIDTH / 2 / (_SPEEDS[kind] * scale)
    return _straight(kind, depth, crossing_s, way)


def _to_and_fro(
    kind: str, depth: float, at_s: float, *turns: float, wait_s: float = 0.0
) -> Walk:
    """Returns the way to some places and out again.

    Args:
        kind: tells the speed, too.
        depth: metres.
        at_s: when it comes to the first place.
        turns: the places, pixels right of the line, and at last the side
            where it leaves; it comes from the left.
        wait_s: how long it waits at each place.
    """
    scale = VIDEO_CAMERA.focal / depth
    reach = WIDTH / 2 + _OUTSIDE * scale
    speed = _SPEEDS[kind] * scale
    *places, leaves = turns
    stops = [Stop(at_s - (places[0] + reach) / speed, -reach, depth)]
    for place in places:
        stops.append(_next(stops[-1], place, speed))
        if wait_s:
            stops.append(stops[-1]._replace(time_s=stops[-1].time_s + wait_s))
    stops.append(_next(stops[-1], leaves * reach, speed))
    return Walk(kind, stops)


def _next(stop: Stop, across: float, speed: float) -> Stop:
    seconds = abs(across - stop.across) / speed
    return Stop(stop.time_s + seconds, across, stop.depth)


PLANS: Mapping[str, Plan] = {
    "crossing_paths": Plan(
        [
            # Each pair meets on the line.
            _straight("person", _NEAR, 5.0, _RIGHT),
            _straight("person", _FAR, 5.0, _LEFT),
            _straight("person", _OVER_THERE, 5.0, _RIGHT),
            _straight("person", _AT_THE_HEDGE, 5.0, _LEFT),
            _straight("car", _NEAR_LANE, 7.5, _LEFT),
            _straight("motorcycle", _FAR_LANE, 7.5, _RIGHT),
            # Two go over the road, each to the other's side.
            Walk("person", [Stop(8, -290, 7.0), Stop(15, 290, 16.5)]),
            Walk("person", [Stop(8.7, 290, 7.0), Stop(15.7, -290, 16.5)]),
        ]
    ),
    "behind_posts": Plan(
        [
            _straight("motorcycle", _NEAR_LANE, 2.0, _LEFT),
            _straight("person", _NEAR, 5.0, _RIGHT),
            _straight("person", _FAR, 6.5, _LEFT),
            _straight("person", _MIDDLE, 8.0, _RIGHT),
            _straight("car", _NEAR_LANE, 9.0, _LEFT),
            _straight("motorcycle", _FAR_LANE, 11.0, _RIGHT),
        ],
        posts=(-135, 0, 135),
    ),
    "waiting_on_the_line": Plan(
        [
            _to_and_fro("person", _AT_THE_HEDGE, 3.0, 0, _RIGHT, wait_s=3.0),
            _to_and_fro("person", _NEAR, 5.0, 0, _RIGHT, wait_s=4.0),
            _to_and_fro("motorcycle", _FAR_LANE, 8.0, 0, _RIGHT, wait_s=2.0),
            _to_and_fro("car", _NEAR_LANE, 12.0, 0, _RIGHT, wait_s=2.5),
            # Not quite there, and back.
            _to_and_fro("person", _FAR, 13.0, -5, _LEFT, wait_s=3.0),
        ]
    ),
    "u_turns": Plan(
        [
            # Short of the line, and past it; nobody waits.
            _to_and_fro("person", _NEAR, 5.0, -12, _LEFT),
            _to_and_fro("person", _FAR, 10.5, 20, _LEFT),
            _to_and_fro("motorcycle", _NEAR_LANE, 4.0, 25, _LEFT),
            _to_and_fro("motorcycle", _FAR_LANE, 8.0, -20, _LEFT),
            _to_and_fro("person", _OVER_THERE, 5.0, 30, -30, _RIGHT),
        ]
    ),
    "entering_at_once": Plan(
        [
            # From both sides.
            _entering("person", _NEAR, 0.0, _RIGHT),
            _entering("person", _FAR, 0.0, _LEFT),
            _entering("car", _NEAR_LANE, 0.0, _LEFT),
            _entering("motorcycle", _FAR_LANE, 0.0, _RIGHT),
            # Beside each other: the nearer hides a part of the other.
            _entering("motorcycle", _NEAR_LANE, 2.5, _LEFT),
            _entering("motorcycle", _FAR_LANE, 2.5, _LEFT),
            _entering("person", _NEAR, 5.0, _RIGHT),
            _entering("person", _FAR, 5.5, _RIGHT),
            _entering("person", _OVER_THERE, 5.0, _RIGHT),
            _entering("person", _AT_THE_HEDGE, 5.0, _LEFT),
        ]
    ),
    "camera_jitter": Plan(
        [
            _straight("person", _NEAR, 5.0, _RIGHT),
            _straight("person", _FAR, 9.0, _LEFT),
            _straight("person", _OVER_THERE, 8.0, _RIGHT),
            _straight("car", _NEAR_LANE, 3.0, _LEFT),
            _straight("motorcycle", _FAR_LANE, 5.0, _RIGHT),
            _straight("motorcycle", _NEAR_LANE, 7.0, _LEFT),
        ],
        shake=3.0,
    ),
}
"""By what is hard about them."""


def cast(plan: Plan, seed: int) -> HardCase:
    """Returns a case that is hard in the same way for every seed.

    Who looks how, whether the picture is mirrored, and how fast all goes are
    drawn by lot.
    """
    random = np.random.default_rng((seed, 2_000_000))
    looks = _looks()
    side = int(random.choice([_RIGHT, _LEFT]))
    tempo = float(random.uniform(*_TEMPO))
    start = min(walk.stops[0].time_s for walk in plan.walks)
    movers = [
        Mover(
            number,
            looks[walk.kind][int(random.integers(_LOOKS))],
            tuple(
                Waypoint(
                    (stop.time_s - start) / tempo,
                    side * stop.across * stop.depth / VIDEO_CAMERA.focal,
                    stop.depth,
                )
                for stop in walk.stops
            ),
        )
        for number, walk in enumerate(plan.walks, 1)
    ]
    posts = [WIDTH / 2 + side * across for across in plan.posts]
    return HardCase(movers, posts, plan.shake, seed)


def _looks() -> dict[str, list[Look]]:
    """Returns the same ones whatever the seed."""
    random = np.random.default_rng(5)
    return {
        kind: [random_look(kind, random) for _ in range(_LOOKS)]
        for kind in KINDS
    }
