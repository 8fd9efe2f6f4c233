"""The part of a COCO document that shows the classes you care about."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from crossline.annotations.select import require_known
from crossline.errors import InputError

Item = Mapping[str, Any]

_ABOUT = ("info", "licenses")


def coco_subset(
    document: Any,
    source: str,
    *,
    classes: Sequence[str],
    max_images: int,
    seed: int,
) -> tuple[dict[str, Any], int]:
    """Draws images that show some classes.

    Annotations of other classes go, and all outlines, which take nine tenths
    of the file and no detector of boxes reads. An image that shows the
    classes only as crowds does not count as showing them.

    Args:
        document: parsed ``instances`` JSON.
        source: named in errors.
        classes: names; with none, all classes and the empty images too.
        max_images: at most; a higher cap adds to what a lower one drew.
        seed: of the draw.

    Returns:
        The part, its images in the document's order; and how many images it
        was drawn from.

    Raises:
        InputError: the document is none of COCO's, or has no such class, or
            no image that shows one.
    """
    try:
        _require_plain_names(document["images"], source)
        categories = _categories(document["categories"], classes, source)
        ids = {category["id"] for category in categories}
        annotations = [
            annotation
            for annotation in document["annotations"]
            if annotation["category_id"] in ids
        ]
        candidates = _candidates(document["images"], annotations, classes)
        if not candidates:
            raise InputError(source, "has no image of these classes")
        images = _draw(candidates, max_images, seed)
        part = {
            **{key: document[key] for key in _ABOUT if key in document},
            "images": images,
            "annotations": [
                _without_outline(annotation)
                for annotation in _of_images(annotations, images)
            ],
            "categories": categories,
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            source, f"is not as COCO writes it ({error!r})"
        ) from error
    return part, len(candidates)


def without_images(
    document: Mapping[str, Any], filenames: Collection[str]
) -> dict[str, Any]:
    """Returns a document without some images and their annotations."""
    images = [
        image
        for image in document["images"]
        if image["file_name"] not in filenames
    ]
    annotations = _of_images(document["annotations"], images)
    return {**document, "images": images, "annotations": annotations}


def _categories(
    categories: Sequence[Item], classes: Sequence[str], source: str
) -> list[Item]:
    known = [category["name"] for category in categories]
    for name in classes:
        require_known(name, known, source)
    return [
        category
        for category in categories
        if not classes or category["name"] in classes
    ]


def _candidates(
    images: Sequence[Item],
    annotations: Sequence[Item],
    classes: Sequence[str],
) -> list[Item]:
    if not classes:
        return list(images)
    shown = {
        annotation["image_id"]
        for annotation in annotations
        if not annotation.get("iscrowd")
    }
    return [image for image in images if image["id"] in shown]


def _draw(images: Sequence[Item], count: int, seed: int) -> list[Item]:
    order = np.random.default_rng(seed).permutation(len(images))
    return [images[place] for place in sorted(order[:count])]


def _of_images(
    annotations: Sequence[Item], images: Sequence[Item]
) -> list[Item]:
    ids = {image["id"] for image in images}
    return [
        annotation
        for annotation in annotations
        if annotation["image_id"] in ids
    ]


def _without_outline(annotation: Item) -> dict[str, Any]:
    return {
        key: value
        for key, value in annotation.items()
        if key != "segmentation"
    }


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
