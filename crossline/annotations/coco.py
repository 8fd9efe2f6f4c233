"""COCO's ``instances.json``, both ways.

Boxes there are ``x, y, width, height`` in pixels, float, from the top left.
Source: https://cocodataset.org/#format-data
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd

from crossline.annotations.boxes import take_box
from crossline.annotations.json_file import read_json
from crossline.annotations.table import (
    NO_CLASS,
    Annotation,
    check_table,
    class_names,
    rows_of,
    table_of,
)
from crossline.errors import InputError
from crossline.files import write_text


def read_coco(path: Path) -> tuple[pd.DataFrame, Counter[str]]:
    """Reads a COCO file; an image without annotations keeps its row.

    Returns:
        The annotation table, and how many boxes were left out by reason.

    Raises:
        InputError: missing, malformed, or an annotation that refers to an
            image or category that is not there.
    """
    document = read_json(path)
    images = _by_id(document, "images", ("file_name", "width", "height"), path)
    categories = _by_id(document, "categories", ("name",), path)
    fields = ("image_id", "category_id", "bbox")
    annotations = _by_id(document, "annotations", fields, path)
    of_image: dict[Any, list[Mapping[str, Any]]] = {id_: [] for id_ in images}
    for id_, annotation in annotations.items():
        for key, known in (("image_id", images), ("category_id", categories)):
            if annotation[key] not in known:
                raise InputError(
                    path,
                    f"{key} {annotation[key]} is not in the file",
                    place=f"annotation {id_}",
                )
        of_image[annotation["image_id"]].append(annotation)
    left_out: Counter[str] = Counter()
    rows = [
        row
        for id_, image in images.items()
        for row in _rows(image, of_image[id_], categories, path, left_out)
    ]
    table = table_of(rows)
    check_table(table, path, first_line=1)
    return table, left_out


def write_coco(table: pd.DataFrame, path: Path) -> None:
    """Writes a table as COCO; ids count from 1, which COCO's tools need."""
    classes = {name: id_ for id_, name in enumerate(class_names(table), 1)}
    images: dict[str, dict[str, Any]] = {}
    annotations: list[dict[str, Any]] = []
    for row in rows_of(table):
        image = images.setdefault(
            row.filename,
            {
                "id": len(images) + 1,
                "file_name": row.filename,
                "width": row.width,
                "height": row.height,
            },
        )
        if row.class_name == NO_CLASS:
            continue
        width, height = row.xmax - row.xmin, row.ymax - row.ymin
        annotations.append(
            {
                "id": len(annotations) + 1,
                "image_id": image["id"],
                "category_id": classes[row.class_name],
                "bbox": [row.xmin, row.ymin, width, height],
                "area": width * height if isnan(row.area) else row.area,
                "iscrowd": int(row.is_crowd),
            }
        )
    document = {
        "images": list(images.values()),
        "annotations": annotations,
        "categories": [
            {"id": id_, "name": name} for name, id_ in classes.items()
        ],
    }
    write_text(path, json.dumps(document, ensure_ascii=False))


def _by_id(
    document: Any, section: str, fields: Sequence[str], path: Path
) -> dict[Any, Mapping[str, Any]]:
    """Returns a section's items by their id."""
    try:
        items = document[section]
    except (KeyError, TypeError) as error:
        raise InputError(
            path,
            f"has no {section!r}",
            remedy="expected COCO's instances format",
        ) from error
    found: dict[Any, Mapping[str, Any]] = {}
    for number, item in enumerate(items, 1):
        missing = [name for name in ("id", *fields) if name not in dict(item)]
        if missing:
            raise InputError(
                path,
                f"{', '.join(missing)} missing",
                place=f"{section} item {number}",
            )
        if item["id"] in found:
            raise InputError(
                path, f"id {item['id']} occurs twice", place=section
            )
        found[item["id"]] = item
    return found


def _rows(
    image: Mapping[str, Any],
    annotations: Sequence[Mapping[str, Any]],
    categories: Mapping[Any, Mapping[str, Any]],
    path: Path,
    left_out: Counter[str],
) -> list[Annotation]:
    size = int(image["width"]), int(image["height"])
    rows = []
    for annotation in annotations:
        try:
            x, y, width, height = map(float, annotation["bbox"])
        except (TypeError, ValueError) as error:
            raise InputError(
                path,
                f"bbox is {annotation['bbox']!r}, expected four numbers",
                place=f"annotation {annotation['id']}",
            ) from error
        edges = take_box((x, y, x + width, y + height), *size, left_out)
        if edges is None:
            continue
        rows.append(
            Annotation(
                image["file_name"],
                *size,
                str(categories[annotation["category_id"]]["name"]),
                int(annotation["category_id"]),
                *edges,
                image_id=str(image["id"]),
                is_crowd=bool(annotation.get("iscrowd", 0)),
                area=float(annotation.get("area", "nan")),
            )
        )
    return rows or [
        Annotation(image["file_name"], *size, image_id=str(image["id"]))
    ]
