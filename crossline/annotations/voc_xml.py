"""The XML of one image, as Pascal VOC has it: its parts, read and made."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from lxml import etree

from crossline.annotations.table import (
    BOX_COLUMNS,
    NO_CLASS,
    OBJECT_COLUMNS,
)
from crossline.errors import InputError
from crossline.files import require_file

_NO_POSE = "Unspecified"
TRUE = ("1", "1.0", "true", "yes")
_FALSE = ("", "0", "0.0", "false", "no")
_TAKEN = {"name", "bndbox", "difficult", *OBJECT_COLUMNS}


def parse(path: Path) -> etree._Element:
    """Returns the root of a file; what entities stand for is not looked up.

    Raises:
        InputError: it is missing, empty or no XML.
    """
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


def text_of(element: etree._Element, name: str, path: Path) -> str:
    """Returns what a part of an element says.

    Raises:
        InputError: there is none, or it is empty; `path` names the file.
    """
    text = (element.findtext(name) or "").strip()
    if not text:
        raise InputError(
            path,
            f"<{element.tag}> has no {name}",
            place=f"line {element.sourceline}",
        )
    return text


def number_of(element: etree._Element, name: str, path: Path) -> float:
    """Returns the number that a part of an element says.

    Raises:
        InputError: as `text_of`, or it is no number.
    """
    text = text_of(element, name, path)
    try:
        return float(text)
    except ValueError:
        raise InputError(
            path,
            f"{name} is {text!r}, not a number",
            place=f"line {element.sourceline}",
        ) from None


def told_of(element: etree._Element, name: str) -> str:
    """Returns what an optional column holds of an object."""
    text = (element.findtext(name) or "").strip()
    return "" if text.lower() in (*_FALSE, _NO_POSE.lower()) else text


def further_parts(elements: Sequence[etree._Element]) -> Counter[str]:
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


def image_element(
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
