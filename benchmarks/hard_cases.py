r"""Count what is hard to count: the sample's hard cases, with exact truth.

Each case of `make_sample.py --hard` is cast anew for each seed, tracked and
counted twice: from true boxes, and from those of a detector with faults. Out:
a table of crossings and errors; an error is one too many or too few of a
class and direction.

Example:
    python -m benchmarks.hard_cases --seeds 26
"""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crossline.command_line import (
    fraction,
    new_parser,
    positive_int,
    run_script,
)

if TYPE_CHECKING:
    from crossline.geometry import Detections

NOISE = 2.0
"""Pixels, standard deviation of each edge of a box with faults."""
Counts = Mapping[str, Mapping[str, int]]
"""Direction to class to crossings."""


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "--seeds", type=positive_int, default=26, help="how many of each case"
    )
    parser.add_argument(
        "--missed", type=fraction, default=0.1, help="share of boxes missed"
    )
    parser.add_argument(
        "--false",
        type=fraction,
        default=0.05,
        help="false boxes, as a share of the true ones",
    )
    return parser


def run(seeds: int, missed: float, false: float) -> None:
    from crossline.progress import progress
    from crossline.sample.hard_cases import PLANS

    print("| case | crossings | errors, true boxes | errors, with faults |")
    print("|---|---|---|---|")
    sums = [0, 0, 0]
    for name in PLANS:
        figures = [0, 0, 0]
        for seed in progress(range(seeds), name):
            figures = _added(figures, judge(name, seed, missed, false))
        sums = _added(sums, figures)
        print(f"| {name} | {figures[0]} | {figures[1]} | {figures[2]} |")
    print(f"| all | {sums[0]} | {sums[1]} | {sums[2]} |")


def judge(
    name: str, seed: int, missed: float, false: float
) -> tuple[int, int, int]:
    """Returns true crossings, and the errors without and with faults."""
    import numpy as np

    from crossline.sample.detector_faults import detect
    from crossline.sample.hard_cases import GATE, PLANS, cast
    from crossline.sample.hard_truth import crossings, moments
    from crossline.sample.truth import count_crossings

    random = np.random.default_rng(seed)
    case = cast(PLANS[name], seed)
    true = count_crossings(crossings(case))[GATE.name]
    frames = [moment.rows for moment in moments(case)]
    errors = [
        _difference(
            count([detect(rows, random, *faults) for rows in frames]), true
        )
        for faults in ((0.0, 0.0), (missed, false, NOISE))
    ]
    return sum(sum(of.values()) for of in true.values()), errors[0], errors[1]


def count(frames: "Sequence[Detections]") -> Counts:
    """Returns what tracker and counter make of the detections of a case."""
    from crossline.count.events import named_totals
    from crossline.count.lines import Line, LineCounter
    from crossline.sample.hard_cases import GATE
    from crossline.sample.objects import KINDS
    from crossline.sample.places import SIZE
    from crossline.sample.video import FPS
    from crossline.track.tracker import CentroidTracker

    tracker = CentroidTracker(view=SIZE)
    line = Line(GATE.name, GATE.start, GATE.end, ("right", "left"))
    counter = LineCounter([line])
    for frame, detections in enumerate(frames):
        tracks = tracker.update(detections, frame / FPS)
        counter.update(tracks, frame, frame / FPS)
    names = dict(enumerate(KINDS, 1))
    return named_totals(counter.totals, names)[GATE.name]


def _difference(one: Counts, other: Counts) -> int:
    return sum(
        abs(one[way].get(kind, 0) - other[way].get(kind, 0))
        for way in one
        for kind in {*one[way], *other[way]}
    )


def _added(sums: Sequence[int], more: Sequence[int]) -> list[int]:
    return [a + b for a, b in zip(sums, more, strict=True)]


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
