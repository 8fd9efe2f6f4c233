"""LinkedAI's JSON, both ways.

No schema is published. Assumed is a list of ``{id, image, width, height,
tags: [{pos: {x, y, w, h}, name, type: "bounding_box"}]}``: pixels from the
top left, numbers as such or as strings, ``image`` a file name or a URL.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlparse

import numpy as np
import pandas as pd

from crossline.annotations.boxes import usable_boxes
from crossline.annotations.json_file import read_json
from crossline.annotations.table import (
    BOX_COLUMNS,
    Annotation,
    check_table,
    has_box,
    rows_by_image,
    table_of,
)
from crossline.errors import InputError
from crossline.files import write_text

_BOX = "bounding_box"
_IMAGE = ("image_id", "width", "height", "class")
_NOT_AS_EXPECTED = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
)


def read_linkedai(path: Path) -> tuple[pd.DataFrame, Counter[str]]:
    """Reads an export of LinkedAI.

    Returns:
        The annotation table, and how many tags were left out by reason: bad
        boxes, and tags of another type.

    Raises:
        InputError: missing, malformed, or an item of another shape.
    """
    document = read_json(path)
    if not isinstance(document, list):
        raise InputError(
            path, f"is a {type(document).__name__}, expected a list of images"
        )
    left_out: Counter[str] = Counter()
    rows: list[Annotation] = []
    places: dict[str, int] = {}
    for number, item in enumerate(document, 1):
        try:
            of_image = _rows(item, left_out)
        except _NOT_AS_EXPECTED as error:
            raise InputError(
                path,
                f"is not as LinkedAI writes it ({error!r})",
                place=f"item {number}",
                remedy="expected {id, image, width, height, tags: [{pos: "
                "{x, y, w, h}, name, type}]}",
            ) from error
        filename = of_image[0].filename
        if filename in places:
            raise InputError(
                path,
                f"{filename} was item {places[filename]} already",
                place=f"item {number}",
            )
        places[filename] = number
        rows += of_image
    table, bad_boxes = usable_boxes(table_of(rows))
    check_table(table, path)
    return table, left_out + bad_boxes


def write_linkedai(table: pd.DataFrame, path: Path) -> None:
    """Writes a table as LinkedAI's exports are read.

    An image without an id gets its place in the list.
    """
    edges = table[BOX_COLUMNS].to_numpy(float)
    boxes = np.hstack([edges[:, :2], edges[:, 2:] - edges[:, :2]])
    columns = {name: table[name].to_numpy() for name in _IMAGE}
    filled = has_box(table).to_numpy(bool)
    items = []
    for number, (filename, rows) in enumerate(rows_by_image(table), 1):
        image_id, width, height, _ = (
            columns[name][rows[0]] for name in _IMAGE
        )
        tags = zip(
            boxes[rows[filled[rows]]].tolist(),
            columns["class"][rows[filled[rows]]].tolist(),
            strict=True,
        )
        items.append(
            {
                "id": image_id or str(number),
                "image": filename,
                "width": int(width),
                "height": int(height),
                "tags": [_tag(*tag) for tag in tags],
            }
        )
    write_text(path, json.dumps(items, ensure_ascii=False))


def _tag(box: Sequence[float], name: str) -> dict[str, Any]:
    position = dict(zip("xywh", box, strict=True))
    return {"pos": position, "name": name, "type": _BOX}


def _rows(item: Mapping[str, Any], left_out: Counter[str]) -> list[Annotation]:
    empty = Annotation(
        _filename(str(item["image"])),
        round(float(item["width"])),
        round(float(item["height"])),
        image_id=str(item["id"]),
    )
    rows = []
    for tag in item["tags"]:
        if tag.get("type", _BOX) != _BOX:
            left_out[f"tag of type {tag['type']}"] += 1
            continue
        position = tag["pos"]
        x, y, width, height = (float(position[key]) for key in "xywh")
        rows.append(
            replace(
                empty,
                class_name=str(tag["name"]).strip(),
                xmin=x,
                ymin=y,
                xmax=x + width,
                ymax=y + height,
            )
        )
    return rows or [empty]


def _filename(image: str) -> str:
    if "://" not in image:
        return image
    return PurePosixPath(unquote(urlparse(image).path)).name
