"""Ground truth and images of TFRecords."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from crossline.annotations.table import BOX_COLUMNS, Annotation, table_of
from crossline.errors import InputError
from crossline.geometry import Image
from crossline.records.label_map import LabelMap
from crossline.records.read import Record, read_records


def recorded_table(
    files: Sequence[Path], label_map: LabelMap, source: Path
) -> pd.DataFrame:
    """Reads the annotation table back from records.

    Args:
        files: TFRecords, of the Object Detection API's schema.
        label_map: that they were written with.
        source: what the files were found by, named in errors.

    Raises:
        InputError: a file is damaged, an image is there twice, or the label
            map is another one.
    """
    rows: list[Annotation] = []
    seen: set[str] = set()
    for record in read_records(files):
        if record.filename in seen:
            raise InputError(
                source,
                f"image {record.filename} is there twice",
                remedy="name the shards of one set",
            )
        seen.add(record.filename)
        rows += _annotations(record, label_map, source)
    return table_of(rows)


def recorded_images(
    files: Sequence[Path], only: Collection[str] | None = None
) -> Iterator[tuple[str, Image]]:
    """Yields filename and RGB image of each record.

    Args:
        files: TFRecords.
        only: filenames to decode; all without it.

    Raises:
        InputError: a file is damaged, or an image cannot be decoded.
    """
    for record in read_records(files):
        if only is None or record.filename in only:
            yield record.filename, record.image()


def _annotations(
    record: Record, label_map: LabelMap, source: Path
) -> list[Annotation]:
    image = Annotation(
        record.filename,
        record.width,
        record.height,
        image_id=record.source_id,
    )
    objects = zip(
        _class_names(record, label_map, source),
        record.class_ids.tolist(),
        record.boxes.tolist(),
        record.is_crowd.tolist(),
        record.areas.tolist(),
        strict=True,
    )
    return [
        replace(
            image,
            class_name=class_name,
            class_id=class_id,
            **dict(zip(BOX_COLUMNS, box, strict=True)),
            is_crowd=bool(is_crowd),
            area=area,
        )
        for class_name, class_id, box, is_crowd, area in objects
    ] or [image]


def _class_names(
    record: Record, label_map: LabelMap, source: Path
) -> list[str]:
    """Names go by id, as in training; the text must not say otherwise."""
    names = [label_map.names.get(int(id_), "") for id_ in record.class_ids]
    texts = record.class_names or names
    for id_, name, text in zip(record.class_ids, names, texts, strict=True):
        if not name or name != text:
            raise InputError(
                source,
                f"class {id_} ({text or 'without a name'}) is "
                f"{name or 'not there'} in the label map",
                place=f"image {record.filename}",
                remedy="give the label map that the records were written with",
            )
    return names
