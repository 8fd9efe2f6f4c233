"""One row of the annotation table: its schema, without pandas.

What encodes records in processes of its own needs no more than this.
"""

import dataclasses
import math
from dataclasses import dataclass

NO_CLASS = ""
"""Stands in the class column of an image without objects."""


@dataclass(frozen=True)
class Annotation:
    """One row: a box of an image, or an image without objects.

    Attributes:
        filename: of the image, relative to the images' folder.
        width: of the image, pixels.
        height: of the image, pixels.
        class_name: the CSV's ``class``; empty where there is no object.
        class_id: in the source's own numbering (COCO's 1 to 90), 0 if it has
            none; label maps, not this column, decide the ids that train.
        xmin: left edge, pixels.
        ymin: top edge, pixels.
        xmax: right edge, pixels.
        ymax: bottom edge, pixels.
        image_id: in the source's own numbering; empty if it has none.
        is_crowd: whether the box holds many objects (COCO).
        difficult: whether VOC's evaluation would leave it out.
        area: of the object's mask in square pixels (COCO judges small,
            medium and large by it); the box's area where there is no mask.
        repeats: how often the image is written to records for training, see
            `crossline.annotations.balance`; all else takes it once.
    """

    filename: str
    width: int
    height: int
    class_name: str = NO_CLASS
    class_id: int = 0
    xmin: float = math.nan
    ymin: float = math.nan
    xmax: float = math.nan
    ymax: float = math.nan
    image_id: str = ""
    is_crowd: bool = False
    difficult: bool = False
    area: float = math.nan
    repeats: int = 1


_CSV_NAMES = {"class_name": "class"}
COLUMNS = tuple(
    _CSV_NAMES.get(field.name, field.name)
    for field in dataclasses.fields(Annotation)
)
"""The CSV's columns, in order."""
BOX_COLUMNS = ["xmin", "ymin", "xmax", "ymax"]
DEFAULTS = {
    _CSV_NAMES.get(field.name, field.name): field.default
    for field in dataclasses.fields(Annotation)
    if field.default is not dataclasses.MISSING
}
"""Of the columns that a CSV may lack."""
OBJECT_COLUMNS = ("truncated", "occluded", "pose")
"""Text that VOC tells of an object; of those that do not say it, empty."""
OPTIONAL_COLUMNS = ("split", *OBJECT_COLUMNS)
"""Text that a table has only where its source tells it. ``split`` is the
image's part of the data set: ``train``, ``val`` or ``test``."""
