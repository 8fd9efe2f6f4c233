"""TFRecord shards from the annotation table, several at a time.

Threads, not processes: reading, hashing, decoding and encoding leave Python's
lock, and each process would import TensorFlow (seconds, 700 MB), whose writer
has the one fast crc32c among our packages. 478 COCO images took two processes
13 s, one thread 7 s, nearly all of it imports.
"""

import contextlib
import functools
import glob
import itertools
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf

from crossline.annotations.table import (
    NO_CLASS,
    Annotation,
    class_names,
    rows_of,
)
from crossline.errors import InputError
from crossline.progress import progress
from crossline.records.example import make_example
from crossline.records.images import encode_image
from crossline.records.label_map import LabelMap

_IMAGES_PER_SHARD = 100
_MOST_SHARDS = 100

Rows = Sequence[Annotation]
"""Of one image."""


@dataclass
class WrittenRecords:
    """What was written, and what was left out.

    Attributes:
        shards: the files.
        images: written, negatives included.
        negatives: images without an object.
        objects: per class.
        reencoded: images whose bytes are not the file's, by reason.
        skipped: the line of each image that could not be written.
    """

    shards: list[Path] = field(default_factory=list)
    images: int = 0
    negatives: int = 0
    objects: Counter[str] = field(default_factory=Counter)
    reencoded: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)

    def add(self, other: "WrittenRecords") -> None:
        """Adds the counts of another part."""
        self.shards = sorted([*self.shards, *other.shards])
        self.images += other.images
        self.negatives += other.negatives
        self.objects += other.objects
        self.reencoded += other.reencoded
        self.skipped = sorted([*self.skipped, *other.skipped])


def write_records(
    table: pd.DataFrame,
    source: Path,
    images: Path,
    label_map: LabelMap,
    output: Path,
    name: str,
    *,
    shards: int | None = None,
    workers: int | None = None,
    seed: int = 1,
    skip_bad: bool = False,
) -> WrittenRecords:
    """Writes a table and its images as shards of even size.

    An image is written as often as it `repeats`. All are shuffled by `seed`;
    the shards are the same whatever the number of workers. They take the
    place of all shards of the name together, at the end.

    Args:
        table: checked, see `crossline.annotations.table`.
        source: of the table, named in errors.
        images: folder that its filenames are relative to.
        label_map: of its classes.
        output: folder for the shards.
        name: theirs.
        shards: None for one per hundred images, a hundred at most; never
            more than there are images.
        workers: threads; None for one per core.
        seed: of the shuffle.
        skip_bad: leave images out that cannot be read, and list them.

    Raises:
        InputError: a class is not in the label map; an image is missing, or
            cannot be read, or has another size than annotated (unless
            `skip_bad`); no image is left.
    """
    check_classes(table, label_map, source)
    groups = _shuffled_images(table, seed)
    if not skip_bad:
        _require_images(groups, images)
    count = min(shards or _default_shards(len(groups)), len(groups))
    with (
        _replacing_shards(output, name) as folder,
        progress(groups, "writing records", unit="image") as bar,
    ):
        tasks = [
            functools.partial(
                _write_shard,
                groups[index::count],
                images,
                label_map,
                shard_path(folder, name, index, count),
                skip_bad,
                bar.update,
            )
            for index in range(count)
        ]
        written = _run_all(tasks, workers or os.cpu_count() or 1)
        if not written.images:
            reason = f", such as {written.skipped[0]}" if groups else ""
            raise InputError(source, f"no image of it can be written{reason}")
    written.shards = [output / shard.name for shard in written.shards]
    return written


def shard_path(folder: Path, name: str, index: int, count: int) -> Path:
    """Returns ``folder/NAME-00000-of-00010.tfrecord``."""
    return folder / f"{name}-{index:05d}-of-{count:05d}.tfrecord"


def check_classes(
    table: pd.DataFrame, label_map: LabelMap, source: Path
) -> None:
    """Makes sure that the label map has all classes of a table.

    A class that it lacks would lose its boxes in training, silently.

    Raises:
        InputError: it lacks one; `source` is where the table comes from.
    """
    for name in class_names(table):
        try:
            label_map.id_of(name)
        except KeyError as error:
            boxes = int((table["class"] == name).sum())
            raise InputError(
                source,
                f"{error.args[0]}, in {boxes} rows",
                remedy="rename the class or make another label map",
            ) from error


def _shuffled_images(table: pd.DataFrame, seed: int) -> list[Rows]:
    ordered = table.sort_values("filename", kind="stable")
    by_image = itertools.groupby(rows_of(ordered), lambda row: row.filename)
    groups = [
        rows
        for rows in (list(rows) for _, rows in by_image)
        for _ in range(rows[0].repeats)
    ]
    order = np.random.default_rng(seed).permutation(len(groups))
    return [groups[place] for place in order]


def _default_shards(images: int) -> int:
    return max(1, min(_MOST_SHARDS, images // _IMAGES_PER_SHARD))


def _require_images(groups: Sequence[Rows], images: Path) -> None:
    names = sorted({rows[0].filename for rows in groups})
    missing = [name for name in names if not (images / name).is_file()]
    if missing:
        raise InputError(
            images / missing[0],
            f"no such file; {len(missing)} of {len(names)} annotated images "
            "are missing",
            remedy="check --images, or pass --skip-bad",
        )


@contextlib.contextmanager
def _replacing_shards(output: Path, name: str) -> Iterator[Path]:
    """Yields a folder whose files replace all shards of `name` at the end.

    Those of an earlier run, of another count, would be read along.
    """
    draft = output / f".{name}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        yield draft
        pattern = f"{glob.escape(name)}-?????-of-?????.tfrecord"
        for stale in output.glob(pattern):
            stale.unlink()
        for shard in draft.iterdir():
            shard.replace(output / shard.name)
    finally:
        shutil.rmtree(draft)


def _run_all(
    tasks: Sequence[Callable[[], WrittenRecords]], workers: int
) -> WrittenRecords:
    written = WrittenRecords()
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(task) for task in tasks]
        try:
            for future in as_completed(futures):
                written.add(future.result())
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return written


def _write_shard(
    groups: Sequence[Rows],
    images: Path,
    label_map: LabelMap,
    path: Path,
    skip_bad: bool,
    advance: Callable[[], object],
) -> WrittenRecords:
    written = WrittenRecords([path])
    with tf.io.TFRecordWriter(str(path)) as writer:
        for rows in groups:
            advance()
            try:
                image = encode_image(images / rows[0].filename)
                example = make_example(rows, image, label_map)
            except InputError as error:
                if not skip_bad:
                    raise
                written.skipped.append(str(error))
                continue
            writer.write(example.SerializeToString(deterministic=True))
            names = [r.class_name for r in rows if r.class_name != NO_CLASS]
            written.images += 1
            written.negatives += not names
            written.objects.update(names)
            written.reencoded.update([image.reencoded] * bool(image.reencoded))
    return written
