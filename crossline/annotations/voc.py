"""Pascal VOC XML, a file per image, both ways.

Boxes are ``xmin, ymin, xmax, ymax`` in pixels. VOC's own files count pixels
from 1 and mean the last one inclusively; labelImg and the TensorFlow tools
write edges from 0. Ours are read and written as those, without an offset.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath, PureWindowsPath

import pandas as pd
from lxml import etree

from crossline.annotations.boxes import usable_boxes
from crossline.annotations.table import (
    BOX_COLUMNS,
    NO_CLASS,
    Annotation,
    check_table,
    rows_of,
    table_of,
)
from crossline.errors import InputError
from crossline.files import replacing, require_file, require_folder
from crossline.image_files import image_size
from crossline.progress import progress


def read_voc(
    folder: Path, images: Path | None = None
) -> tuple[pd.DataFrame, Counter[str]]:
    """Reads every ``*.xml`` of a folder.

    Args:
        folder: of the XML files.
        images: where to look for the size of an image whose XML does not
            tell; `folder` when None.

    Returns:
        The annotation table, and how many boxes were left out by reason.

    Raises:
        InputError: there is none; one is malformed or lacks a part; or two
            annotate one image.
    """
    paths = sorted(require_folder(folder).glob("*.xml"))
    if not paths:
        raise InputError(folder, "holds no .xml files")
    source: dict[str, Path] = {}
    rows: list[Annotation] = []
    for path in progress(paths, "reading XML", unit="file"):
        of_file = _read_file(path, images or folder)
        filename = of_file[0].filename
        if filename in source:
            raise InputError(
                path, f"annotates {filename} as {source[filename]} does"
            )
        source[filename] = path
        rows += of_file
    table, left_out = usable_boxes(table_of(rows))
    check_table(table, folder)
    return table, left_out


def write_voc(table: pd.DataFrame, folder: Path) -> None:
    """Writes an XML per image, named like it; `folder` is replaced whole.

    Raises:
        InputError: two images would share an XML.
    """
    with replacing(folder) as draft:
        draft.mkdir()
        for filename, rows in table.groupby("filename", sort=False):
            path = draft / f"{PurePath(str(filename)).stem}.xml"
            if path.exists():
                raise InputError(
                    folder / path.name,
                    f"belongs to {filename} and to another image",
                    remedy="rename one of them",
                )
            tree = etree.ElementTree(_element(list(rows_of(rows))))
            tree.write(str(path), pretty_print=True, encoding="utf-8")


def _read_file(path: Path, images: Path) -> list[Annotation]:
    root = _parse(path)
    # Tools on Windows write whole paths with backslashes.
    filename = PureWindowsPath(_text(root, "filename", path)).name
    empty = Annotation(filename, *_size(root, images / filename, path))
    rows = [
        _object(element, empty, path) for element in root.findall("object")
    ]
    return rows or [empty]


def _parse(path: Path) -> etree._Element:
    require_file(path)
    try:
        parser = etree.XMLParser(resolve_entities=False)
        return etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise InputError(
            path,
            f"is not XML ({error.msg})",
            place=f"line {line} column {column}",
        ) from error


def _size(root: etree._Element, image: Path, path: Path) -> tuple[int, int]:
    """Returns width and height; those of the image where there are none."""
    sizes = [
        _number(root, name, path) if root.findtext(name) else 0
        for name in ("size/width", "size/height")
    ]
    if all(math.isfinite(size) and size >= 1 for size in sizes):
        return round(sizes[0]), round(sizes[1])
    if image.is_file():
        return image_size(image)
    raise InputError(
        path,
        f"tells no size, and there is no image {image}",
        remedy="name the folder of the images by --images",
    )


def _object(
    element: etree._Element, empty: Annotation, path: Path
) -> Annotation:
    xmin, ymin, xmax, ymax = (
        _number(element, f"bndbox/{name}", path) for name in BOX_COLUMNS
    )
    difficult = (element.findtext("difficult") or "").strip()
    return replace(
        empty,
        class_name=_text(element, "name", path),
        xmin=xmin,
        ymin=ymin,
        xmax=xmax,
        ymax=ymax,
        difficult=difficult.lower() in ("1", "true"),
    )


def _text(element: etree._Element, name: str, path: Path) -> str:
    text = (element.findtext(name) or "").strip()
    if not text:
        raise InputError(
            path,
            f"<{element.tag}> has no {name}",
            place=f"line {element.sourceline}",
        )
    return text


def _number(element: etree._Element, name: str, path: Path) -> float:
    text = _text(element, name, path)
    try:
        return float(text)
    except ValueError:
        raise InputError(
            path,
            f"{name} is {text!r}, not a number",
            place=f"line {element.sourceline}",
        ) from None


def _element(rows: Sequence[Annotation]) -> etree._Element:
    root = etree.Element("annotation")
    _add(root, "filename", rows[0].filename)
    size = etree.SubElement(root, "size")
    _add(size, "width", rows[0].width)
    _add(size, "height", rows[0].height)
    _add(size, "depth", 3)
    for row in rows:
        if row.class_name == NO_CLASS:
            continue
        element = etree.SubElement(root, "object")
        _add(element, "name", row.class_name)
        _add(element, "difficult", int(row.difficult))
        box = etree.SubElement(element, "bndbox")
        for name in BOX_COLUMNS:
            _add(box, name, f"{getattr(row, name):.10g}")
    return root


def _add(parent: etree._Element, name: str, value: object) -> None:
    etree.SubElement(parent, name).text = str(value)
