"""A part's boxes against the pictures that they are of, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from crossline.annotations.table import BOX_COLUMNS, SLACK, Mask, has_box
from crossline.check.images import ImageFacts
from crossline.check.parts import Part

FloatArray = npt.NDArray[np.float64]
Facts = Mapping[Path, ImageFacts]
"""Of each file that exists."""

_SAME_SHAPE = 0.01


@dataclass(frozen=True)
class Sizes:
    """Of each row's image, ``(rows, 2)`` width and height, and masks.

    Attributes:
        annotated: as the row says.
        actual: as the file says, upright; as annotated where it cannot tell.
        frame: of the picture that the boxes are of, as far as one can tell.
        differs: the row has another size than the file.
        turned: the row has that of the picture before EXIF turned it.
        disagrees: the rows of the image have several sizes.
        mendable: the file's size can take the place of the row's.
        scaled: the sizes differ, but not in shape: who scaled the image has
            most likely not scaled the boxes.
    """

    annotated: FloatArray
    actual: FloatArray
    frame: FloatArray
    differs: Mask
    turned: Mask
    disagrees: Mask
    mendable: Mask
    scaled: Mask


@dataclass(frozen=True)
class Boxes:
    """Masks ``(rows,)`` of what is wrong with a row's box, and its mending.

    Attributes:
        mended: ``(rows, 4)``, edges in order, clipped to the image.
        sound: it is one, and mended it has an area.
        lacks_edge: an edge is missing.
        lacks_class: there are edges but no class.
        inside_out: edges are in the wrong order.
        outside: it reaches outside its image, by more than `SLACK`.
        empty: mended it has no area.
        overhang: ``(rows,)``, by how many pixels it reaches outside.
    """

    mended: FloatArray
    sound: Mask
    lacks_edge: Mask
    lacks_class: Mask
    inside_out: Mask
    outside: Mask
    empty: Mask
    overhang: FloatArray


def sizes_of(part: Part, facts: Facts) -> Sizes:
    """Compares the annotated sizes with the files'.

    The file is right where a row's size is impossible, where rows disagree,
    and where the boxes fit into the file's picture, unless that looks scaled.
    """
    table = part.table
    annotated = table[["width", "height"]].to_numpy(float)
    images, names = pd.factorize(table["filename"])
    upright, stored = (
        of_image[images] for of_image in _file_sizes(part, names, facts)
    )
    known: Mask = upright[:, 0] > 0
    actual: FloatArray = np.where(known[:, None], upright, annotated)
    is_other = known & _any_side(annotated != actual)
    turned = is_other & (annotated == stored).all(axis=1)
    differs = is_other & ~turned
    first = _first_of_image(annotated, images)
    disagrees = _any_of_image(_any_side(annotated != first), images)
    impossible = _any_of_image(_any_side(annotated < 1), images)
    shape = np.divide(*(np.maximum(annotated, 1) / np.maximum(actual, 1)).T)
    scaled = differs & (np.abs(shape - 1) < _SAME_SHAPE) & ~impossible
    edges = table[BOX_COLUMNS].to_numpy(float)
    overhangs = _overhang(edges, actual) > SLACK
    fits = ~_any_of_image(overhangs, images)
    mendable = known & (impossible | disagrees | (differs & ~scaled & fits))
    frame: FloatArray = np.where(mendable[:, None], actual, annotated)
    return Sizes(
        annotated, actual, frame, differs, turned, disagrees, mendable, scaled
    )


def boxes_of(table: pd.DataFrame, frame: FloatArray) -> Boxes:
    """Looks at each row's box.

    Args:
        table: of annotations, impossible ones included.
        frame: ``(rows, 2)``, width and height of the picture.
    """
    edges = table[BOX_COLUMNS].to_numpy(float)
    finite = np.isfinite(edges)
    named = has_box(table).to_numpy(bool)
    whole = named & finite.all(axis=1)
    ordered = _in_order(edges)
    mended = np.clip(ordered, 0, np.hstack([frame, frame]))
    overhang = _overhang(edges, frame)
    empty = whole & (mended[:, 2:] <= mended[:, :2]).any(axis=1)
    return Boxes(
        mended=mended,
        sound=whole & ~empty,
        lacks_edge=named & ~whole,
        lacks_class=~named & finite.any(axis=1),
        inside_out=whole & (edges[:, 2:] < edges[:, :2]).any(axis=1),
        outside=whole & (overhang > SLACK),
        empty=empty,
        overhang=overhang,
    )


def contradictions(table: pd.DataFrame, boxes: Boxes) -> Mask:
    """Returns the rows that say there is no box, though another has one."""
    says_none = ~has_box(table).to_numpy(bool) & ~boxes.lacks_class
    images, _ = pd.factorize(table["filename"])
    return says_none & _any_of_image(~says_none, images)


def _file_sizes(
    part: Part, names: "pd.Index[str]", facts: Facts
) -> tuple[FloatArray, FloatArray]:
    """Returns each image's size, upright and as it is stored; 0: unknown."""
    unread = ImageFacts()
    found = [facts.get(part.image_path(name), unread) for name in names]
    sizes = [image.size for image in found]
    stored = [image.stored_size for image in found]
    return (
        np.array(sizes, float).reshape(-1, 2),
        np.array(stored, float).reshape(-1, 2),
    )


def _in_order(edges: FloatArray) -> FloatArray:
    """Exchanges the edges of boxes that are inside out."""
    low = np.minimum(edges[:, :2], edges[:, 2:])
    return np.hstack([low, np.maximum(edges[:, :2], edges[:, 2:])])


def _overhang(edges: FloatArray, size: FloatArray) -> FloatArray:
    """Returns ``(rows,)``, how far boxes reach out of images, 0 if nowhere."""
    limits = np.hstack([size, size])
    beyond = np.maximum(-edges, edges - limits)
    return np.asarray(np.nan_to_num(beyond).max(axis=1, initial=0))


def _any_side(mask: Mask) -> Mask:
    """Returns whether width or height is in a mask ``(rows, 2)``."""
    return mask[:, 0] | mask[:, 1]


def _any_of_image(mask: Mask, images: npt.NDArray[np.int64]) -> Mask:
    """Returns for each row whether any of its image is in the mask."""
    count = np.bincount(images, weights=mask)
    return np.asarray(count[images] > 0)


def _first_of_image(
    values: FloatArray, images: npt.NDArray[np.int64]
) -> FloatArray:
    _, first = np.unique(images, return_index=True)
    return values[first][images]
