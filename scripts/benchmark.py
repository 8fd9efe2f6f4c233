r"""Compare TFLite files as files: size, accuracy, latency, memory, start-up.

In: .tflite files, or export folders with some, and annotated images that they
were not trained on. Out: OUTPUT/benchmark.csv, benchmark.md and benchmark.png,
accuracy against latency.

The files take turns image by image, so that a busy machine is fair to all of
them; still, only figures of one run compare. Latency is taken with one thread
and two, and without XNNPACK.

Example:
    python scripts/benchmark.py exported/ours \
        --annotations data/ours/val.csv --images data/coco/images
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from crossline.command_line import done, new_parser, positive_int, run_script


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "models",
        metavar="MODEL",
        type=Path,
        nargs="+",
        help=".tflite file or export folder",
    )
    parser.add_argument(
        "--annotations", type=Path, required=True, help="annotations CSV"
    )
    parser.add_argument(
        "--images", type=Path, help="folder of its images; its own if unset"
    )
    parser.add_argument(
        "--classes",
        nargs="+",
        metavar="NAME",
        help="judge by these alone; by all that are annotated if unset",
    )
    parser.add_argument(
        "--rounds",
        type=positive_int,
        default=200,
        help="detections that each latency is taken from",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("runs/benchmark"),
        help="folder for the table and the picture",
    )
    return parser


def run(
    models: list[Path],
    annotations: Path,
    images: Path | None,
    classes: list[str] | None,
    rounds: int,
    output: Path,
) -> Path:
    from functools import partial

    from crossline.annotations.table import read_csv
    from crossline.benchmark.files import measure, tflite_files
    from crossline.benchmark.table import (
        plot_accuracy_and_latency,
        table_of,
        to_markdown,
    )
    from crossline.evaluate.ground_truth import ground_truth_of, judged_classes
    from crossline.evaluate.images import annotated_images
    from crossline.evaluate.report import short_names
    from crossline.files import replacing, write_text

    files = tflite_files(models)
    table = read_csv(annotations)
    truth = ground_truth_of(table, annotations)
    measured = measure(
        dict(zip(short_names(files), files, strict=True)),
        truth,
        partial(annotated_images, table, images or annotations.parent),
        judged_classes(truth, classes),
        rounds,
    )
    text = to_markdown(measured)
    write_text(
        output / "benchmark.csv", table_of(measured).to_csv(index=False)
    )
    write_text(output / "benchmark.md", text)
    with replacing(output / "benchmark.png") as draft:
        figure = plot_accuracy_and_latency(measured)
        figure.savefig(draft, format="png", dpi=150)
    print(text)
    done(f"Wrote {output}/benchmark.csv, benchmark.md and benchmark.png.")
    return output


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
