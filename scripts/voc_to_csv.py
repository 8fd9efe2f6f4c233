r"""Turn Pascal VOC XML, as labelImg writes it, into the annotations CSV.

In: a folder with an XML per image. Out: a CSV with a row per box. Boxes that
cannot be (inside out, outside the image) are left out and counted.

Example:
    python scripts/voc_to_csv.py my_images/annotations \
        --rename moto=motorcycle --output data/street/all.csv
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    add_conversion_arguments,
    done,
    new_parser,
    run_script,
    shown,
)

if TYPE_CHECKING:
    import pandas as pd


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("source", type=Path, help="folder of XML files")
    add_conversion_arguments(parser)
    return parser


def run(
    source: Path,
    output: Path | None,
    classes: list[str],
    rename: list[tuple[str, str]],
    keep_empty: bool,
) -> "pd.DataFrame":
    from crossline.annotations.to_csv import convert_to_csv, describe
    from crossline.annotations.voc import read_voc

    output = output or source.with_suffix(".csv")
    table, left_out = convert_to_csv(
        read_voc,
        source,
        output,
        classes=classes,
        rename=rename,
        keep_empty=keep_empty,
    )
    print(describe(table, left_out))
    done(
        f"Wrote {table['filename'].nunique()} images to {output}.",
        f"python scripts/split_csv.py {shown(output)}",
    )
    return table


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
