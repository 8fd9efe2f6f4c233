r"""How fast records are written: the tutorials' loop, ours, and a raw copy.

The images of a COCO folder are repeated, as hard links of other names, until
there are enough. In turns, and each from the CSV on: the loop that tutorials
teach (pandas' groupby, one file, one process, tf.io.TFRecordWriter), ours, and
the limit, which is reading the same files and writing their bytes to one. A
turn ends when the bytes are on the disk.

Ours also hashes each image and looks whether it is whole, as the loop does
not. TensorFlow's import, 4 s, is not held against the loop. The page cache
holds the images. Seconds of a core are told too: they hardly change when
others use the machine.

Expected of two workers: 3 times the loop, half of the copy.

Example:
    python benchmarks/records.py data/coco --workers 2
"""

import argparse
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossline.command_line import new_parser, positive_int, run_script


@dataclass(frozen=True)
class Turn:
    """Images per second, and seconds of a core per image."""

    speed: float
    busy: float


Turns = dict[str, list[Turn]]


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "coco", type=Path, help="folder with images/ and instances.json"
    )
    parser.add_argument(
        "--images", type=positive_int, default=10_000, help="at least so many"
    )
    parser.add_argument(
        "--workers", type=positive_int, default=2, help="our processes"
    )
    parser.add_argument(
        "--rounds", type=positive_int, default=3, help="turns of each"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()),
        help="for temporary files, some GB",
    )
    return parser


def run(
    coco: Path, images: int, workers: int, rounds: int, folder: Path
) -> Turns:
    import tensorflow as tf  # noqa: F401  (not on the loop's time)

    with tempfile.TemporaryDirectory(dir=folder) as name:
        scratch = Path(name)
        count = repeat_images(coco, scratch, images)
        size = sum(
            path.stat().st_size for path in (scratch / "images").iterdir()
        )
        print(f"{count} images, {size / 1e9:.2f} GB, {workers} workers")
        ways: dict[str, Callable[[Path], object]] = {
            "loop": write_by_loop,
            "ours": lambda at: write_by_us(at, workers),
            "copy": copy_bytes,
        }
        turns: Turns = {way: [] for way in ways}
        for _ in range(rounds):
            for way, write in ways.items():
                turns[way].append(timed(write, scratch, count))
            print(
                "  ".join(
                    f"{way} {of_way[-1].speed:6.0f} images/s"
                    for way, of_way in turns.items()
                ),
                flush=True,
            )
    report(turns, size / count)
    return turns


def report(turns: Turns, bytes_per_image: float) -> None:
    for way, of_way in turns.items():
        speed = statistics.median(turn.speed for turn in of_way)
        busy = statistics.median(turn.busy for turn in of_way)
        rate = speed * bytes_per_image / 1e6
        print(
            f"{way}: {speed:.0f} images/s, {rate:.0f} MB/s, "
            f"{1e3 * busy:.2f} ms of a core per image (medians)"
        )
    for other in ("loop", "copy"):
        ratios = [
            ours.speed / theirs.speed
            for ours, theirs in zip(turns["ours"], turns[other], strict=True)
        ]
        print(
            f"ours / {other}: {statistics.median(ratios):.2f} "
            f"({min(ratios):.2f} to {max(ratios):.2f})"
        )


