"""The formats of annotations: how each is told, read and written."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crossline.annotations.coco import read_coco, write_coco
from crossline.annotations.csv_text import known_names
from crossline.annotations.foreign_csv import read_foreign_csv
from crossline.annotations.linkedai import read_linkedai, write_linkedai
from crossline.annotations.table import BOX_COLUMNS, write_csv
from crossline.annotations.voc import read_voc, write_voc
from crossline.annotations.yolo import read_yolo, write_yolo
from crossline.annotations.yolo_layout import (
    NAMES_FILES,
    find_description,
    names_classes,
)

Read = tuple[pd.DataFrame, Counter[str]]
"""A table, and what of the source is not in it, by reason."""
_HEAD = 100_000
"""Bytes that are looked at to tell a format; of COCO's, all."""


@dataclass(frozen=True)
class Format:
    """A format of annotations.

    Attributes:
        name: on the command line.
        title: in sentences.
        looks: what it is known by.
        is_folder: whether it is written as a folder of files.
        fits: tells by its contents whether a file, or a folder that is one
            data set, is of this format.
        read: takes it and the folder of the images, where that is known.
        write: takes a table, the file or folder to write, and the folder of
            the images, where they are to go along.
        holds: what it can tell beyond names, sizes, classes and boxes; see
            `crossline.annotations.losses`.
    """

    name: str
    title: str
    looks: str
    is_folder: bool
    fits: Callable[[Path], bool]
    read: Callable[[Path, Path | None], Read]
    write: Callable[[pd.DataFrame, Path, Path | None], None]
    holds: frozenset[str]


def _is_coco(path: Path) -> bool:
    if not _starts(path, rb"\{"):
        return False
    # Of files of hundreds of megabytes, annotations may come last.
    data = path.read_bytes()
    return all(
        re.search(rb'"%s"\s*:' % name, data)
        for name in (b"images", b"annotations")
    )


def _is_linkedai(path: Path) -> bool:
    return _starts(path, rb"\[") and all(
        name in _head(path) for name in (b'"image"', b'"tags"')
    )


def _is_voc(path: Path) -> bool:
    if path.is_dir():
        found = (each for each in path.rglob("*.xml") if each.is_file())
        return any(map(_is_voc, sorted(found)))
    return _starts(path, b"<") and (
        re.search(rb"<annotation[\s>]", _head(path)) is not None
    )


def _is_yolo(path: Path) -> bool:
    if path.is_file():
        return names_classes(path)
    found = find_description(path)
    # labelImg leaves its list of classes beside XML files, too.
    is_list = found is not None and found.name in NAMES_FILES
    return found is not None and not (is_list and any(path.glob("*.xml")))


def _is_csv(path: Path) -> bool:
    if path.is_dir():
        return False
    first, *_ = [*_head(path).decode("utf-8-sig", "replace").splitlines(), ""]
    try:
        names = known_names(next(csv.reader([first]), []))
    except csv.Error:
        return False
    return {"filename", "class", *BOX_COLUMNS} <= set(names)


def _starts(path: Path, pattern: bytes) -> bool:
    """Tells whether a file's first character, but for space, is this one."""
    if path.is_dir():
        return False
    return re.match(rb"(\xef\xbb\xbf)?\s*" + pattern, _head(path)) is not None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


FORMATS = {
    known.name: known
    for known in (
        Format(
            name="coco",
            title="COCO",
            looks="a JSON object with images and annotations",
            is_folder=False,
            fits=_is_coco,
            read=lambda path, _: read_coco(path),
            write=lambda table, path, _: write_coco(table, path),
            holds=frozenset(
                "size image_id class_id class_index is_crowd area "
                "supercategory empty_class".split()
            ),
        ),
        Format(
            name="linkedai",
            title="LinkedAI",
            looks="a JSON list of items with image and tags",
            is_folder=False,
            fits=_is_linkedai,
            read=lambda path, _: read_linkedai(path),
            write=lambda table, path, _: write_linkedai(table, path),
            holds=frozenset(["size", "image_id", "image_id_text"]),
        ),
        Format(
            name="yolo",
            title="YOLO",
            looks="data.yaml with names, or a folder with it, classes.txt or "
            "obj.names",
            is_folder=True,
            fits=_is_yolo,
            read=read_yolo,
            write=write_yolo,
            holds=frozenset(["class_index", "split", "empty_class"]),
        ),
        Format(
            name="voc",
            title="Pascal VOC",
            looks="XML files with an <annotation>",
            is_folder=True,
            fits=_is_voc,
            read=read_voc,
            write=lambda table, path, _: write_voc(table, path),
            holds=frozenset(
                "size difficult split truncated occluded pose".split()
            ),
        ),
        Format(
            name="csv",
            title="CSV",
            looks="columns filename, class, xmin, ymin, xmax, ymax",
            is_folder=False,
            fits=_is_csv,
            read=read_foreign_csv,
            write=lambda table, path, _: write_csv(table, path),
            holds=frozenset(
                "size image_id image_id_text class_id class_index "
                "class_id_shared is_crowd area difficult repeats split "
                "truncated occluded pose".split()
            ),
        ),
    )
}
"""By name, in the order in which they are tried."""
