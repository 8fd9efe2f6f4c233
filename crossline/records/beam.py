"""The same Examples through an Apache Beam pipeline, on any runner.

One worker reads the CSV, whose rows are few bytes; the images are spread over
all. What is read and written may lie wherever Beam's filesystems reach.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from crossline.annotations.annotation import Annotation
from crossline.annotations.compact import read_compact
from crossline.errors import InputError
from crossline.records.example import serialize_example
from crossline.records.images import encode_bytes
from crossline.records.label_map import LabelMap
from crossline.records.rows_by_image import RowsByImage
from crossline.records.write import check_classes, shard_count
from crossline.records.written import WrittenRecords, total_of

_Encoded = tuple[list[bytes], WrittenRecords]
_SUFFIX = ".tfrecord"
_WRITTEN = "written.json"


def write_with_beam(
    csv: str,
    images: str,
    label_map: LabelMap,
    output: str,
    name: str,
    *,
    runner: str,
    options: Sequence[str] = (),
    shards: int | None = None,
    skip_bad: bool = False,
) -> WrittenRecords:
    """Writes a table and its images as shards, as `write_records` does.

    The set of Examples is the same to the byte; which one is in which shard
    is the runner's choice. Shards of an earlier run are replaced at the end.

    Args:
        csv: path or URL, such as ``gs://bucket/train.csv``.
        images: folder that its filenames are relative to, or its URL.
        label_map: of its classes.
        output: folder for the shards, or its URL.
        name: theirs.
        runner: as Beam names it, such as ``DirectRunner``.
        options: Beam's, ``NAME=VALUE`` each, or ``NAME`` of a flag.
        shards: see `write_records`.
        skip_bad: see `write_records`.

    Raises:
        InputError: as `write_records`.
    """
    from apache_beam.io.filesystems import FileSystems

    _require_runner(runner)
    table = _read(csv)
    check_classes(table, label_map, Path(csv))
    total = int(RowsByImage(table).repeats.sum())
    draft = FileSystems.join(output, f".{name}.beam")
    with _folder(draft):
        _run(
            [f"--runner={runner}", *(f"--{option}" for option in options)],
            csv,
            images,
            label_map,
            FileSystems.join(draft, name),
            shard_count(total, shards),
        )
        with FileSystems.open(FileSystems.join(draft, _WRITTEN)) as file:
            written = WrittenRecords.from_json(file.read().decode())
        _require_good(written, csv, skip_bad)
        moved = _move_shards(draft, output, name)
    written.shards = [Path(file) for file in sorted(moved)]
    return written


def _require_runner(runner: str) -> None:
    from apache_beam.runners.runner import create_runner

    try:
        create_runner(runner)
    except (ValueError, ImportError) as error:
        raise InputError(f"--runner {runner}", str(error)) from error


def _run(
    options: list[str],
    csv: str,
    images: str,
    label_map: LabelMap,
    prefix: str,
    shards: int,
) -> None:
    import apache_beam as beam
    from apache_beam.io.filesystems import FileSystems
    from apache_beam.options.pipeline_options import PipelineOptions

    written = FileSystems.join(FileSystems.split(prefix)[0], _WRITTEN)
    with beam.Pipeline(options=PipelineOptions(options)) as pipeline:
        encoded = (
            pipeline
            | beam.Create([csv])
            | "Read rows" >> beam.FlatMap(_images_of)
            | beam.Reshuffle()
            | "Encode" >> beam.Map(_encode, images, label_map)
        )
        _ = (
            encoded
            | "Examples" >> beam.FlatMap(_examples)
            | beam.io.WriteToTFRecord(
                prefix,
                coder=beam.coders.BytesCoder(),
                file_name_suffix=_SUFFIX,
                num_shards=shards,
            )
        )
        _ = (
            encoded
            | "Counts" >> beam.Map(_counts)
            | beam.CombineGlobally(total_of)
            | "To JSON" >> beam.Map(WrittenRecords.to_json)
            | beam.io.WriteToText(
                written, num_shards=1, shard_name_template=""
            )
        )


def _images_of(csv: str) -> Iterator[list[Annotation]]:
    by_image = RowsByImage(_read(csv))
    for image, repeats in enumerate(by_image.repeats.tolist()):
        for rows in by_image.take([image]):
            for _ in range(repeats):
                yield rows


def _encode(
    rows: list[Annotation], images: str, label_map: LabelMap
) -> _Encoded:
    written = WrittenRecords()
    try:
        image = encode_bytes(*_read_image(images, rows[0].filename))
        parts = serialize_example(rows, image, label_map)
    except InputError as error:
        written.skipped.append(str(error))
        return [], written
    written.add_image(rows, image.reencoded)
    return [b"".join(parts)], written


def _examples(encoded: _Encoded) -> list[bytes]:
    return encoded[0]


def _counts(encoded: _Encoded) -> WrittenRecords:
    return encoded[1]


def _read_image(images: str, filename: str) -> tuple[bytes, str]:
    """Returns an image's bytes and its path or URL."""
    from apache_beam.io.filesystem import CompressionTypes
    from apache_beam.io.filesystems import FileSystems

    url = FileSystems.join(images, filename)
    try:
        with FileSystems.open(
            url, compression_type=CompressionTypes.UNCOMPRESSED
        ) as file:
            data: bytes = file.read()
            return data, url
    except OSError as error:
        raise InputError(url, f"no such file ({error})") from error


def _read(csv: str) -> pd.DataFrame:
    from apache_beam.io.filesystems import FileSystems

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, Path(csv).name)
        try:
            with FileSystems.open(csv) as file, copy.open("wb") as local:
                shutil.copyfileobj(file, local)
        except (OSError, ValueError) as error:
            # ValueError: no filesystem of Beam's takes such a URL.
            raise InputError(csv, f"no such file ({error})") from error
        try:
            return read_compact(copy)
        except InputError as error:
            # By its own name, not the copy's.
            problem = str(error).removeprefix(str(copy)).lstrip(": ")
            raise InputError(csv, problem) from error


def _require_good(written: WrittenRecords, csv: str, skip_bad: bool) -> None:
    skipped = written.skipped
    if skipped and not skip_bad:
        raise InputError(
            csv,
            f"{len(skipped)} images of it cannot be written, such as "
            f"{skipped[0]}",
            remedy="or pass --skip-bad",
        )
    if not written.images:
        reason = f", such as {skipped[0]}" if skipped else ""
        raise InputError(csv, f"no image of it can be written{reason}")


@contextlib.contextmanager
def _folder(url: str) -> Iterator[None]:
    """Makes a folder, empty, and removes it at the end."""
    from apache_beam.io.filesystems import FileSystems

    if FileSystems.exists(url):
        FileSystems.delete([url])
    FileSystems.mkdirs(url)
    try:
        yield
    finally:
        FileSystems.delete([url])


def _move_shards(draft: str, output: str, name: str) -> list[str]:
    """Replaces all shards of a name by those in `draft`; returns them."""
    from apache_beam.io.filesystems import FileSystems

    pattern = f"{name}-?????-of-?????{_SUFFIX}"
    new, stale = (
        [found.path for found in matched.metadata_list]
        for matched in FileSystems.match(
            [FileSystems.join(folder, pattern) for folder in (draft, output)]
        )
    )
    if stale:
        FileSystems.delete(stale)
    final = [
        FileSystems.join(output, FileSystems.split(shard)[1]) for shard in new
    ]
    FileSystems.rename(new, final)
    return final
