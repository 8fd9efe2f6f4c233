r"""Find what is wrong with a data set, and repair what is safe to repair.

In: one annotations CSV, or several (train, val, test), and the images'
folder. Every image is decoded. Out: a summary, and a report as a page with
pictures and as JSON.

It finds images that are missing, damaged, blurred, turned by EXIF, of another
size than annotated, unlabelled, there twice, or (the same or nearly) in two
parts; boxes that are empty, inside out, outside, doubled or tiny; classes
that are misspelt, rare or not trained. An error stops training or falsifies
what it is judged by; a warning is probably a mistake; a note is worth knowing.
The exit status is 1 where there is one of --fail-on or worse, 0 otherwise.

With --fix the repaired CSVs are written as new files: boxes clipped, doubled
and empty ones dropped, sizes corrected, rows without a readable image
dropped, images that are in two parts left in the later one, spellings of a
class made one. The exit status is then that of what is left.

Example:
    python scripts/check_dataset.py data/ours/train.csv data/ours/val.csv \
        data/ours/test.csv --images data/coco/images --fix data/ours/fixed
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    done,
    new_parser,
    positive_int,
    run_script,
    shown,
    usage_error,
)

if TYPE_CHECKING:
    from crossline.check.report import Report


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "csvs", metavar="CSV", type=Path, nargs="+", help="annotations CSV"
    )
    parser.add_argument(
        "--images",
        type=Path,
        help="folder of the CSVs' images; each CSV's own if unset",
    )
    parser.add_argument(
        "--output",
        type=Path,
        help="the page, the JSON beside it; runs/check/NAME.html if unset",
    )
    parser.add_argument(
        "--fix",
        type=Path,
        metavar="NEW",
        help="folder for the repaired CSVs; of one CSV also NEW.csv",
    )
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "note"),
        default="error",
        help="least severity that makes the exit status 1",
    )
    parser.add_argument(
        "--input-size",
        type=positive_int,
        default=300,
        help="side of the model's input, by which boxes are tiny, pixels",
    )
    parser.add_argument(
        "--workers",
        type=positive_int,
        help="processes that decode; one per core if unset",
    )
    return parser


def run(
    csvs: list[Path],
    images: Path | None,
    output: Path | None,
    fix: Path | None,
    fail_on: str,
    input_size: int,
    workers: int | None,
) -> "Report":
    from crossline.check.data_set import check_dataset
    from crossline.check.findings import Severity
    from crossline.check.report import tally
    from crossline.errors import InputError

    usual = Path("runs", "check", f"{'-'.join(csv.stem for csv in csvs)}.html")
    page = output or usual
    if page.suffix != ".html":
        usage_error(build_parser(), f"--output {page} does not end in .html")
    report = check_dataset(
        csvs,
        images,
        page,
        fix=fix,
        input_size=input_size,
        workers=workers,
    )
    print(report.to_text())
    written = f"{page} and {page.with_suffix('.json')}"
    done(f"Wrote {written}{f', repaired: {fix}' if fix else ''}.")
    worst = report.worst()
    if worst is not None and worst >= Severity[fail_on.upper()]:
        left = report.findings if report.left is None else report.left
        raise InputError(
            ", ".join(str(csv) for csv in csvs),
            tally(left),
            remedy=f"look at {shown(page)}"
            + ("" if fix else ", or repair with --fix FOLDER"),
        )
    return report


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
