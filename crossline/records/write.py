"""TFRecord shards from the annotation table, several at a time.

A run that was killed left the shards that it had finished in a hidden folder
beside the output; the same command goes on from there, to the same bytes.
"""

import contextlib
import glob
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crossline.annotations.table import class_names
from crossline.errors import InputError
from crossline.progress import progress
from crossline.records.label_map import LabelMap
from crossline.records.pool import WorkerKilledError, run_in_processes
from crossline.records.rows_by_image import RowsByImage
from crossline.records.shard import Shard, note_path, write_shard
from crossline.records.written import WrittenRecords
from crossline.run_folders import only_run_in

_IMAGES_PER_SHARD = 100
_MOST_SHARDS = 100

Numbers = npt.NDArray[np.int64]


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
        table: checked, see `crossline.annotations.table`; of a million rows,
            as `crossline.annotations.compact` reads it.
        source: of the table, named in errors.
        images: folder that its filenames are relative to.
        label_map: of its classes.
        output: folder for the shards.
        name: theirs.
        shards: None for one per hundred images, a hundred at most; never
            more than there are images.
        workers: processes, of which each writes a shard at a time; None for
            one per core.
        seed: of the shuffle.
        skip_bad: leave images out that cannot be read, and list them.

    Raises:
        InputError: a class is not in the label map; an image is missing, or
            cannot be read, or has another size than annotated (unless
            `skip_bad`); no image is left; another run writes these shards,
            or a worker was killed.
    """
    check_classes(table, label_map, source)
    by_image = RowsByImage(table)
    if not skip_bad:
        _require_images(by_image.filenames.tolist(), images)
    parts = deal_images(by_image.repeats, seed, shards)
    names = [
        shard_name(name, number, len(parts)) for number in range(len(parts))
    ]
    written = WrittenRecords()
    with _replacing_shards(output, name, names) as drafts:
        made = (
            Shard(
                by_image.take(part),
                images,
                label_map,
                drafts / file,
                output / file,
                skip_bad,
            )
            for part, file in zip(parts, names, strict=True)
        )
        most = min(workers or os.cpu_count() or 1, max(1, len(parts)))
        total = sum(map(len, parts))
        with progress(range(total), "writing records", unit="image") as bar:
            for of_shard in run_in_processes(write_shard, made, most):
                written.add(of_shard)
                bar.update(of_shard.images + len(of_shard.skipped))
        if not written.images:
            reason = f", such as {written.skipped[0]}" if total else ""
            raise InputError(source, f"no image of it can be written{reason}")
    written.shards = [output / file for file in names]
    return written


def deal_images(
    repeats: npt.NDArray[Any], seed: int, shards: int | None
) -> list[Numbers]:
    """Shuffles images and deals them out to shards.

    Args:
        repeats: ``(images,)``, how often each is written.
        seed: of the shuffle.
        shards: see `write_records`.

    Returns:
        The numbers of each shard's images, in the order of writing.
    """
    written = np.repeat(np.arange(len(repeats)), repeats)
    shuffled = np.random.default_rng(seed).permutation(written)
    count = shard_count(len(written), shards)
    return [shuffled[number::count] for number in range(count)]


def shard_count(images: int, asked: int | None) -> int:
    """Returns how many shards images make; `asked` as in `write_records`."""
    usual = max(1, min(_MOST_SHARDS, images // _IMAGES_PER_SHARD))
    return min(asked or usual, images)


def shard_name(name: str, number: int, count: int) -> str:
    """Returns ``NAME-00000-of-00010.tfrecord``."""
    return f"{name}-{number:05d}-of-{count:05d}.tfrecord"


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


def _require_images(names: list[str], images: Path) -> None:
    missing = [name for name in names if not (images / name).is_file()]
    if missing:
        raise InputError(
            images / missing[0],
            f"no such file; {len(missing)} of {len(names)} annotated images "
            "are missing",
            remedy="check --images, or pass --skip-bad",
        )


@contextlib.contextmanager
def _replacing_shards(
    output: Path, name: str, files: list[str]
) -> Iterator[Path]:
    """Yields a folder whose `files` replace all shards of `name` at the end.

    Those of an earlier run, of another count, would be read along. The folder
    stays only where the run was interrupted or killed, for the next one.
    """
    drafts = output / f".{name}.part"
    with only_run_in(drafts):
        wanted = {*files, *(note_path(Path(file)).name for file in files)}
        for path in drafts.iterdir():
            if path.name not in wanted:
                path.unlink()
        try:
            yield drafts
        except WorkerKilledError as error:
            raise InputError(
                output,
                "a worker was killed, perhaps for want of memory",
                remedy="run it again to go on, with fewer --workers",
            ) from error
        except Exception:
            shutil.rmtree(drafts)
            raise
        pattern = f"{glob.escape(name)}-?????-of-?????.tfrecord"
        for shard in output.glob(pattern):
            if shard.name not in wanted:
                shard.unlink()
        for file in files:
            # Where the last run was killed here, some are moved already.
            with contextlib.suppress(FileNotFoundError):
                (drafts / file).replace(output / file)
        shutil.rmtree(drafts)
