r"""Write an annotations CSV and its images as TFRecord shards.

In: a CSV (coco_to_csv.py and the like, split_csv.py), the folder of its
images, a label map. Out: OUTPUT/NAME-00000-of-00010.tfrecord and so on, with
the Object Detection API's keys. JPEG bytes pass through untouched; only what
the API could not read is encoded again. A run that was killed goes on where
it was, when it is started again. With --runner, an Apache Beam runner writes
the same records, on many machines if it must be (docs/beam.md).

Example:
    python scripts/csv_to_tfrecord.py data/ours/train.csv \
        --images data/coco/images --label-map label_maps/ours.pbtxt \
        --output records/ours
"""

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    done,
    new_parser,
    positive_int,
    run_script,
    shown,
    usage_error,
)

if TYPE_CHECKING:
    from crossline.records.written import WrittenRecords


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("csv", help="annotations CSV")
    parser.add_argument("--images", required=True, help="folder of the images")
    parser.add_argument(
        "--label-map", type=Path, required=True, help="gives classes ids"
    )
    parser.add_argument(
        "--output", required=True, help="folder for the shards"
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
    parser.add_argument(
        "--runner",
        help="of Apache Beam, such as DirectRunner or DataflowRunner; CSV, "
        "--images and --output may then be URLs",
    )
    parser.add_argument(
        "--runner-options",
        nargs="+",
        default=[],
        metavar="NAME=VALUE",
        help="the runner's own, such as direct_num_workers=2",
    )
    return parser


def run(
    csv: str,
    images: str,
    label_map: Path,
    output: str,
    name: str | None,
    shards: int | None,
    workers: int | None,
    seed: int,
    skip_bad: bool,
    runner: str | None,
    runner_options: list[str],
) -> "WrittenRecords":
    from crossline.records.label_map import read_label_map

    if not runner and "://" in f"{csv} {images} {output}":
        usage_error(build_parser(), "URLs need a --runner")
    name = name or Path(csv).stem
    classes = read_label_map(label_map)
    if runner:
        from crossline.records.beam import write_with_beam

        written = write_with_beam(
            csv,
            images,
            classes,
            output,
            name,
            runner=runner,
            options=runner_options,
            shards=shards,
            skip_bad=skip_bad,
        )
    else:
        from crossline.annotations.compact import read_compact
        from crossline.files import require_folder
        from crossline.records.write import write_records

        written = write_records(
            read_compact(Path(csv)),
            Path(csv),
            require_folder(Path(images)),
            classes,
            Path(output),
            name,
            shards=shards,
            workers=workers,
            seed=seed,
            skip_bad=skip_bad,
        )
    if text := written.to_text():
        print(text)
    pattern = f"{output.rstrip('/')}/{name}-*"
    # Of the two parts, in whichever order they are written.
    train = f"{output.rstrip('/')}/train-*" if name == "val" else pattern
    validation = f"{output.rstrip('/')}/val-*"
    done(
        f"Wrote {written.images} images ({written.negatives} without "
        f"objects, {len(written.skipped)} skipped) in "
        f"{len(written.shards)} shards: {pattern}",
        "python scripts/configure_pipeline.py --checkpoint exported/street "
        f"--label-map {shown(label_map)} "
        f"--train-records {shlex.quote(train)} "
        f"--eval-records {shlex.quote(validation)} "
        f"--output {shown(Path('configs') / Path(output).name)}",
    )
    return written


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
