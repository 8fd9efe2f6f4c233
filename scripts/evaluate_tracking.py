r"""Judge tracks against the true ones: MOTA, IDF1, HOTA, and the counts.

In: two files in MOTChallenge's form, frame,id,left,top,width,height,score and
more, frames counted from 1: the truth and a tracker's result.
Out: a table, and the same as JSON: how well boxes and identities fit, how
often an object gets another id, and for each --line the true and the counted
crossings by class and direction. A class is a number of the file; "any" where
one of the two files names no classes. n/a is where there is nothing to judge.

Example:
    python scripts/evaluate_tracking.py truth.txt result.txt \
        --line gate=384,0,384,576
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import done, new_parser, run_script

if TYPE_CHECKING:
    from crossline.count.lines import Line
    from crossline.evaluate.tracking_report import TrackingEvaluation

# There is no frame to lie outside of.
_ANY_SIZE = 10**6


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("truth", type=Path, help="the true tracks")
    parser.add_argument("result", type=Path, help="the tracks to judge")
    parser.add_argument(
        "--line",
        dest="lines",
        metavar="NAME=X1,Y1,X2,Y2[:ONE/OTHER]",
        type=_line,
        action="append",
        default=[],
        help="a line to count at, in pixels; ONE and OTHER name the "
        "directions, towards growing x (or y) first; may be given again",
    )
    parser.add_argument(
        "--output",
        type=Path,
        help="JSON file; RESULT with .json for its ending if unset",
    )
    return parser


def run(
    truth: Path, result: Path, lines: "list[Line]", output: Path | None
) -> "TrackingEvaluation":
    from crossline.count.scene import Scene
    from crossline.errors import InputError
    from crossline.evaluate.tracking import evaluate_tracks
    from crossline.files import write_text
    from crossline.track.mot_challenge import read_tracks

    scene = Scene(tuple(lines))
    true_tracks = read_tracks(truth)
    if not len(true_tracks):
        raise InputError(truth, "has no tracks to judge by")
    evaluation = evaluate_tracks(
        true_tracks,
        read_tracks(result),
        scene.lines,
        names=(str(truth), str(result)),
    )
    output = output or result.with_suffix(".json")
    write_text(output, evaluation.to_json())
    print(evaluation.to_text())
    done(f"Wrote {output}.")
    return evaluation


def _line(text: str) -> "Line":
    """Refuses at the command line what is no line in pixels."""
    from crossline.count.scene import parse_line
    from crossline.errors import InputError

    try:
        line = parse_line(text, _ANY_SIZE, _ANY_SIZE)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if max(*line.start, *line.end) == _ANY_SIZE:
        raise argparse.ArgumentTypeError(
            f"line {text!r}: fractions of a frame that nobody knows here; "
            "give pixels"
        )
    return line


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
