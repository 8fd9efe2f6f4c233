r"""Turn LinkedAI's JSON into the annotations CSV.

In: a list of {id, image, width, height, tags: [{pos: {x, y, w, h}, name,
type: "bounding_box"}]}, numbers as strings or not. Out: a CSV with a row per
box. Tags of other types and boxes that cannot be are left out and counted.

Example:
    python scripts/linkedai_to_csv.py export.json --output data/ours/all.csv
"""

import argparse
from collections.abc import Sequence
from functools import partial

from crossline.annotations.to_csv import convert_to_csv, converter_parser
from crossline.command_line import run_script


def build_parser() -> argparse.ArgumentParser:
    return converter_parser(__doc__, "LinkedAI JSON")


run = partial(convert_to_csv, "linkedai", None)


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
