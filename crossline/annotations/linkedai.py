"""LinkedAI's JSON.

No schema is published. Assumed is a list of ``{id, image, width, height,
tags: [{pos: {x, y, w, h}, name, type: "bounding_box"}]}``: pixels from the
top left, numbers as such or as strings, ``image`` a file name or a URL.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlparse

import pandas as pd

from crossline.annotations.boxes import take_box
from crossline.annotations.json_file import read_json
from crossline.annotations.table import Annotation, check_table, table_of
from crossline.errors import InputError

_BOX = "bounding_box"


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
    rows = []
    for number, item in enumerate(document, 1):
        try:
            rows += _rows(item, left_out)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(
                path,
                f"is not as LinkedAI writes it ({error!r})",
                place=f"item {number}",
                remedy="expected {id, image, width, height, tags: [{pos: "
                "{x, y, w, h}, name, type}]}",
            ) from error
    table = table_of(rows)
    check_table(table, path, first_line=1)
    return table, left_out


def _rows(item: Mapping[str, Any], left_out: Counter[str]) -> list[Annotation]:
    filename = PurePosixPath(unquote(urlparse(str(item["image"])).path)).name
    size = round(float(item["width"])), round(float(item["height"]))
    image_id = str(item["id"])
    rows = []
    for tag in item["tags"]:
        if tag.get("type", _BOX) != _BOX:
            left_out[f"tag of type {tag['type']}"] += 1
            continue
        position = tag["pos"]
        x, y, width, height = (float(position[key]) for key in "xywh")
        edges = take_box((x, y, x + width, y + height), *size, left_out)
        if edges is not None:
            rows.append(
                Annotation(
                    filename,
                    *size,
                    str(tag["name"]).strip(),
                    0,
                    *edges,
                    image_id=image_id,
                )
            )
    return rows or [Annotation(filename, *size, image_id=image_id)]
