"""Make a label map: the classes to train and their ids from 1.

In: an annotations CSV, a JSON list of {"name": ..., "id": ...}, or the class
names themselves. Out: a pbtxt as the Object Detection API reads it. A CSV's
classes are numbered in alphabetical order, names in the order given. A JSON's
keep their ids, but for gaps, which are closed.

Examples:
    python scripts/make_label_map.py data/ours/train.csv
    python scripts/make_label_map.py person motorcycle --name two
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import done, new_parser, run_script, shown

if TYPE_CHECKING:
    from crossline.records.label_map import LabelMap


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "source",
        nargs="+",
        help="one .csv, one .json, or class names",
    )
    parser.add_argument(
        "--name",
        help="of the map; the source file's name, or 'classes', if unset",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("label_maps"),
        help="folder that gets NAME.pbtxt",
    )
    return parser


def run(source: list[str], name: str | None, output: Path) -> "LabelMap":
    from crossline.records.label_map import LabelMap, write_label_map
    from crossline.records.label_map_sources import (
        is_file_source,
        label_map_of,
    )

    given = label_map_of(source)
    label_map = LabelMap.from_names(given.names.values())
    stem = Path(source[0]).stem if is_file_source(source) else "classes"
    path = output / f"{name or stem}.pbtxt"
    write_label_map(label_map, path)
    for id_, class_name in label_map.names.items():
        print(f"{id_:3d} {class_name}")
    if label_map != given:
        print("The ids had gaps: renumbered, in their order.")
    done(
        f"Wrote {path}.",
        "python scripts/csv_to_tfrecord.py TRAIN.csv --images IMAGES "
        f"--label-map {shown(path)} --output records/{path.stem}",
    )
    return label_map


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
