r"""Judge the demo: its counts against the truth, its models, its time.

In: what run_demo.sh made. DATA has the sample, with the truth of its video,
and val.csv. RUN has stages.tsv (a line per stage: name, seconds, command),
train/ (train.py's run), evaluation.json (evaluate.py's, of the export folder
and its int8 file), street/ and, where there is real footage, people/
(count_video.py's). Out: RUN/summary.json and RUN/report.html, a page with
pictures. Ends with status 1 where a count differs from the truth or average
precision misses what is promised.

Example:
    python scripts/summarize_demo.py --data data/demo --run runs/demo
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import done, new_parser, run_script

if TYPE_CHECKING:
    from crossline.demo.summary import DemoSummary


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("data/demo"),
        help="folder of the sample, with val.csv",
    )
    parser.add_argument(
        "--run",
        dest="folder",
        metavar="RUN",
        type=Path,
        default=Path("runs/demo"),
        help="folder of what the demo made",
    )
    return parser


def run(data: Path, folder: Path) -> "DemoSummary":
    from crossline.demo.report import write_report
    from crossline.demo.summarize import summarize
    from crossline.demo.summary import require_kept
    from crossline.files import write_text

    summary, evidence = summarize(data, folder)
    report = folder / "report.html"
    write_report(report, summary, evidence)
    write_text(folder / "summary.json", summary.to_json())
    print(summary.to_text())
    done(f"Wrote {folder / 'summary.json'} and {report}.")
    require_kept(summary, report)
    return summary


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
