"""The sample's video: the street for a minute, and the truth about it."""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path

import numpy as np

from crossline.files import replacing, write_text
from crossline.geometry import Image
from crossline.sample.light import DAY
from crossline.sample.objects import phase_after
from crossline.sample.places import HEIGHT, VIDEO_CAMERA, WIDTH, video_place
from crossline.sample.scene import Floats, Placed, Rendered, render
from crossline.sample.traffic import Mover, View, plan_traffic
from crossline.sample.truth import (
    Center,
    TrueCrossing,
    TrueLine,
    count_crossings,
    true_crossings,
)

FPS = 25
LINES = tuple(
    TrueLine(name, (x * WIDTH, y * HEIGHT), (to_x * WIDTH, to_y * HEIGHT))
    for name, x, y, to_x, to_y in (
        ("main", 0.5, 0.5, 0.5, 1.0),
        ("road", 0.36, 0.5, 0.29, 0.655),
    )
)
"""One over road and pavement, and one over the two lanes alone, aslant."""
_GATES = (0.0, -0.35)
"""Where they are, -1 for the left edge and 1 for the right edge."""
_HIDDEN = 0.5
_WHILE = 5
"""Frames. So long an object must show less than `_HIDDEN` of itself to be
called occluded."""


@dataclass(frozen=True)
class TrackRow:
    """One object in one frame; the box is cut at the frame's edge."""

    frame: int
    track_id: int
    kind: str
    xmin: float
    ymin: float
    xmax: float
    ymax: float
    visibility: float


@dataclass
class StreetVideo:
    """A video that is drawn frame by frame and remembers what it showed.

    Attributes:
        seconds: of the video.
        seed: same seed, same video.
        tracks: of the frames drawn so far.
    """

    seconds: float
    seed: int
    tracks: list[TrackRow] = field(default_factory=list)

    def frames(self) -> Iterator[Image]:
        """Draws the frames, RGB, and fills `tracks`."""
        random = np.random.default_rng((self.seed, 1_000_000))
        camera = VIDEO_CAMERA
        view = View(WIDTH / 2 / camera.focal, camera.height)
        movers = plan_traffic(self.seconds, view, _GATES, random)
        place = video_place(DAY)
        for frame in range(int(self.seconds * FPS)):
            shown = [
                (mover, placed)
                for mover in movers
                if (placed := place_mover(mover, frame / FPS))
            ]
            rendered = render(
                place.street,
                [placed for _, placed in shown],
                place.furniture,
                DAY,
                random,
            )
            self._remember(frame, [mover for mover, _ in shown], rendered)
            yield rendered.image

    def _remember(
        self, frame: int, movers: Sequence[Mover], rendered: Rendered
    ) -> None:
        """Adds a frame's rows, of those inside the picture."""
        for mover, box, visible in zip(
            movers, rendered.boxes, rendered.visibility, strict=True
        ):
            if row := track_row(frame, mover, box, float(visible)):
                self.tracks.append(row)

    def crossings(self) -> list[TrueCrossing]:
        """Returns the true crossings, once all frames are drawn."""
        centers: dict[int, list[Center]] = {}
        for row in self.tracks:
            x, y = (row.xmin + row.xmax) / 2, (row.ymin + row.ymax) / 2
            centers.setdefault(row.track_id, []).append((row.frame, x, y))
        kinds = {row.track_id: row.kind for row in self.tracks}
        return true_crossings(centers, kinds, LINES, FPS)

    def occluded_share(self) -> float:
        """Returns the share of objects that something hides for a while.

        Only frames count in which an object is wholly inside the picture.
        """
        hidden = Counter(
            row.track_id
            for row in self.tracks
            if row.xmin > 0 and row.xmax < WIDTH and row.visibility < _HIDDEN
        )
        everybody = {row.track_id for row in self.tracks}
        occluded = [id_ for id_, frames in hidden.items() if frames >= _WHILE]
        return len(occluded) / max(len(everybody), 1)


def write_truth(video: StreetVideo, folder: Path) -> None:
    """Writes tracks, crossings and their counts, once all frames are drawn.

    They become ``street_tracks.csv``, ``street_crossings.csv`` and
    ``street_truth.json``.
    """
    _write_csv(
        folder / "street_tracks.csv",
        "frame,track_id,class,xmin,ymin,xmax,ymax,visibility",
        [astuple(row) for row in video.tracks],
    )
    crossings = video.crossings()
    write_crossings(folder / "street_crossings.csv", crossings)
    truth = {
        "width": WIDTH,
        "height": HEIGHT,
        "fps": FPS,
        "frames": int(video.seconds * FPS),
        "objects": len({row.track_id for row in video.tracks}),
        "occluded_share": round(video.occluded_share(), 3),
        "lines": {line.name: [*line.start, *line.end] for line in LINES},
        "counts": count_crossings(crossings),
    }
    write_text(
        folder / "street_truth.json", json.dumps(truth, indent=2) + "\n"
    )


def write_crossings(path: Path, crossings: Sequence[TrueCrossing]) -> None:
    """Writes a row per crossing, as ``events.csv`` has them."""
    header = "time_s,frame,track_id,class,line,direction,x,y"
    _write_csv(path, header, crossings)


def track_row(
    frame: int, mover: Mover, box: Floats, visibility: float
) -> TrackRow | None:
    """Returns where somebody is in the picture; None outside of it.

    Args:
        frame: counted from 0.
        mover: who.
        box: ``(4,)`` the whole of it, pixels.
        visibility: share that shows.
    """
    xmin, ymin, xmax, ymax = np.clip(
        box, 0, [WIDTH, HEIGHT, WIDTH, HEIGHT]
    ).tolist()
    if xmin >= xmax or ymin >= ymax:
        return None
    return TrackRow(
        frame,
        mover.track_id,
        mover.look.kind,
        xmin,
        ymin,
        xmax,
        ymax,
        round(visibility, 3),
    )


def place_mover(mover: Mover, time_s: float) -> Placed | None:
    """Returns where the camera sees somebody; None before and afterwards."""
    position = mover.at(time_s)
    if position is None:
        return None
    ground = VIDEO_CAMERA.ground(position.depth)
    return Placed(
        mover.look,
        phase_after(mover.look.kind, position.walked),
        WIDTH / 2 + position.x * VIDEO_CAMERA.focal / position.depth,
        ground,
        position.faces_left,
    )


def _write_csv(
    path: Path, header: str, rows: Sequence[tuple[object, ...]]
) -> None:
    with replacing(path) as draft, draft.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)
