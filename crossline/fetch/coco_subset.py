"""The part of a COCO document that shows the classes you care about."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from crossline.annotations.balance import Ints
from crossline.annotations.categories import Category, find_classes
from crossline.annotations.subset import Choice, ImageRules, choose_images
from crossline.errors import InputError

Item = Mapping[str, Any]

_ABOUT = ("info", "licenses")


def coco_subset(
    document: Any, source: str, rules: ImageRules
) -> tuple[dict[str, Any], Choice]:
    """Draws images of a document, with their annotations of some classes.

    Annotations stay as they are, outlines and crowds included.

    Args:
        document: parsed ``instances`` JSON.
        source: named in errors.
        rules: which classes and images; none is repeated.

    Returns:
        The part, its images in the document's order; and the choice, of the
        document's images.

    Raises:
        InputError: the document is none of COCO's, or has no such class; see
            also `choose_images`.
    """
    try:
        _require_plain_names(document["images"], source)
        categories = _categories(document["categories"], rules, source)
        annotations = _of(document["annotations"], "category_id", categories)
        choice = choose_images(
            *_counts(document["images"], annotations, categories),
            [category["name"] for category in categories],
            rules,
            source,
        )
        chosen = zip(document["images"], choice.repeats, strict=True)
        images = [image for image, repeats in chosen if repeats]
        part = {
            **{key: document[key] for key in _ABOUT if key in document},
            "images": images,
            "annotations": _of(annotations, "image_id", images),
            "categories": categories,
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            source, f"is not as COCO writes it ({error!r})"
        ) from error
    return part, choice


def without_images(
    document: Mapping[str, Any], filenames: Collection[str]
) -> dict[str, Any]:
    """Returns a document without some images and their annotations."""
    images = [
        image
        for image in document["images"]
        if image["file_name"] not in filenames
    ]
    annotations = _of(document["annotations"], "image_id", images)
    return {**document, "images": images, "annotations": annotations}


def _categories(
    categories: Sequence[Item], rules: ImageRules, source: str
) -> list[Item]:
    known = [
        Category(item["name"], item["id"], item.get("supercategory", ""))
        for item in categories
    ]
    names = find_classes(rules.classes, known, source)
    return [item for item in categories if item["name"] in names]


def _of(
    annotations: Sequence[Item], key: str, owners: Sequence[Item]
) -> list[Item]:
    """Returns the annotations of some images, or of some categories."""
    ids = {owner["id"] for owner in owners}
    return [item for item in annotations if item[key] in ids]


def _counts(
    images: Sequence[Item],
    annotations: Sequence[Item],
    categories: Sequence[Item],
) -> tuple[Ints, Ints]:
    """Returns objects and crowds, each ``(images, categories)``."""
    rows = {image["id"]: row for row, image in enumerate(images)}
    columns = {item["id"]: column for column, item in enumerate(categories)}
    counts = np.zeros((2, len(images), len(categories)), np.int64)
    for item in _of(annotations, "image_id", images):
        place = rows[item["image_id"]], columns[item["category_id"]]
        counts[int(bool(item.get("iscrowd"))), *place] += 1
    return counts[0], counts[1]


def _require_plain_names(images: Sequence[Item], source: str) -> None:
    """A name with a folder in it could lead out of ours."""
    seen = set()
    for image in images:
        name = image["file_name"]
        if name in seen or not name or PurePosixPath(name).name != name:
            raise InputError(
                source,
                f"file_name is {name!r}, expected a plain name of its own",
                place=f"image {image['id']}",
            )
        seen.add(name)
