r"""Turn YOLO's label files into the annotations CSV.

In: data.yaml, or its folder, as Ultralytics reads it; or a folder with
classes.txt. Out: a CSV with a row per box; image sizes are read from the
images. Boxes that cannot be (outside the image, without area) are left out
and counted.

Example:
    python scripts/yolo_to_csv.py datasets/street/data.yaml \
        --output data/ours/all.csv
"""

import argparse
from collections.abc import Sequence
from functools import partial

from crossline.annotations.to_csv import convert_to_csv, converter_parser
from crossline.command_line import run_script


def build_parser() -> argparse.ArgumentParser:
    return converter_parser(
        __doc__,
        "data.yaml, or the data set's folder",
        "where to look first for the images that data.yaml names",
    )


run = partial(convert_to_csv, "yolo")


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
