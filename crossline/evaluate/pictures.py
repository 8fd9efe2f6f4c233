"""The worst images of an evaluation, with truth and detections drawn in."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

import cv2
import numpy as np

from crossline.evaluate.judged_images import JudgedImage, LabelledBox
from crossline.geometry import Image
from crossline.report.page import Picture, picture
from crossline.video.text import WHITE, Color, Lettering, overlap

MISSED: Color = (235, 64, 52)
FOUND: Color = (46, 204, 113)
FALSE: Color = (255, 196, 0)
LEGEND = (
    "Thin white: an object that was found. Green: the detection that finds "
    "it. Red: an object that was missed. Yellow: a false detection, with its "
    "score and what is wrong about it."
)
_SIDE = 640


def worst_images(
    judged: Sequence[JudgedImage], class_names: Sequence[str], most: int
) -> list[JudgedImage]:
    """Chooses images with errors, each class in its turn.

    Otherwise a class that comes in crowds would fill the page.

    Args:
        judged: all images.
        class_names: whose turn it is, the first first.
        most: how many.
    """
    ranks = [_most_errors(judged, name, most) for name in class_names]
    in_turn = [each for turn in zip_longest(*ranks) for each in turn if each]
    unique = {each.filename: each for each in in_turn}
    return list(unique.values())[:most]


def judged_picture(
    image: Image, judged: JudgedImage, caption: str = ""
) -> Picture:
    """Draws truth and detections; see `LEGEND`."""
    scale = _SIDE / max(image.shape[:2])
    canvas = np.asarray(
        cv2.resize(
            image,
            None,
            fx=scale,
            fy=scale,
            interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR,
        ),
        np.uint8,
    )
    lettering = Lettering(canvas.shape[1], canvas.shape[0])
    _draw(canvas, judged.found, FOUND, scale, 2)
    _draw(canvas, judged.met, WHITE, scale, 1)
    _draw(canvas, judged.missed, MISSED, scale, 2)
    _draw(canvas, judged.false, FALSE, scale, 2)
    tags = [(each, FALSE) for each in judged.false]
    tags += [(each, MISSED) for each in judged.missed]
    tags += [(each, FOUND) for each in judged.found]
    _write(canvas, tags, scale, lettering)
    objects = len(judged.met) + len(judged.missed)
    return picture(
        canvas,
        f"{caption}{judged.filename}: {len(judged.found)} of {objects} found, "
        f"{len(judged.false)} false",
    )


def _most_errors(
    judged: Sequence[JudgedImage], class_name: str, most: int
) -> list[JudgedImage]:
    """Returns the images with most errors of a class, those with any."""
    errors = [
        sum(
            box.class_name == class_name for box in [*each.missed, *each.false]
        )
        for each in judged
    ]
    worst = sorted(range(len(judged)), key=lambda place: -errors[place])
    return [judged[place] for place in worst[:most] if errors[place]]


def _draw(
    canvas: Image,
    boxes: Iterable[LabelledBox],
    color: Color,
    scale: float,
    stroke: int,
) -> None:
    for box in boxes:
        xmin, ymin, xmax, ymax = (round(edge * scale) for edge in box.edges)
        cv2.rectangle(
            canvas, (xmin, ymin), (xmax - 1, ymax - 1), color, stroke
        )


def _write(
    canvas: Image,
    tags: Iterable[tuple[LabelledBox, Color]],
    scale: float,
    lettering: Lettering,
) -> None:
    """Writes labels, the first first; one without room is left out."""
    height, width = canvas.shape[:2]
    taken: list[tuple[int, int, int, int]] = []
    for box, color in tags:
        left, top = box.edges[0] * scale, box.edges[1] * scale
        for text in _texts(box, color):
            place = lettering.place(
                text, left, top - lettering.row, width, height
            )
            if not any(overlap(place, other) for other in taken):
                lettering.tag(canvas, text, place, color)
                taken.append(place)
                break


def _texts(box: LabelledBox, color: Color) -> list[str]:
    """Returns what may stand at a box, the longest first."""
    if color == MISSED:
        return [f"{box.class_name} missed", box.class_name]
    scored = f"{box.class_name} {box.score:.2f}"
    return [f"{scored} {box.mistake}".rstrip(), scored, box.class_name]
