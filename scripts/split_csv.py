r"""Part an annotations CSV into train, validation and test, by image.

In: a CSV. Out: OUTPUT/train.csv, val.csv and test.csv. An image is in one of
them; each class is spread in proportion, the rare ones first. The same seed
gives the same parts.

Example:
    python scripts/split_csv.py data/ours/all.csv --val 0.15 --test 0.15
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    done,
    fraction,
    new_parser,
    run_script,
    shown,
    usage_error,
)

if TYPE_CHECKING:
    import pandas as pd


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("csv", type=Path, help="annotations CSV")
    parser.add_argument(
        "--output", type=Path, help="folder; that of the CSV if unset"
    )
    parser.add_argument(
        "--val", type=fraction, default=0.15, help="share of validation"
    )
    parser.add_argument(
        "--test", type=fraction, default=0.15, help="share of the test part"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the parts")
    return parser


def run(
    csv: Path, output: Path | None, val: float, test: float, seed: int
) -> "pd.DataFrame":
    if val + test >= 1:
        usage_error(
            build_parser(), "--val and --test leave nothing to train on"
        )
    from crossline.annotations.split import split_csv

    output = output or csv.parent
    counts = split_csv(csv, output, val=val, test=test, seed=seed)
    print(counts.to_string())
    train = output / "train.csv"
    done(
        f"Wrote {', '.join(f'{name}.csv' for name in counts)} in {output}.",
        f"python scripts/make_label_map.py {shown(train)}",
    )
    return counts


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
