"""COCO's ``instances.json``, both ways.

Boxes there are ``x, y, width, height`` in pixels, float, from the top left.
Source: https://cocodataset.org/#format-data
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crossline.annotations.boxes import usable_boxes
from crossline.annotations.categories import (
    Category,
    all_categories,
    remember_categories,
)
from crossline.annotations.json_file import read_json
from crossline.annotations.table import (
    BOX_COLUMNS,
    COLUMNS,
    NO_CLASS,
    check_table,
    has_box,
)
from crossline.errors import InputError
from crossline.files import write_text

Row = tuple[Any, ...]

_NOT_AS_EXPECTED = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
)

_IMAGE = ["image_id", "filename", "width", "height"]
_CATEGORY = ["class_id", "class", "supercategory"]
_ANNOTATION = ["id", "image_id", "class_id", *BOX_COLUMNS, "is_crowd", "area"]
_FIELDS = {"image_id": "image_id", "class_id": "category_id"}
_TAKEN = {
    "image": {"id", "file_name", "width", "height"},
    "annotation": {"id", "image_id", "category_id", "bbox", "area", "iscrowd"},
}


def read_coco(path: Path) -> tuple[pd.DataFrame, Counter[str]]:
    """Reads a COCO file; an image without annotations keeps its row.

    Returns:
        The annotation table, and how many boxes, and fields that a table
        does not hold, were left out.

    Raises:
        InputError: missing, malformed, or an annotation that refers to an
            image or category that is not there.
    """
    document = read_json(path, unread=["segmentation"])
    images = _section(document, "images", _image, _IMAGE, path)
    categories = _section(document, "categories", _category, _CATEGORY, path)
    annotations = _section(
        document, "annotations", _annotation, _ANNOTATION, path
    )
    _require_unique(images, "image_id", path)
    _require_unique(images, "filename", path)
    _require_unique(categories, "class_id", path)
    _require_reference(annotations, "image_id", images, path)
    _require_reference(annotations, "class_id", categories, path)
    rows = images.merge(annotations, "left", "image_id").merge(
        categories, "left", "class_id"
    )
    rows["class"] = rows["class"].fillna(NO_CLASS)
    rows["class_id"] = rows["class_id"].fillna(0).astype(np.int64)
    rows["is_crowd"] = rows["is_crowd"].fillna(0).astype(bool)
    rows = rows.assign(difficult=False, repeats=1)
    table, left_out = usable_boxes(rows[list(COLUMNS)])
    check_table(table, path)
    remember_categories(
        table,
        [
            Category(name, id_, supercategory)
            for id_, name, supercategory in categories.itertuples(index=False)
        ],
    )
    return table, left_out + _further_fields(document)


def write_coco(table: pd.DataFrame, path: Path) -> None:
    """Writes a table as COCO.

    Images keep their ids where all have one that is a number of its own, as
    COCO's do, and categories where the ids tell them apart; else they are
    numbered, as annotations are, from 1: pycocotools takes an annotation 0
    for none.
    """
    images = table.drop_duplicates("filename")
    image_ids = dict(zip(images["filename"], _image_ids(images), strict=True))
    categories = all_categories(table)
    class_ids = {category.name: category.id for category in categories}
    boxes = table[has_box(table)]
    edges = boxes[BOX_COLUMNS].to_numpy(float)
    sizes = edges[:, 2:] - edges[:, :2]
    areas = boxes["area"].to_numpy(float)
    annotations = {
        "id": range(1, len(boxes) + 1),
        "image_id": boxes["filename"].map(image_ids).tolist(),
        "category_id": boxes["class"].map(class_ids).tolist(),
        "bbox": np.hstack([edges[:, :2], sizes]).tolist(),
        "area": np.where(np.isnan(areas), sizes.prod(axis=1), areas).tolist(),
        "iscrowd": boxes["is_crowd"].astype(int).tolist(),
    }
    document = {
        "images": _records(
            {
                "id": image_ids.values(),
                "file_name": image_ids,
                "width": images["width"].tolist(),
                "height": images["height"].tolist(),
            }
        ),
        "annotations": _records(annotations),
        "categories": [_category_item(category) for category in categories],
    }
    write_text(path, json.dumps(document, ensure_ascii=False))


def _image(item: Mapping[str, Any]) -> Row:
    return (
        str(item["id"]),
        str(item["file_name"]),
        _whole(item["width"]),
        _whole(item["height"]),
    )


def _category(item: Mapping[str, Any]) -> Row:
    supercategory = str(item.get("supercategory") or "").strip()
    return _whole(item["id"]), str(item["name"]).strip(), supercategory


def _annotation(item: Mapping[str, Any]) -> Row:
    x, y, width, height = map(float, item["bbox"])
    return (
        str(item["id"]),
        str(item["image_id"]),
        _whole(item["category_id"]),
        *(x, y, x + width, y + height),
        int(item.get("iscrowd") or 0),
        float(item.get("area") or math.nan),
    )


def _category_item(category: Category) -> dict[str, Any]:
    item = {"id": category.id, "name": category.name}
    if category.supercategory:
        item["supercategory"] = category.supercategory
    return item


def _further_fields(document: Mapping[str, Any]) -> Counter[str]:
    """Counts what COCO files tell beyond what a table holds."""
    return Counter(
        f"{field} of an {kind}"
        for kind, taken in _TAKEN.items()
        for item in document[f"{kind}s"]
        for field in item.keys() - taken
        if item[field]
    )


def _whole(value: Any) -> int:
    number = float(value)
    if not number.is_integer():
        raise ValueError(f"{value!r} is not a whole number")
    return int(number)


def _section(
    document: Any,
    section: str,
    parse: Callable[[Mapping[str, Any]], Row],
    columns: Sequence[str],
    path: Path,
) -> pd.DataFrame:
    """Returns a list of the file as a table."""
    items = document.get(section) if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise InputError(
            path,
            f"has no list {section!r}",
            remedy="expected COCO's instances format",
        )
    rows = []
    for number, item in enumerate(items, 1):
        try:
            rows.append(parse(item))
        except _NOT_AS_EXPECTED as error:
            id_ = item.get("id", "?") if isinstance(item, dict) else "?"
            missing = f"has no {error}" if isinstance(error, KeyError) else ""
            raise InputError(
                path,
                missing or f"is not as COCO writes it ({error})",
                place=f"{section} item {number}, id {id_}",
            ) from error
    return pd.DataFrame(rows, columns=list(columns))


def _require_unique(rows: pd.DataFrame, column: str, path: Path) -> None:
    repeated = rows.loc[rows[column].duplicated(), column]
    if len(repeated):
        raise InputError(path, f"{column} {repeated.iloc[0]} occurs twice")


def _require_reference(
    annotations: pd.DataFrame, column: str, known: pd.DataFrame, path: Path
) -> None:
    astray = annotations[~annotations[column].isin(known[column])]
    if len(astray):
        row = astray.iloc[0]
        raise InputError(
            path,
            f"{_FIELDS[column]} {row[column]} is not in the file",
            place=f"annotation {row['id']}",
        )


def are_own_numbers(image_ids: "pd.Series[str]") -> bool:
    """Tells whether each id is a number that no other is, as COCO's are."""
    are_numbers = image_ids.str.fullmatch("0|[1-9][0-9]*").all()
    return bool(are_numbers and image_ids.is_unique)


def _image_ids(images: pd.DataFrame) -> list[int]:
    if are_own_numbers(images["image_id"]):
        return [int(id_) for id_ in images["image_id"]]
    return list(range(1, len(images) + 1))


def _records(columns: Mapping[str, Iterable[Any]]) -> list[dict[str, Any]]:
    """Returns a dict per row."""
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]
