"""One shard: what a worker process writes, and knows to be finished.

A finished shard stands in the drafts' folder with a note of what went in
(a digest of its rows, classes, and the size and time of each image file) and
what came out. Where the note still holds, the shard is not written again.
Nothing here imports pandas or TensorFlow: a worker starts in 0.2 s.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crossline.annotations.annotation import Annotation
from crossline.errors import InputError
from crossline.files import replacing, write_text
from crossline.records.example import serialize_example
from crossline.records.images import encode_image
from crossline.records.label_map import LabelMap
from crossline.records.rows import ImageRows
from crossline.records.tfrecord import write_record
from crossline.records.written import WrittenRecords

_INPUTS, _SIZE, _WRITTEN = "inputs", "size", "written"


@dataclass(frozen=True)
class Shard:
    """What goes into a shard, and where it goes.

    Attributes:
        rows: of its images, in the order of writing.
        images: folder that their filenames are relative to.
        label_map: of their classes.
        draft: where it is written.
        final: where it is moved, with all others, at the end.
        skip_bad: leave images out that cannot be read, and list them.
    """

    rows: ImageRows
    images: Path
    label_map: LabelMap
    draft: Path
    final: Path
    skip_bad: bool


def note_path(draft: Path) -> Path:
    """Returns where the note of a finished shard stands."""
    return draft.with_suffix(".json")


def write_shard(shard: Shard) -> WrittenRecords:
    """Writes a shard, unless it is finished already.

    Raises:
        InputError: an image is missing, cannot be read, or has another size
            than annotated, unless `skip_bad`.
    """
    inputs = _digest(shard)
    finished = _finished(shard, inputs)
    if finished:
        return finished
    written = WrittenRecords()
    note_path(shard.draft).unlink(missing_ok=True)
    with replacing(shard.draft) as draft:
        with draft.open("wb") as file:
            for rows in shard.rows:
                _write_image(rows, shard, file, written)
            file.flush()
            # Begins to write to the disk now, while the next shard is made.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        size = draft.stat().st_size
    note = {_INPUTS: inputs, _SIZE: size, _WRITTEN: written.to_json()}
    write_text(note_path(shard.draft), json.dumps(note))
    return written


def _write_image(
    rows: list[Annotation],
    shard: Shard,
    file: BinaryIO,
    written: WrittenRecords,
) -> None:
    try:
        image = encode_image(shard.images / rows[0].filename)
        parts = serialize_example(rows, image, shard.label_map)
    except InputError as error:
        if not shard.skip_bad:
            raise
        written.skipped.append(str(error))
        return
    write_record(file, *parts)
    written.add_image(rows, image.reencoded)


def _digest(shard: Shard) -> str:
    digest = hashlib.sha256(repr(shard.label_map).encode())
    for column in (*shard.rows.columns, shard.rows.counts):
        is_text = column.dtype == object
        digest.update(
            "\0".join(column).encode() if is_text else column.tobytes()
        )
    for filename in shard.rows.filenames():
        try:
            state = (shard.images / filename).stat()
        except OSError:
            digest.update(b"missing ")
        else:
            digest.update(b"%d %d " % (state.st_size, state.st_mtime_ns))
    return digest.hexdigest()


def _finished(shard: Shard, inputs: str) -> WrittenRecords | None:
    """Returns what an earlier run wrote, if that is what is wanted."""
    try:
        note = json.loads(note_path(shard.draft).read_text("utf-8"))
    except FileNotFoundError:
        return None
    # A run that was killed at its very end has moved it already.
    file = shard.draft if shard.draft.exists() else shard.final
    is_there = file.exists() and file.stat().st_size == note[_SIZE]
    written = WrittenRecords.from_json(note[_WRITTEN])
    if not is_there or note[_INPUTS] != inputs:
        return None
    if written.skipped and not shard.skip_bad:
        return None
    written.resumed = 1
    return written
