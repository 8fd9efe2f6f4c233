"""TFRecord shards from the annotation table, several processes at a time."""

import multiprocessing
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf

from crossline.annotations.table import class_names, has_box
from crossline.errors import InputError
from crossline.files import replacing
from crossline.progress import progress
from crossline.records.example import make_example
from crossline.records.images import encode_image
from crossline.records.label_map import LabelMap

_IMAGES_PER_SHARD = 100
_MOST_SHARDS = 100


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
        self.skipped += other.skipped


def shard_path(folder: Path, name: str, index: int, count: int) -> Path:
    """Returns ``folder/NAME-00000-of-00010.tfrecord``."""
    return folder / f"{name}-{index:05d}-of-{count:05d}.tfrecord"


def write_records(
    table: pd.DataFrame,
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

    The images are shuffled by `seed`; the shards are the same whatever the
    number of workers. Each appears whole or not at all.

    Args:
        table: checked, see `crossline.annotations.table`.
        images: folder that its filenames are relative to.
        label_map: of its classes.
        output: folder for the shards.
        name: theirs.
        shards: None for one per hundred images, a hundred at most.
        workers: processes; None for one per core.
        seed: of the shuffle.
        skip_bad: leave images out that cannot be read, and list them.

    Raises:
        InputError: a class is not in the label map; an image is missing; or,
            unless `skip_bad`, cannot be read.
    """
    _check_classes(table, label_map)
    groups = [rows for _, rows in table.groupby("filename", sort=True)]
    if not groups:
        raise InputError(output, "there are no images to write")
    if not skip_bad:
        _check_presence(groups, images)
    order = np.random.default_rng(seed).permutation(len(groups))
    count = shards or min(
        _MOST_SHARDS, max(1, len(groups) // _IMAGES_PER_SHARD)
    )
    _remove_stale(output, name)
    tasks = [
        (
            [groups[place] for place in order[index::count]],
            images,
            label_map,
            shard_path(output, name, index, count),
            skip_bad,
        )
        for index in range(count)
    ]
    workers = min(workers or os.cpu_count() or 1, count)
    written = WrittenRecords()
    if workers == 1:
        for task in progress(tasks, "writing records", unit="shard"):
            written.add(_write_shard(*task))
        return written
    # Forking a process in which TensorFlow has threads can hang it.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context) as pool:
        futures = [pool.submit(_write_shard, *task) for task in tasks]
        done = as_completed(futures)
        try:
            for future in progress(done, "writing records", count, "shard"):
                written.add(future.result())
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return written


def _write_shard(
    groups: Sequence[pd.DataFrame],
    images: Path,
    label_map: LabelMap,
    path: Path,
    skip_bad: bool,
) -> WrittenRecords:
    written = WrittenRecords([path])
    with (
        replacing(path) as draft,
        tf.io.TFRecordWriter(str(draft)) as writer,
    ):
        for rows in groups:
            try:
                image = encode_image(images / rows["filename"].iloc[0])
                example = make_example(rows, image, label_map)
            except InputError as error:
                if not skip_bad:
                    raise
                written.skipped.append(str(error))
                continue
            writer.write(example.SerializeToString(deterministic=True))
            classes = rows.loc[has_box(rows), "class"]
            written.images += 1
            written.negatives += classes.empty
            written.objects.update(classes)
            if image.reencoded:
                written.reencoded[image.reencoded] += 1
    return written


def _check_classes(table: pd.DataFrame, label_map: LabelMap) -> None:
    for name in class_names(table):
        try:
            label_map.id_of(name)
        except KeyError as error:
            raise InputError(
                "the annotations",
                str(error.args[0]),
                remedy="rename the class or make another label map",
            ) from error


def _check_presence(groups: Sequence[pd.DataFrame], images: Path) -> None:
    missing = [
        path
        for rows in groups
        if not (path := images / rows["filename"].iloc[0]).is_file()
    ]
    if missing:
        more = f" ({len(missing) - 1} more)" if len(missing) > 1 else ""
        raise InputError(
            missing[0],
            f"no such image{more}",
            remedy="check --images, or pass --skip-bad",
        )


def _remove_stale(output: Path, name: str) -> None:
    """Shards of an earlier run, of another count, would be read along."""
    for path in output.glob(f"{name}-?????-of-?????.tfrecord"):
        path.unlink()
