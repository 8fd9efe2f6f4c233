"""Pascal VOC XML, a file per image, both ways.

Boxes are ``xmin, ymin, xmax, ymax`` in pixels. VOC's own files count pixels
from 1 and mean the last one inclusively; labelImg and the TensorFlow tools
write edges from 0. Ours are read and written as those, without an offset.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

import pandas as pd
from lxml import etree

from crossline.annotations.boxes import take_box
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
from crossline.progress import progress


def read_voc(folder: Path) -> tuple[pd.DataFrame, Counter[str]]:
    """Reads every ``*.xml`` of a folder.

    Returns:
        The annotation table, and how many boxes were left out by reason.

    Raises:
        InputError: there is none; one is malformed or lacks a part; or two
            annotate one image.
    """
    paths = sorted(require_folder(folder).glob("*.xml"))
    if not paths:
        raise InputError(folder, "holds no .xml files")
    left_out: Counter[str] = Counter()
    source: dict[str, Path] = {}
    rows: list[Annotation] = []
    for path in progress(paths, "reading XML", unit="file"):
        of_file = _read_file(path, left_out)
        filename = of_file[0].filename
        if filename in source:
            raise InputError(
                path, f"annotates {filename} as {source[filename]} does"
            )
        source[filename] = path
        rows += of_file
    table = table_of(rows)
    check_table(table, folder, first_line=1)
    return table, left_out


def write_voc(table: pd.DataFrame, folder: Path) -> None:
    """Writes an XML per image, named like it; the folder appears whole."""
    with replacing(folder) as draft:
        draft.mkdir()
        for filename, rows in table.groupby("filename", sort=False):
            tree = etree.ElementTree(_element(list(rows_of(rows))))
            path = draft / Path(str(filename)).with_suffix(".xml").name
            tree.write(str(path), pretty_print=True, encoding="utf-8")


def _read_file(path: Path, left_out: Counter[str]) -> list[Annotation]:
    require_file(path)
    try:
        root = etree.parse(str(path)).getroot()
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise InputError(
            path,
            f"is not XML ({error.msg})",
            place=f"line {line} column {column}",
        ) from error
    # Tools on Windows write whole paths with backslashes.
    filename = PureWindowsPath(_text(root, "filename", path)).name
    width = int(_number(root, "size/width", path))
    height = int(_number(root, "size/height", path))
    rows = []
    for element in root.findall("object"):
        xmin, ymin, xmax, ymax = (
            _number(element, f"bndbox/{name}", path) for name in BOX_COLUMNS
        )
        edges = take_box((xmin, ymin, xmax, ymax), width, height, left_out)
        if edges is None:
            continue
        rows.append(
            Annotation(
                filename,
                width,
                height,
                _text(element, "name", path),
                0,
                *edges,
                difficult=element.findtext("difficult", "0").strip() == "1",
            )
        )
    return rows or [Annotation(filename, width, height)]


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
