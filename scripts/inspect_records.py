r"""Show what TFRecords hold: counts, histograms, pictures with their boxes.

In: TFRecords of the Object Detection API's schema, ours or another's, by
their names, by globs, or by a folder. Out: a table per class, what is odd
(missing shards, images in two sets, boxes outside their image, sizes that are
not the image's, classes with several ids), and a page with label plots and
samples. A damaged file, or one of another schema, is refused with its place.

Example:
    python scripts/inspect_records.py 'records/ours/train-*'
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
    usage_error,
)

if TYPE_CHECKING:
    from crossline.check.records import Inspection


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "records", nargs="+", help="TFRecord, glob of some, or folder"
    )
    parser.add_argument(
        "--output",
        type=Path,
        help="the page; runs/inspect/NAME.html of the first set if unset",
    )
    parser.add_argument(
        "--pictures",
        type=positive_int,
        default=12,
        help="samples on the page",
    )
    parser.add_argument(
        "--input-size",
        type=positive_int,
        default=300,
        help="side of the model's input, in which boxes are measured, pixels",
    )
    return parser


def run(
    records: list[str],
    output: Path | None,
    pictures: int,
    input_size: int,
) -> "Inspection":
    from crossline.check.records import inspect_records, set_name
    from crossline.check.records_page import inspection_text, write_inspection
    from crossline.records.read import require_records

    globs = [f"{name}/*" if Path(name).is_dir() else name for name in records]
    files = sorted({file for glob in globs for file in require_records(glob)})
    page = output or Path("runs", "inspect", f"{set_name(files[0])}.html")
    if page.suffix != ".html":
        usage_error(build_parser(), f"--output {page} does not end in .html")
    inspection = inspect_records(
        files, input_size=input_size, pictures=pictures
    )
    write_inspection(inspection, page)
    print(inspection_text(inspection))
    done(f"Wrote {page}.")
    return inspection


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
