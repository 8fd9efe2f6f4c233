"""What a data set holds: figures per class, per part and per image."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crossline.check.boxes import Facts, boxes_of, sizes_of
from crossline.check.parts import Part
from crossline.check.rows import TINY_SIDE, input_sides

_QUANTILES = {"least": 0.0, "median": 0.5, "most": 1.0}
_MOST_SIZES = 5


@dataclass(frozen=True)
class Statistics:
    """What a data set holds.

    Attributes:
        boxes: a row per sound box: ``part``, ``class``, ``filename``, centre
            ``x`` and ``y``, ``width`` and ``height`` as shares of the image,
            ``aspect`` (width by height, of pixels), and ``side``, its mean
            side in pixels of the model's input.
        per_image: ``(images,)``, how many boxes, 0 of a negative.
        sizes: width and height of the images, and how many have them.
        sharpness: ``(images,)``, of those that can be read.
        parts: images and boxes of each part.
    """

    boxes: pd.DataFrame
    per_image: "pd.Series[int]"
    sizes: Counter[tuple[int, int]]
    sharpness: "pd.Series[float]"
    parts: dict[str, tuple[int, int]]

    @property
    def negatives(self) -> int:
        """How many images have no object."""
        return int((self.per_image == 0).sum())

    def classes(self) -> pd.DataFrame:
        """Returns a row per class, the most frequent first.

        Columns: boxes of each part, then ``boxes``, ``images``, median
        ``side``, ``tiny`` (share of boxes) and median ``aspect``.
        """
        groups = self.boxes.groupby("class", sort=False)
        by_part = pd.crosstab(self.boxes["class"], self.boxes["part"])
        table = by_part.reindex(columns=list(self.parts), fill_value=0)
        table["boxes"] = groups.size()
        images = self.boxes.drop_duplicates(["part", "class", "filename"])
        table["images"] = images.groupby("class").size()
        table["side"] = groups["side"].median().round(1)
        is_tiny = self.boxes["side"] < TINY_SIDE
        table["tiny"] = is_tiny.groupby(self.boxes["class"]).mean().round(3)
        table["aspect"] = groups["aspect"].median().round(2)
        return table.sort_values("boxes", ascending=False, kind="stable")

    def to_dict(self) -> dict[str, Any]:
        """Returns the figures for JSON."""
        return {
            "parts": {
                name: {"images": images, "boxes": boxes}
                for name, (images, boxes) in self.parts.items()
            },
            "negatives": self.negatives,
            "boxes_per_image": _spread(self.per_image),
            "box_side_at_input": _spread(self.boxes["side"]),
            "box_aspect": _spread(self.boxes["aspect"]),
            "sharpness": _spread(self.sharpness),
            "image_sizes": [
                {"width": width, "height": height, "images": count}
                for (width, height), count in self.sizes.most_common(
                    _MOST_SIZES
                )
            ],
            "classes": self.classes().to_dict("index"),
        }


def statistics_of(
    parts: Sequence[Part], facts: Facts, input_size: int
) -> Statistics:
    """Measures what the sound boxes and the readable images are."""
    tables = [_boxes_of(part, facts, input_size) for part in parts]
    counts = [_per_image(part) for part in parts]
    readable = [image for image in facts.values() if not image.problem]
    return Statistics(
        boxes=pd.concat(tables, ignore_index=True),
        per_image=pd.concat(counts, ignore_index=True),
        sizes=Counter(image.size for image in readable),
        sharpness=pd.Series([image.sharpness for image in readable]),
        parts={
            part.name: (len(part.filenames()), part.boxes) for part in parts
        },
    )


def _boxes_of(part: Part, facts: Facts, input_size: int) -> pd.DataFrame:
    frame = sizes_of(part, facts).frame
    boxes = boxes_of(part.table, frame)
    edges, frame = boxes.mended[boxes.sound], frame[boxes.sound]
    sides = edges[:, 2:] - edges[:, :2]
    centers = (edges[:, 2:] + edges[:, :2]) / 2 / frame
    shares = sides / frame
    return pd.DataFrame(
        {
            "part": part.name,
            "class": part.table["class"].to_numpy()[boxes.sound],
            "filename": part.table["filename"].to_numpy()[boxes.sound],
            "x": centers[:, 0],
            "y": centers[:, 1],
            "width": shares[:, 0],
            "height": shares[:, 1],
            "aspect": sides[:, 0] / sides[:, 1],
            "side": input_sides(edges, frame, input_size),
        }
    )


def _per_image(part: Part) -> "pd.Series[int]":
    named = part.table[part.table["filename"] != ""]
    has_class = named["class"] != ""
    return has_class.groupby(named["filename"]).sum().astype(int)


def _spread(values: "pd.Series[Any]") -> dict[str, float | None]:
    if values.empty:
        return dict.fromkeys(_QUANTILES)
    return {
        name: round(float(np.quantile(values, share)), 3)
        for name, share in _QUANTILES.items()
    }
