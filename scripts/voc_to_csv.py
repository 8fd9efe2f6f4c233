r"""Turn Pascal VOC XML, as labelImg writes it, into the annotations CSV.

In: a folder with an XML per image. Out: a CSV with a row per box. Boxes that
cannot be (inside out, outside the image) are left out and counted.

Example:
    python scripts/voc_to_csv.py my_images/annotations \
        --rename moto=motorcycle --output data/ours/all.csv
"""

import argparse
from collections.abc import Sequence
from functools import partial

from crossline.annotations.to_csv import convert_to_csv, converter_parser
from crossline.command_line import run_script


def build_parser() -> argparse.ArgumentParser:
    return converter_parser(
        __doc__,
        "folder of XML files",
        "folder of the images, for sizes that the XML does not tell; "
        "that of the XML if unset",
    )


run = partial(convert_to_csv, "voc")


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
