"""What was counted beside what is true, crossing by crossing."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from crossline.annotations.json_file import read_json
from crossline.errors import InputError
from crossline.files import require_file
from crossline.video.count_files import EVENTS_NAME
from crossline.video.count_video import SUMMARY_NAME

Totals = Mapping[str, Mapping[str, Mapping[str, int]]]
"""Line to direction to class to crossings."""
LineEnds = Mapping[str, Sequence[float]]
"""Line to x and y of its start and end, pixels."""

_PAIRED_WITHIN_S = 2.0
"""A crossing behind something counts when the object comes out again."""
_SAME_PLACE = 0.5
"""Pixels."""


class Crossing(NamedTuple):
    """A row of ``events.csv`` or of the sample's true crossings.

    Attributes:
        time_s: seconds into the video.
        frame: from 0.
        class_name: of what crossed.
        line: name.
        direction: name.
        x: where on the line, pixels.
        y: where on the line, pixels.
    """

    time_s: float
    frame: int
    class_name: str
    line: str
    direction: str
    x: float
    y: float

    @property
    def kind(self) -> tuple[str, str, str]:
        """What two crossings share that may be the same one."""
        return self.line, self.class_name, self.direction


@dataclass(frozen=True)
class CountedVideo:
    """What `count_video.py` left, or the truth in the same words.

    Attributes:
        lines: see `LineEnds`.
        totals: see there; lines and directions are there at 0 too.
        crossings: in the order of time.
        source: the video.
        model: that counted; empty for the truth.
        duration_s: of the video.
        processed_fps: frames counted a second; 0 for the truth.
        min_score: of a detection that is believed; 0 for the truth.
    """

    lines: LineEnds
    totals: Totals
    crossings: Sequence[Crossing]
    source: str
    model: str
    duration_s: float
    processed_fps: float = 0
    min_score: float = 0


class Count(NamedTuple):
    """How often a class crossed a line in a direction."""

    line: str
    class_name: str
    direction: str
    counted: int
    true: int

    @property
    def is_equal(self) -> bool:
        """Whether the count is right."""
        return self.counted == self.true


def read_truth(sample: Path) -> CountedVideo:
    """Reads the truth of a sample's video.

    Args:
        sample: folder that `make_sample.py` wrote.

    Raises:
        InputError: a file of it is missing or is something else.
    """
    path = sample / "street_truth.json"
    remedy = "draw the sample with make_sample.py"
    values = read_json(require_file(path, remedy))
    try:
        return CountedVideo(
            values["lines"],
            values["counts"],
            read_crossings(sample / "street_crossings.csv"),
            source=str(sample / "street.mp4"),
            model="",
            duration_s=values["frames"] / values["fps"],
        )
    except (KeyError, TypeError) as error:
        raise InputError(
            path, f"is no truth of a sample ({error!r})", remedy=remedy
        ) from error


def read_count(folder: Path) -> CountedVideo:
    """Reads what `count_video.py` wrote, of a video with lines.

    Raises:
        InputError: a file of it is missing or is something else.
    """
    path = folder / SUMMARY_NAME
    remedy = "count with count_video.py and --line"
    values = read_json(require_file(path, remedy))
    try:
        return CountedVideo(
            values["lines"],
            dict(values["totals"]),
            read_crossings(folder / EVENTS_NAME),
            source=values["source"],
            model=values["model"],
            duration_s=values["duration_s"],
            processed_fps=values["processed_fps"],
            min_score=values["min_score"],
        )
    except (KeyError, TypeError) as error:
        raise InputError(
            path, f"is no summary of a count ({error!r})", remedy=remedy
        ) from error


def read_crossings(path: Path) -> list[Crossing]:
    """Reads crossings, of the sample or counted; further columns may be."""
    with require_file(path).open(encoding="utf-8", newline="") as file:
        try:
            return [
                Crossing(
                    float(row["time_s"]),
                    int(row["frame"]),
                    row["class"],
                    row["line"],
                    row["direction"],
                    float(row["x"]),
                    float(row["y"]),
                )
                for row in csv.DictReader(file)
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                path, f"is no list of crossings ({error!r})"
            ) from error


def require_lines(counted: CountedVideo, truth: CountedVideo) -> None:
    """Makes sure that both speak of the same lines.

    Raises:
        InputError: a line of the truth was not counted, or elsewhere.
    """
    for name, ends in truth.lines.items():
        there = counted.lines.get(name)
        if there and all(
            abs(a - b) <= _SAME_PLACE for a, b in zip(ends, there, strict=True)
        ):
            continue
        numbers = ",".join(f"{end:g}" for end in ends)
        raise InputError(
            counted.source,
            f"line {name} of the truth was counted at {list(there)}"
            if there
            else f"line {name} of the truth was not counted",
            remedy=f"count with --line {name}={numbers}",
        )


def compare_counts(counted: Totals, true: Totals) -> list[Count]:
    """Returns a count per line of the truth, class and direction.

    A class has a row at every line, also where it should not and did not
    cross: that it was not counted there is a result too.
    """
    classes = sorted(
        {
            class_name
            for totals in (counted, true)
            for directions in totals.values()
            for counts in directions.values()
            for class_name in counts
        }
    )
    return [
        Count(
            line,
            class_name,
            direction,
            counted[line].get(direction, {}).get(class_name, 0),
            counts.get(class_name, 0),
        )
        for line, directions in true.items()
        for class_name in classes
        for direction, counts in directions.items()
    ]


def unpaired(
    counted: Sequence[Crossing], true: Sequence[Crossing]
) -> tuple[list[Crossing], list[Crossing]]:
    """Pairs crossings of a kind by time, nearest first.

    Equal totals may hide a crossing missed here and one invented there.

    Returns:
        The true crossings that nobody counted, and the counted ones that did
        not happen, each in the order of time.
    """
    gaps = sorted(
        (abs(one.time_s - other.time_s), i, k)
        for i, one in enumerate(counted)
        for k, other in enumerate(true)
        if one.kind == other.kind
    )
    met: set[int] = set()
    happened: set[int] = set()
    for gap, i, k in gaps:
        if gap <= _PAIRED_WITHIN_S and i not in happened and k not in met:
            happened.add(i)
            met.add(k)
    missed = [one for k, one in enumerate(true) if k not in met]
    invented = [one for i, one in enumerate(counted) if i not in happened]
    return missed, invented