def repeat_images(coco: Path, folder: Path, at_least: int) -> int:
    """Makes images/, train.csv and street.pbtxt; returns how many images."""
    import pandas as pd

    from crossline.annotations.coco import read_coco
    from crossline.annotations.table import class_names, has_box, write_csv
    from crossline.records.label_map import LabelMap, write_label_map

    table, _ = read_coco(coco / "instances.json")
    table = table[has_box(table)]
    names = table["filename"].unique().tolist()
    (folder / "images").mkdir()
    repeats = -(-at_least // len(names))
    for name in names:
        first = folder / "images" / f"0-{name}"
        shutil.copyfile(coco / "images" / name, first)
        for number in range(1, repeats):
            first.with_name(f"{number}-{name}").hardlink_to(first)
    tables = [
        table.assign(filename=f"{number}-" + table["filename"])
        for number in range(repeats)
    ]
    write_csv(pd.concat(tables), folder / "train.csv")
    labels = LabelMap.from_names(class_names(table))
    write_label_map(labels, folder / "labels.pbtxt")
    return repeats * len(names)


def timed(write: Callable[[Path], object], folder: Path, images: int) -> Turn:
    os.sync()
    start, busy = time.perf_counter(), busy_seconds()
    write(folder)
    os.sync()
    elapsed = time.perf_counter() - start
    busy = busy_seconds() - busy
    shutil.rmtree(folder / "records")
    return Turn(images / elapsed, busy / images)


def busy_seconds() -> float:
    """Returns what this process and its former children took of cores."""
    usages = map(
        resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def write_by_loop(folder: Path) -> None:
    """As tutorials have it since 2017."""
    import pandas as pd
    import tensorflow as tf

    from crossline.records.label_map import read_label_map

    ids = {
        name: id_
        for id_, name in read_label_map(folder / "labels.pbtxt").names.items()
    }
    table = pd.read_csv(folder / "train.csv")
    (folder / "records").mkdir()
    path = folder / "records" / "train.record"
    with tf.io.TFRecordWriter(str(path)) as writer:
        for filename, rows in table.groupby("filename"):
            image = folder / "images" / str(filename)
            example = tutorial_example(str(filename), rows, image, ids)
            writer.write(example.SerializeToString())


def tutorial_example(
    filename: str, rows: Any, path: Path, ids: dict[str, int]
) -> Any:
    import io

    import tensorflow as tf
    from PIL import Image

    with tf.io.gfile.GFile(str(path), "rb") as file:
        encoded = file.read()
    width, height = Image.open(io.BytesIO(encoded)).size
    edges: dict[str, list[float]] = {
        "xmin": [],
        "xmax": [],
        "ymin": [],
        "ymax": [],
    }
    names: list[bytes] = []
    labels: list[int] = []
    for _, row in rows.iterrows():
        for edge, values in edges.items():
            values.append(row[edge] / (width if edge[0] == "x" else height))
        names.append(row["class"].encode())
        labels.append(ids[row["class"]])

    def feature(**kind: Any) -> Any:
        return tf.train.Feature(**kind)

    def of_bytes(*values: bytes) -> Any:
        return feature(bytes_list=tf.train.BytesList(value=values))

    def of_ints(*values: int) -> Any:
        return feature(int64_list=tf.train.Int64List(value=values))

    features = {
        "image/height": of_ints(height),
        "image/width": of_ints(width),
        "image/filename": of_bytes(filename.encode()),
        "image/source_id": of_bytes(filename.encode()),
        "image/encoded": of_bytes(encoded),
        "image/format": of_bytes(b"jpg"),
        "image/object/class/text": of_bytes(*names),
        "image/object/class/label": of_ints(*labels),
    }
    for edge, values in edges.items():
        features[f"image/object/bbox/{edge}"] = feature(
            float_list=tf.train.FloatList(value=values)
        )
    return tf.train.Example(features=tf.train.Features(feature=features))


def write_by_us(folder: Path, workers: int) -> None:
    from crossline.annotations.compact import read_compact
    from crossline.records.label_map import read_label_map
    from crossline.records.write import write_records

    csv = folder / "train.csv"
    write_records(
        read_compact(csv),
        csv,
        folder / "images",
        read_label_map(folder / "labels.pbtxt"),
        folder / "records",
        "train",
        workers=workers,
    )


def copy_bytes(folder: Path) -> None:
    (folder / "records").mkdir()
    with (folder / "records" / "all").open("wb") as file:
        for path in sorted((folder / "images").iterdir()):
            file.write(path.read_bytes())


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
