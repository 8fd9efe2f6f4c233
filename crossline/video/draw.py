"""Draws what was seen into a frame.

All sizes follow the frame's, so that a 320 pixel clip stays readable and a
large one is not plastered.
"""

import colorsys
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

import cv2
import numpy as np

from crossline.count.lines import Line, Totals
from crossline.count.zones import Zone
from crossline.geometry import Detections, FloatArray, Image
from crossline.track.tracker import Point, Track
from crossline.video.panel import draw_panel, totals_table
from crossline.video.text import (
    BLACK,
    WHITE,
    Color,
    Lettering,
    Place,
    overlap,
)

_CROSSED: Color = (255, 214, 0)
_ARROW = 2.5
"""Length of a line's arrow, of the letters' size."""
_GOLDEN_RATIO = 0.618034


def class_color(class_id: int) -> Color:
    """Returns a bright colour; neighbouring ids differ most."""
    hue = (0.45 + _GOLDEN_RATIO * class_id) % 1
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.75, 1)
    return round(255 * red), round(255 * green), round(255 * blue)


@dataclass
class Trails:
    """The ways that the live tracks have come.

    Attributes:
        seconds: how long a point stays.
    """

    seconds: float = 2.0
    _points: dict[int, deque[tuple[float, Point]]] = field(
        default_factory=dict, init=False
    )

    def update(self, tracks: Iterable[Track], time_s: float) -> None:
        """Takes all live tracks of a frame; forgets the others."""
        points = {}
        for track in tracks:
            trail = self._points.get(track.track_id, deque())
            trail.append((time_s, track.center))
            while trail[0][0] < time_s - self.seconds:
                trail.popleft()
            points[track.track_id] = trail
        self._points = points

    def of(self, track: Track) -> list[Point]:
        """Returns the centres of a live track, oldest first."""
        return [point for _, point in self._points[track.track_id]]


@dataclass(frozen=True)
class _Label:
    """A box to draw, and what may stand at it, longest text first."""

    box: FloatArray
    color: Color
    texts: tuple[str, ...]
    is_seen: bool = True

    @property
    def edges(self) -> Place:
        xmin, ymin, xmax, ymax = np.rint(self.box).astype(int).tolist()
        return xmin, ymin, xmax, ymax


