"""LinkedAI's JSON.

No schema is published. Assumed is a list of ``{id, image, width, height,
tags: [{pos: {x, y, w, h}, name, type: "bounding_box"}]}``: pixels from the
top left, numbers as such or as strings, ``image`` a file name or a URL.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlparse

import pandas as pd

from crossline.annotations.boxes import usable_boxes
from crossline.annotations.json_file import read_json
from crossline.annotations.table import Annotation, check_table, table_of
from crossline.errors import InputError

_BOX = "bounding_box"
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
