"""The photographs of the demo's report: images and frames, drawn into."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import cv2

from crossline.demo.counts import Crossing
from crossline.evaluate.judged_images import JudgedImage, LabelledBox
from crossline.geometry import Image
from crossline.report.page import Picture, picture
from crossline.video.reader import VideoReader
from crossline.video.text import Color, Lettering, Place

FOUND: Color = (46, 204, 113)
MISSED: Color = (235, 64, 52)
FALSE: Color = (255, 196, 0)
_ENLARGED = 2
"""So that letters and boxes of the same width hide less."""
_RING = 16


def judged_picture(image: Image, judged: JudgedImage) -> Picture:
    """Draws what was found, missed and made up.

    What was found is green; what was not tells its class.
    """
    large = image.repeat(_ENLARGED, axis=0).repeat(_ENLARGED, axis=1)
    lettering = Lettering(large.shape[1], large.shape[0])
    _draw(large, judged.found, FOUND, None)
    _draw(large, judged.missed, MISSED, lettering)
    _draw(large, judged.false, FALSE, lettering)
    objects = len(judged.found) + len(judged.missed)
    return picture(
        large,
        f"{judged.filename}: {len(judged.found)} of {objects} found, "
        f"{len(judged.false)} made up",
    )


def crossing_pictures(
    video: Path, crossings: Sequence[Crossing], ringed: bool = False
) -> list[Picture]:
    """Returns the frames of crossings, with a word on each.

    Args:
        video: its frames are those that `crossings` name.
        crossings: in any order.
        ringed: whether to ring the place, for a video that does not show it.
    """
    frames = _frames_at(video, {crossing.frame for crossing in crossings})
    pictures = []
    for crossing in crossings:
        if crossing.frame not in frames:
            continue
        image = frames[crossing.frame].copy()
        if ringed:
            center = round(crossing.x), round(crossing.y)
            cv2.circle(image, center, _RING, MISSED, 2, cv2.LINE_AA)
        pictures.append(picture(image, in_words(crossing)))
    return pictures


def first_frame(video: Path) -> Image:
    """Returns the first frame of a video."""
    return _frames_at(video, {0})[0]


def varied(crossings: Iterable[Crossing], most: int) -> list[Crossing]:
    """Chooses crossings from all of the time, of as many kinds as may be."""
    chosen: list[Crossing] = []
    kinds: Counter[tuple[str, str, str]] = Counter()
    ordered = sorted(crossings)
    most = min(most, len(ordered))
    for k in range(most):
        start, end = (len(ordered) * i // most for i in (k, k + 1))
        rarest = min(ordered[start:end], key=lambda one: kinds[one.kind])
        kinds[rarest.kind] += 1
        chosen.append(rarest)
    return chosen


def in_words(crossing: Crossing) -> str:
    """Returns what happened when."""
    return (
        f"{crossing.time_s:.1f} s: {crossing.class_name} crosses "
        f"{crossing.line} ({crossing.direction})"
    )


def _draw(
    image: Image,
    boxes: Iterable[LabelledBox],
    color: Color,
    lettering: Lettering | None,
) -> None:
    height, width = image.shape[:2]
    for box in boxes:
        xmin, ymin, xmax, ymax = (
            round(edge * _ENLARGED) for edge in box.edges
        )
        cv2.rectangle(image, (xmin, ymin), (xmax - 1, ymax - 1), color, 2)
        if lettering:
            sure = f" {box.score:.0%}" if box.score < 1 else ""
            text = f"{box.class_name}{sure}"
            top = ymin - lettering.row
            place: Place = lettering.place(text, xmin, top, width, height)
            lettering.tag(image, text, place, color)


def _frames_at(video: Path, numbers: Collection[int]) -> dict[int, Image]:
    """Returns the frames that have these numbers, as far as there are."""
    found: dict[int, Image] = {}
    with VideoReader(str(video)) as reader:
        for frame in reader:
            if frame.number in numbers:
                found[frame.number] = frame.image
            if len(found) == len(numbers):
                break
    return found
