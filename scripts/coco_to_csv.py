r"""Turn COCO annotations into the annotations CSV.

In: an instances JSON. Out: a CSV with a row per box. Boxes that cannot be
(inside out, outside the image) are left out and counted.

Example:
    python scripts/coco_to_csv.py data/coco/instances.json \
        --classes person motorcycle --output data/ours/all.csv
"""

import argparse
from collections.abc import Sequence
from functools import partial

from crossline.annotations.to_csv import convert_to_csv, converter_parser
from crossline.command_line import run_script


def build_parser() -> argparse.ArgumentParser:
    return converter_parser(__doc__, "COCO instances JSON")


run = partial(convert_to_csv, "coco", None)


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
