"""Pascal VOC XML, a file per image, both ways.

Boxes are ``xmin, ymin, xmax, ymax`` in pixels. VOC's own files count pixels
from 1 and mean the last one inclusively; labelImg and the TensorFlow tools
write edges from 0. Ours are read and written as those, without an offset.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from lxml import etree

from crossline.annotations.boxes import usable_boxes
from crossline.annotations.image_paths import inner_path, is_image
from crossline.annotations.table import (
    BOX_COLUMNS,
    NO_CLASS,
    OBJECT_COLUMNS,
    OPTIONAL_COLUMNS,
    Annotation,
    check_table,
    rows_by_image,
    table_of,
)
from crossline.annotations.voc_layout import (
    Layout,
    find_layout,
    with_suffix,
)
from crossline.errors import InputError
from crossline.files import replacing, require_file
from crossline.image_files import image_size
from crossline.progress import progress

_NO_POSE = "Unspecified"
_TRUE = ("1", "1.0", "true", "yes")
_FALSE = ("", "0", "0.0", "false", "no")
_TAKEN = {"name", "bndbox", "difficult", *OBJECT_COLUMNS}


def read_voc(
    source: Path, images: Path | None = None
) -> tuple[pd.DataFrame, Counter[str]]:
    """Reads the XML files of a folder, or one.

    An image is taken to lie in the images' folder as its XML lies in its
    own: ``train/a.xml`` is of ``train/a.jpg``, which is to train with.

    Args:
        source: an XML file, a folder of them, or one with a folder
            ``Annotations``, as VOC's own archives have it; their lists in
            ``ImageSets`` tell the parts.
        images: where to look for the size of an image whose XML does not
            tell, and for the suffix of a name without (Label Studio's);
            beside the XML, ``JPEGImages`` and ``images`` when None.

    Returns:
        The annotation table, and how many boxes, and elements that a table
        does not hold, were left out.

    Raises:
        InputError: there is none; one is malformed or lacks a part; or two
            annotate one image.
    """
    layout = find_layout(source, images)
    read_from: dict[str, Path] = {}
    rows: list[Annotation] = []
    told: dict[str, list[str]] = {name: [] for name in OPTIONAL_COLUMNS}
    left_out: Counter[str] = Counter()
    for path in progress(layout.files, "reading XML", unit="file"):
        root = _parse(path)
        empty = _image(root, path, layout)
        image = empty.filename
        if image in read_from:
            raise InputError(
                path, f"annotates {image} as {read_from[image]} does"
            )
        read_from[image] = path
        elements = root.findall("object")
        rows += [_object(each, empty, path) for each in elements] or [empty]
        left_out.update(_further(elements))
        split = layout.split_of(PurePosixPath(image))
        for element in elements or [etree.Element("object")]:
            told["split"].append(split)
            for name in OBJECT_COLUMNS:
                told[name].append(_told(element, name))
    table = table_of(rows).assign(
        **{name: values for name, values in told.items() if any(values)}
    )
    table, bad_boxes = usable_boxes(table)
    check_table(table, source)
    return table, left_out + bad_boxes


def write_voc(table: pd.DataFrame, folder: Path) -> None:
    """Writes an XML per image, named like it; `folder` is replaced whole.

    Raises:
        InputError: two images would share an XML, a name would leave the
            folder, or XML cannot hold it.
    """
    columns = {name: table[name].to_numpy() for name in table.columns}
    with replacing(folder) as draft:
        draft.mkdir()
        for filename, rows in rows_by_image(table):
            image = inner_path(filename, folder)
            place = image.with_suffix(".xml")
            path = draft / place
            if path.exists():
                raise InputError(
                    folder / place,
                    f"belongs to {filename} and to another image",
                    remedy="rename one of them",
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                tree = etree.ElementTree(_element(image.name, columns, rows))
            except ValueError as error:
                raise InputError(
                    folder / place, f"cannot be written ({error})"
                ) from error
            tree.write(str(path), pretty_print=True, encoding="utf-8")


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


def _image(root: etree._Element, path: Path, layout: Layout) -> Annotation:
    """Returns the image of a file, without objects."""
    told = root.findtext("filename") or root.findtext("path")
    if not (told and told.strip()):
        told = _text(root, "filename", path)
    # Tools on Windows write whole paths with backslashes.
    name = PureWindowsPath(told.strip()).name
    inside = path.parent.relative_to(layout.folder)
    folders = [folder / inside for folder in layout.images]
    if not is_image(Path(name)):
        name = with_suffix(name, folders)
    size = _size(root, [folder / name for folder in folders], path)
    return Annotation((PurePosixPath(inside) / name).as_posix(), *size)


def _size(
    root: etree._Element, images: Sequence[Path], path: Path
) -> tuple[int, int]:
    """Returns width and height; those of the image where there are none."""
    sizes = [
        _number(root, name, path) if root.findtext(name) else 0
        for name in ("size/width", "size/height")
    ]
    if all(math.isfinite(size) and size >= 1 for size in sizes):
        return round(sizes[0]), round(sizes[1])
    for image in images:
        if image.is_file():
            return image_size(image)
    raise InputError(
        path,
        f"tells no size, and there is no image {images[0]}",
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
        difficult=difficult.lower() in _TRUE,
    )


def _told(element: etree._Element, name: str) -> str:
    """Returns what an optional column holds of an object."""
    text = (element.findtext(name) or "").strip()
    return "" if text.lower() in (*_FALSE, _NO_POSE.lower()) else text


def _further(elements: Sequence[etree._Element]) -> Counter[str]:
    """Counts what objects tell beyond what a table holds."""
    return Counter(
        f"<{part.tag}> of an object"
        for element in elements
        for part in element.iterchildren(etree.Element)
        if part.tag not in _TAKEN
        and etree.tostring(
            part, method="text", encoding="unicode", with_tail=False
        ).strip()
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


def _element(
    image: str,
    columns: Mapping[str, npt.NDArray[Any]],
    rows: npt.NDArray[np.intp],
) -> etree._Element:
    """Returns the XML of an image.

    In labelImg's order: a tutorial's script takes the box for an object's
    fifth child.
    """
    root = etree.Element("annotation")
    _add(root, "filename", image)
    size = etree.SubElement(root, "size")
    _add(size, "width", columns["width"][rows[0]])
    _add(size, "height", columns["height"][rows[0]])
    _add(size, "depth", 3)
    for row in rows:
        if columns["class"][row] == NO_CLASS:
            continue
        told = {
            name: columns[name][row] if name in columns else ""
            for name in OBJECT_COLUMNS
        }
        element = etree.SubElement(root, "object")
        _add(element, "name", columns["class"][row])
        _add(element, "pose", told["pose"] or _NO_POSE)
        _add(element, "truncated", told["truncated"] or 0)
        _add(element, "difficult", int(columns["difficult"][row]))
        box = etree.SubElement(element, "bndbox")
        for name in BOX_COLUMNS:
            _add(box, name, f"{columns[name][row]:.10g}")
        if told["occluded"]:
            _add(element, "occluded", told["occluded"])
    return root


def _add(parent: etree._Element, name: str, value: object) -> None:
    etree.SubElement(parent, name).text = str(value)
