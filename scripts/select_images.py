r"""Take a part of an annotations CSV: images by class, capped, balanced.

In: an annotations CSV. Out: a CSV of the images that are taken and their
boxes of the classes asked for; no image file is touched. Images and objects
per class are shown, before and after. Oversampling repeats images when
csv_to_tfrecord.py writes records, by the column `repeats`; split_csv.py keeps
that for train.csv alone.

Example:
    python scripts/select_images.py data/ours/all.csv \
        --classes person motorcycle --balance undersample \
        --output data/ours/balanced.csv
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import done, new_parser, run_script, shown
from crossline.image_options import add_image_options

if TYPE_CHECKING:
    import pandas as pd

    from crossline.annotations.subset import Balance, Having


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("csv", type=Path, help="annotations CSV")
    parser.add_argument(
        "--output", type=Path, required=True, help="the CSV to write"
    )
    add_image_options(parser, None, ["undersample", "oversample"])
    return parser


def run(
    csv: Path,
    output: Path,
    classes: list[str],
    having: "Having",
    max_images: int | None,
    max_per_class: int | None,
    balance: "Balance | None",
    ratio: float,
    seed: int,
) -> "pd.DataFrame":
    from crossline.annotations.subset import ImageRules, select_images
    from crossline.annotations.table import read_csv, write_csv

    rules = ImageRules(
        classes, having, max_images, max_per_class, balance, ratio, seed
    )
    taken, choice = select_images(read_csv(csv), csv, rules)
    write_csv(taken, output)
    print(choice.report())
    done(
        f"Wrote {taken['filename'].nunique()} of {choice.candidates} images "
        f"with {having} of {', '.join(classes) or 'all classes'} to {output}.",
        f"python scripts/split_csv.py {shown(output)}",
    )
    return taken


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
