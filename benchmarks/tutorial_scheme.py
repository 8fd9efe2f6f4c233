r"""Count people as the tutorials do: what crossline is measured against.

Their scheme, written afresh: a SavedModel detects in every 30th frame, dlib
carries each box to the next detection, ids go to the nearest centroid, and an
id is counted once, when its centroid has changed the side. All in one thread,
the video by OpenCV's mp4v.

In: a video, and an export folder with a saved_model. Out: the counts at a
vertical line; on demand a video, and the tracks in MOTChallenge's form.

Example:
    python benchmarks/tutorial_scheme.py vtest.avi --model exported/float \
        --x 384 --tracks scheme.txt
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from crossline.command_line import new_parser, run_script
from crossline.geometry import FloatArray, Image, box_centers

if TYPE_CHECKING:
    from crossline.detect.detector import Detector
    from crossline.track.tracker import Track

DETECT_EVERY = 30
"""Frames."""
MIN_SCORE = 0.5
MOST_UNSEEN = 40
"""Frames that an object may be missing."""
FARTHEST = 50.0
"""Pixels from a centroid to the next one of the same object."""
CLASS_NAME = "person"


@dataclass
class Scheme:
    """The tutorials' loop over one video.

    Attributes:
        x: of the vertical line, pixels.
        right: how many crossed it rightwards.
        left: leftwards.
        ids: that were given.
    """

    detector: "Detector"
    x: float
    right: int = 0
    left: int = 0
    ids: int = 0
    _carriers: list[Any] = field(default_factory=list)
    _boxes: dict[int, FloatArray] = field(default_factory=dict)
    _unseen: dict[int, int] = field(default_factory=dict)
    _places: dict[int, float] = field(default_factory=dict)
    _counted: set[int] = field(default_factory=set)

    def update(self, image: Image, number: int) -> dict[int, FloatArray]:
        """Takes the next frame, RGB; returns the boxes by id."""
        if number % DETECT_EVERY == 0:
            self._detect(image)
            self._assign([])  # As they do: boxes come with the next frame.
        else:
            self._assign([_carried(each, image) for each in self._carriers])
        for key, box in self._boxes.items():
            self._count(key, float(box[0] + box[2]) / 2)
        return self._boxes

    def _detect(self, image: Image) -> None:
        import dlib

        self._carriers = []
        for box, score, class_id in self.detector.detect(image):
            name = self.detector.class_names[class_id]
            if score > MIN_SCORE and name == CLASS_NAME:
                carrier = dlib.correlation_tracker()
                corners = [round(float(edge)) for edge in box]
                carrier.start_track(image, dlib.rectangle(*corners))
                self._carriers.append(carrier)

    def _assign(self, boxes: Sequence[FloatArray]) -> None:
        """Gives each box the id of the nearest centroid, nearest first."""
        keys, free = [*self._boxes], set(range(len(boxes)))
        if keys and boxes:
            former = box_centers(np.stack([*self._boxes.values()]))
            centers = box_centers(np.stack(boxes))
            far = np.linalg.norm(former[:, None] - centers[None], axis=2)
            for row in far.min(axis=1).argsort():
                column = int(far[row].argmin())
                if column in free and far[row, column] <= FARTHEST:
                    free.remove(column)
                    self._boxes[keys[row]] = boxes[column]
                    self._unseen[keys[row]] = -1
        for key in keys:
            self._unseen[key] += 1
            if self._unseen[key] > MOST_UNSEEN:
                del self._boxes[key], self._unseen[key]
        for column in sorted(free):
            self.ids += 1
            self._boxes[self.ids] = boxes[column]
            self._unseen[self.ids] = 0

    def _count(self, key: int, x: float) -> None:
        """Counts an id once, when its centroid has changed the side."""
        former = self._places.get(key, x)
        if key not in self._counted and (former < self.x) != (x < self.x):
            self._counted.add(key)
            if x < self.x:
                self.left += 1
            else:
                self.right += 1
        self._places[key] = x


def _carried(carrier: Any, image: Image) -> FloatArray:
    carrier.update(image)
    place = carrier.get_position()
    edges = place.left(), place.top(), place.right(), place.bottom()
    return np.array(edges, np.float32)


def watch(
    source: Path, scheme: Scheme, video: Path | None
) -> Iterator[dict[int, FloatArray]]:
    """Reads a video, and writes one with boxes, frame after frame."""
    import cv2

    capture = cv2.VideoCapture(str(source))
    writer = None
    number = 0
    while (read := capture.read())[0]:
        frame = read[1]
        rgb = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
        boxes = scheme.update(np.asarray(rgb, np.uint8), number)
        if video:
            height, width = frame.shape[:2]
            writer = writer or cv2.VideoWriter(
                str(video),
                cv2.VideoWriter.fourcc(*"mp4v"),
                capture.get(cv2.CAP_PROP_FPS),
                (width, height),
            )
            _draw(frame, boxes, scheme)
            writer.write(frame)
        yield dict(boxes)
        number += 1
    capture.release()
    if writer:
        writer.release()


def _draw(frame: Any, boxes: dict[int, FloatArray], scheme: Scheme) -> None:
    import cv2

    font, green = cv2.FONT_HERSHEY_SIMPLEX, (0, 255, 0)
    height, x = frame.shape[0], round(scheme.x)
    cv2.line(frame, (x, 0), (x, height), (0, 255, 255), 2)
    for key, (left, top, right, bottom) in boxes.items():
        at = round(float(left + right) / 2), round(float(top + bottom) / 2)
        text = f"ID {key}"
        cv2.putText(frame, text, (at[0] - 10, at[1] - 10), font, 0.5, green, 2)
        cv2.circle(frame, at, 4, green, -1)
    for row, text in enumerate(
        (f"right: {scheme.right}", f"left: {scheme.left}")
    ):
        at = 10, height - 20 - 20 * row
        cv2.putText(frame, text, at, font, 0.6, (0, 0, 255), 2)


def tracks_of(boxes: dict[int, FloatArray]) -> "list[Track]":
    """Returns a frame's boxes as tracks, each of class 1."""
    from crossline.track.tracker import Track

    return [Track(key, box, 1, 1.0, True) for key, box in boxes.items()]


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("source", type=Path, help="video file")
    parser.add_argument(
        "--model",
        type=Path,
        required=True,
        help="export folder with a saved_model",
    )
    parser.add_argument(
        "--x", type=float, default=384, help="of the line, pixels"
    )
    parser.add_argument("--video", type=Path, help="MP4 to write")
    parser.add_argument(
        "--tracks", type=Path, help="MOTChallenge file to write"
    )
    return parser


def run(
    source: Path,
    model: Path,
    x: float,
    video: Path | None,
    tracks: Path | None,
) -> Scheme:
    from crossline.detect.detector import open_detector
    from crossline.track.mot_challenge import TrackTable, write_tracks

    scheme = Scheme(open_detector(model), x)
    scheme.detector.detect(np.zeros((480, 640, 3), np.uint8))  # TensorFlow's
    started, frames = time.perf_counter(), 0
    tables: list[list[Track]] = []
    for boxes in watch(source, scheme, video):
        frames += 1
        tables.append(tracks_of(boxes))
    seconds = time.perf_counter() - started
    if tracks:
        write_tracks(tracks, TrackTable.of(tables))
    print(
        f"right {scheme.right}, left {scheme.left}, {scheme.ids} ids, "
        f"{frames / seconds:.1f} frames/s"
    )
    return scheme


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