class Painter:
    """Draws into the frames of one video, or into one image.

    Args:
        class_names: label map id to name.
        width: of the frames, pixels.
        height: of the frames, pixels.
    """

    def __init__(
        self, class_names: Mapping[int, str], width: int, height: int
    ) -> None:
        self._class_names = class_names
        self._lettering = Lettering(width, height)
        self._stroke = max(1, round(self._lettering.size / 8))

    def detections(self, image: Image, detections: Detections) -> None:
        """Draws boxes with class and confidence."""
        labels = []
        for box, score, class_id in detections:
            name = self._class_names[class_id]
            texts = (f"{name} {score:.0%}", name)
            labels.append(_Label(box, class_color(class_id), texts))
        self._draw(image, labels)

    def tracks(
        self, image: Image, tracks: Collection[Track], trails: Trails
    ) -> None:
        """Draws trails, boxes, ids, classes and confidences.

        What is not seen at the moment has a thin box and no confidence.
        """
        labels = []
        for track in tracks:
            color = class_color(track.class_id)
            way = np.rint(trails.of(track)).astype(np.int32)
            cv2.polylines(
                image, [way], False, color, self._stroke, cv2.LINE_AA
            )
            name = f"{track.track_id} {self._class_names[track.class_id]}"
            sure = f"{name} {track.score:.0%}" if track.is_seen else name
            texts = (sure, name, f"{track.track_id}")
            labels.append(_Label(track.box, color, texts, track.is_seen))
        self._draw(image, labels)

    def lines(
        self, image: Image, lines: Iterable[Line], crossed: Collection[str]
    ) -> None:
        """Draws the lines with their names; those just crossed light up."""
        height, width = image.shape[:2]
        colors = [
            (line, _CROSSED if line.name in crossed else WHITE)
            for line in lines
        ]
        for line, color in colors:
            start, end = _pixel(*line.start), _pixel(*line.end)
            self._outlined(image, cv2.line, start, end, color)
        # No line strikes out another one's names.
        for line, color in colors:
            self._arrow(image, line, color)
            end = _pixel(*line.end)
            place = self._lettering.place(line.name, *end, width, height)
            self._lettering.tag(image, line.name, place, color)

    def _arrow(self, image: Image, line: Line, color: Color) -> None:
        """Draws which way the first direction is, from the line's middle."""
        height, width = image.shape[:2]
        is_seen, start, end = cv2.clipLine(
            (0, 0, width, height), _pixel(*line.start), _pixel(*line.end)
        )
        if not is_seen:
            return
        x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        across, down = line.normal
        long = _ARROW * self._lettering.size
        tip = _pixel(x + long * across, y + long * down)
        self._outlined(image, _draw_arrow, _pixel(x, y), tip, color)
        text = line.directions[0]
        wide, row = self._lettering.width_of(text), self._lettering.row
        gap = self._lettering.size / 2
        place = self._lettering.place(
            text,
            tip[0] + gap * across + (across - 1) * wide / 2,
            tip[1] + gap * down + (down - 1) * row / 2,
            width,
            height,
        )
        self._lettering.tag(image, text, place, color)

    def _outlined(
        self,
        image: Image,
        draw: Callable[..., object],
        start: tuple[int, int],
        end: tuple[int, int],
        color: Color,
    ) -> None:
        for shade, stroke in (
            (BLACK, self._stroke + 2),
            (color, self._stroke),
        ):
            draw(image, start, end, shade, stroke, cv2.LINE_AA)

    def zones(
        self,
        image: Image,
        zones: Iterable[Zone],
        occupancy: Mapping[str, Counter[int]] | None = None,
    ) -> None:
        """Draws the zones with their names, and how many are in."""
        height, width = image.shape[:2]
        for zone in zones:
            outline = np.rint(zone.corners).astype(np.int32)
            for shade, stroke in (
                (BLACK, self._stroke + 2),
                (WHITE, self._stroke),
            ):
                cv2.polylines(
                    image, [outline], True, shade, stroke, cv2.LINE_AA
                )
            text = zone.name
            if occupancy:
                text += f": {occupancy[zone.name].total()}"
            left, top = min(zone.corners, key=lambda corner: corner[1])
            place = self._lettering.place(text, left, top, width, height)
            self._lettering.tag(image, text, place, WHITE)

    def totals(self, image: Image, totals: Totals) -> None:
        """Draws a panel of the crossings so far."""
        table = totals_table(totals, self._class_names)
        draw_panel(image, table, class_color, self._lettering)

    def _draw(self, image: Image, labels: Iterable[_Label]) -> None:
        height, width = image.shape[:2]
        frame = (0, 0, width, height)
        visible = [label for label in labels if overlap(label.edges, frame)]
        for label in visible:
            xmin, ymin, xmax, ymax = label.edges
            stroke = self._stroke if label.is_seen else 1
            # Edges lie between pixels: the last one inside is before them.
            cv2.rectangle(
                image,
                (xmin, ymin),
                (xmax - 1, ymax - 1),
                label.color,
                stroke,
            )
        tags: list[tuple[str, Place, Color]] = []
        for label in visible:
            taken = [place for _, place, _ in tags]
            text, place = self._choose(label, taken, width, height)
            tags.append((text, place, label.color))
        # The first comes out on top where they cannot help overlapping.
        for text, place, color in reversed(tags):
            self._lettering.tag(image, text, place, color)

    def _choose(
        self, label: _Label, taken: Iterable[Place], width: int, height: int
    ) -> tuple[str, Place]:
        """Returns the longest text that fits between others, and its place.

        That is above the box, or inside of it where the image ends.
        """
        left, box_top, _, _ = label.edges
        top = box_top - self._lettering.row
        if top < 0:
            top = box_top
        for text in label.texts:
            place = self._lettering.place(text, left, top, width, height)
            if not any(overlap(place, other) for other in taken):
                break
        return text, place


_draw_arrow = partial(cv2.arrowedLine, tipLength=0.3)


def _pixel(x: float, y: float) -> tuple[int, int]:
    return round(x), round(y)
