"""Photographs with their boxes, for the report."""

from collections.abc import Collection, Sequence

import cv2
import numpy as np

from crossline import geometry
from crossline.annotations.table import BOX_COLUMNS, has_box
from crossline.check.boxes import FloatArray
from crossline.check.findings import Finding
from crossline.check.parts import Part
from crossline.errors import InputError
from crossline.geometry import Image
from crossline.records.images import read_image
from crossline.report.page import Picture, picture
from crossline.video.draw import class_color
from crossline.video.text import WHITE, Color, Lettering

_SIDE = 480
_FAULT: Color = (235, 64, 52)
_RING = 18
_MOST_MARGIN = 0.25
_PAPER = 128
_PAIR_HEIGHT = 240


def labelled_picture(
    part: Part, filename: str, class_names: Sequence[str]
) -> Picture | None:
    """Draws an image with all its boxes; None if it cannot be read."""
    canvas = _canvas(part, filename)
    if canvas is None:
        return None
    for row in _drawable(part, filename):
        name = str(part.table["class"].iat[row])
        color = class_color(class_names.index(name))
        canvas.draw(_edges(part, row), color, name)
    return picture(canvas.image, f"{filename} ({part.name})")


def boxes_picture(
    image: Image,
    boxes: geometry.FloatArray,
    names: Sequence[str],
    class_names: Sequence[str],
    caption: str,
) -> Picture:
    """Draws an image with boxes ``(n, 4)``, in pixels, and their names."""
    canvas = _Canvas(image, 0)
    for box, name in zip(boxes.astype(float), names, strict=True):
        canvas.draw(box, class_color(class_names.index(name)), name)
    return picture(canvas.image, caption)


def faulty_picture(
    part: Part, filename: str, at_fault: Collection[int], detail: str
) -> Picture | None:
    """Draws an image with the boxes at fault in red, the others in white.

    Where one reaches outside, the image gets a margin that shows it.
    """
    rows = _drawable(part, filename)
    faulty = [row for row in rows if row in at_fault]
    canvas = _canvas(part, filename, [_edges(part, row) for row in faulty])
    if canvas is None:
        return None
    for row in rows:
        if row not in at_fault:
            canvas.draw(_edges(part, row), WHITE)
    for row in faulty:
        name = str(part.table["class"].iat[row])
        canvas.draw(_edges(part, row), _FAULT, name, ring=True)
    return picture(canvas.image, f"{filename} ({part.name}): {detail}")


def pair_picture(parts: Sequence[Part], finding: Finding) -> Picture | None:
    """Draws two images side by side."""
    by_name = {part.name: part for part in parts}
    halves = []
    for name, filename in (
        (finding.part, finding.filename),
        (finding.other_part, finding.other_filename),
    ):
        try:
            image = read_image(by_name[name].image_path(filename))
        except (InputError, OSError):
            return None
        scale = _PAIR_HEIGHT / image.shape[0]
        width = max(1, min(round(image.shape[1] * scale), 2 * _PAIR_HEIGHT))
        halves.append(_resized(image, width, _PAIR_HEIGHT))
    gap = np.full((_PAIR_HEIGHT, 8, 3), 255, np.uint8)
    caption = f"{finding.filename} ({finding.part}) {finding.detail}"
    return picture(np.hstack([halves[0], gap, halves[1]]), caption)


class _Canvas:
    """An image of the report's size, drawn into in the image's pixels."""

    def __init__(self, image: Image, margin: float) -> None:
        height, width = image.shape[:2]
        self._scale = _SIDE / (max(height, width) + 2 * margin)
        self._margin = round(margin * self._scale)
        small = _resized(
            image,
            max(1, round(width * self._scale)),
            max(1, round(height * self._scale)),
        )
        margins = ((self._margin,) * 2, (self._margin,) * 2, (0, 0))
        self.image = np.pad(small, margins, constant_values=_PAPER)
        self._lettering = Lettering(_SIDE, _SIDE)

    def draw(
        self,
        edges: FloatArray,
        color: Color,
        text: str = "",
        ring: bool = False,
    ) -> None:
        """Draws a box, its text above it, and a ring where it hardly shows."""
        limit = 10 * _SIDE
        places = np.clip(edges * self._scale + self._margin, -limit, limit)
        xmin, ymin, xmax, ymax = np.rint(places).astype(int).tolist()
        stroke = 2 if text else 1
        cv2.rectangle(self.image, (xmin, ymin), (xmax, ymax), color, stroke)
        if ring and max(abs(xmax - xmin), abs(ymax - ymin)) < _RING:
            center = (xmin + xmax) // 2, (ymin + ymax) // 2
            cv2.circle(self.image, center, _RING, color, 1, cv2.LINE_AA)
            ymin -= _RING
        if text:
            height, width = self.image.shape[:2]
            top = min(ymin, ymax) - self._lettering.row
            left = min(xmin, xmax)
            place = self._lettering.place(text, left, top, width, height)
            self._lettering.tag(self.image, text, place, color)


def _canvas(
    part: Part, filename: str, shown: Sequence[FloatArray] = ()
) -> _Canvas | None:
    try:
        image = read_image(part.image_path(filename))
    except (InputError, OSError):
        return None
    height, width = image.shape[:2]
    limits = np.array([width, height, width, height])
    beyond = [max((-box).max(), (box - limits).max()) for box in shown]
    most = _MOST_MARGIN * max(height, width)
    return _Canvas(image, float(np.clip(max(beyond, default=0), 0, most)))


def _drawable(part: Part, filename: str) -> list[int]:
    """Returns the rows of an image that have a class and four edges."""
    table = part.table
    finite = np.isfinite(table[BOX_COLUMNS].to_numpy(float)).all(axis=1)
    named = (table["filename"] == filename).to_numpy(bool)
    mask = named & finite & has_box(table).to_numpy(bool)
    return [int(row) for row in np.flatnonzero(mask)]


def _edges(part: Part, row: int) -> FloatArray:
    return part.table[BOX_COLUMNS].iloc[row].to_numpy(float)


def _resized(image: Image, width: int, height: int) -> Image:
    shrinks = width < image.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(
        cv2.resize(image, (width, height), interpolation=how), np.uint8
    )
