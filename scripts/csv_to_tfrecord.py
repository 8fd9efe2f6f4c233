r"""Write an annotations CSV and its images as TFRecord shards.

In: a CSV (coco_to_csv.py and the like, split_csv.py), the folder of its
images, a label map. Out: OUTPUT/NAME-00000-of-00010.tfrecord and so on, with
the Object Detection API's keys. JPEG bytes pass through untouched; only what
the API could not read is encoded again.

Example:
    python scripts/csv_to_tfrecord.py data/ours/train.csv \
        --images data/coco/images --label-map label_maps/ours.pbtxt \
        --output records/ours
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
)

if TYPE_CHECKING:
    from crossline.records.written import WrittenRecords


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("csv", type=Path, help="annotations CSV")
    parser.add_argument(
        "--images", type=Path, required=True, help="folder of the images"
    )
    parser.add_argument(
        "--label-map", type=Path, required=True, help="gives classes ids"
    )
    parser.add_argument(
        "--output", type=Path, required=True, help="folder for the shards"
    )
    parser.add_argument(
        "--name", help="of the shards; the CSV's name if unset"
    )
    parser.add_argument(
        "--shards",
        type=positive_int,
        help="how many; one per hundred images if unset",
    )
    parser.add_argument(
        "--workers", type=positive_int, help="processes; one per core if unset"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="for shuffling the images"
    )
    parser.add_argument(
        "--skip-bad",
        action="store_true",
        help="leave out images that are missing or damaged, and list them",
    )
    return parser


def run(
    csv: Path,
    images: Path,
    label_map: Path,
    output: Path,
    name: str | None,
    shards: int | None,
    workers: int | None,
    seed: int,
    skip_bad: bool,
) -> "WrittenRecords":
    from crossline.annotations.compact import read_compact
    from crossline.files import require_folder
    from crossline.records.label_map import read_label_map
    from crossline.records.write import write_records

    written = write_records(
        read_compact(csv),
        csv,
        require_folder(images),
        read_label_map(label_map),
        output,
        name or csv.stem,
        shards=shards,
        workers=workers,
        seed=seed,
        skip_bad=skip_bad,
    )
    for class_name, count in sorted(written.objects.items()):
        print(f"{count:7d} {class_name}")
    for reason, count in sorted(written.reencoded.items()):
        print(f"{count:7d} images encoded again: {reason}")
    for line in written.skipped:
        print(f"skipped {line}")
    if written.resumed:
        print(f"{written.resumed} shards were finished already.")
    pattern = output / f"{name or csv.stem}-*"
    done(
        f"Wrote {written.images} images ({written.negatives} without "
        f"objects, {len(written.skipped)} skipped) in "
        f"{len(written.shards)} shards: {pattern}",
        "python scripts/configure_pipeline.py --checkpoint CHECKPOINT "
        f"--label-map {shown(label_map)} --train-records {shown(pattern)} "
        f"--eval-records {shown(output / 'val-*')} "
        f"--output {shown(Path('configs') / output.name)}",
    )
    return written


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
