"""The objects to be found, numbered and held as pycocotools takes them."""

import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pycocotools.coco import COCO

from crossline.annotations.table import BOX_COLUMNS, has_box
from crossline.errors import InputError


@dataclass(frozen=True)
class GroundTruth:
    """Images and their objects, of every class of an annotation table.

    Attributes:
        source: the file it comes from, named in errors.
        image_ids: filename to COCO image id: the table's own ids where they
            are numbers and tell the images apart, else from 1.
        category_ids: class name to COCO category id, in the order of the
            ids: the table's own where they tell the classes apart, else
            from 1 by name.
        coco: the same in memory, with crowd flags. Sizes are those of the
            masks where the table has them. COCO knows no difficult objects:
            they count like any other.
    """

    source: Path
    image_ids: Mapping[str, int]
    category_ids: Mapping[str, int]
    coco: COCO


def ground_truth_of(table: pd.DataFrame, source: Path) -> GroundTruth:
    """Builds the ground truth of an annotation table.

    Args:
        table: as `crossline.annotations.table` describes it; images without
            objects count, as false positives are found on them too.
        source: what the table was read from, named in errors.

    Raises:
        InputError: the table has no object.
    """
    objects = table[has_box(table)]
    if objects.empty:
        raise InputError(source, "holds no object to judge by")
    image_ids = _image_ids(table)
    category_ids = _category_ids(objects)
    sizes = table.drop_duplicates("filename").set_index("filename")
    dataset = {
        "images": [
            {
                "id": image_ids[str(row.Index)],
                "file_name": row.Index,
                "width": row.width,
                "height": row.height,
            }
            for row in sizes.itertuples()
        ],
        "categories": [
            {"id": id_, "name": name} for name, id_ in category_ids.items()
        ],
        "annotations": _coco_annotations(objects, image_ids, category_ids),
    }
    return GroundTruth(source, image_ids, category_ids, indexed(dataset))


def judged_classes(
    truth: GroundTruth, classes: Sequence[str] | None = None
) -> list[str]:
    """Returns the classes to judge, in the order of their category ids.

    Args:
        truth: whose classes they are.
        classes: the ones that are wanted; all without it.

    Raises:
        InputError: a class that is wanted has no object in `truth`.
    """
    known = list(truth.category_ids)
    unknown = sorted(set(classes or ()) - set(known))
    if unknown:
        raise InputError(
            truth.source,
            f"holds no object of class {', '.join(unknown)}",
            remedy=f"its classes are {', '.join(known)}",
        )
    return [name for name in known if classes is None or name in classes]


def indexed(dataset: Mapping[str, Any]) -> COCO:
    """Returns pycocotools' object of a COCO `dataset`, without its prints."""
    coco = COCO()
    coco.dataset = dict(dataset)
    with contextlib.redirect_stdout(io.StringIO()):
        coco.createIndex()
    return coco


def _image_ids(table: pd.DataFrame) -> dict[str, int]:
    images = table.drop_duplicates("filename")
    own = images["image_id"].astype(str)
    usable = own.str.fullmatch(r"\d+").all() and own.astype(int).is_unique
    ids = own.astype(int) if usable else range(1, len(images) + 1)
    return dict(zip(images["filename"], map(int, ids), strict=True))


def _category_ids(objects: pd.DataFrame) -> dict[str, int]:
    own = objects[["class", "class_id"]].drop_duplicates()
    usable = (
        own["class"].is_unique
        and own["class_id"].is_unique
        and own["class_id"].min() >= 1
    )
    if not usable:
        return {n: i for i, n in enumerate(sorted(own["class"].unique()), 1)}
    ordered = own.sort_values("class_id")
    return dict(
        zip(ordered["class"], map(int, ordered["class_id"]), strict=True)
    )


def _coco_annotations(
    objects: pd.DataFrame,
    image_ids: Mapping[str, int],
    category_ids: Mapping[str, int],
) -> list[dict[str, Any]]:
    edges = objects[BOX_COLUMNS].to_numpy(float)
    sides = edges[:, 2:] - edges[:, :2]
    masks = objects["area"].to_numpy(float)
    areas = np.where(np.isnan(masks), sides.prod(axis=1), masks)
    boxes = np.hstack([edges[:, :2], sides])
    rows = zip(
        objects["filename"],
        objects["class"],
        boxes.tolist(),
        areas.tolist(),
        objects["is_crowd"],
        strict=True,
    )
    return [
        {
            # From 1: COCOeval reads a match with id 0 as no match.
            "id": id_,
            "image_id": image_ids[filename],
            "category_id": category_ids[class_name],
            "bbox": box,
            "area": area,
            "iscrowd": int(is_crowd),
        }
        for id_, (filename, class_name, box, area, is_crowd) in enumerate(
            rows, 1
        )
    ]
