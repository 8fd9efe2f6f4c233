"""The sample's video: the street for a minute, and the truth about it."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from crossline.files import replacing, write_text
from crossline.geometry import Image
from crossline.sample.scene import Light, draw_street, render
from crossline.sample.traffic import (
    TrafficLine,
    TrueCrossing,
    count_crossings,
    plan_traffic,
    street_lines,
    street_obstacles,
    true_crossings,
)

WIDTH, HEIGHT, FPS = 480, 360, 25
_LIGHT = Light(noise=2.0)
_HIDDEN = 0.5
"""An object of which less shows is occluded."""


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
        movers = plan_traffic(self.seconds, WIDTH, HEIGHT, random)
        street = draw_street(WIDTH, HEIGHT, random)
        obstacles = street_obstacles(WIDTH, HEIGHT)
        limits = [WIDTH, HEIGHT, WIDTH, HEIGHT]
        for frame in range(int(self.seconds * FPS)):
            placed = [mover.at(frame / FPS, HEIGHT) for mover in movers]
            # Who has not come yet, or is gone, need not be painted.
            shown = [
                k
                for k, each in enumerate(placed)
                if abs(each.x / WIDTH - 0.5) < 1
            ]
            rendered = render(
                street, [placed[k] for k in shown], obstacles, _LIGHT, random
            )
            for k, box, visibility in zip(
                shown, rendered.boxes, rendered.visibility, strict=True
            ):
                cut = np.clip(box, 0, limits)
                if (cut[2:] > cut[:2]).all():
                    mover = movers[k]
                    xmin, ymin, xmax, ymax = map(float, cut)
                    self.tracks.append(
                        TrackRow(
                            frame,
                            mover.track_id,
                            mover.kind,
                            xmin,
                            ymin,
                            xmax,
                            ymax,
                            round(float(visibility), 3),
                        )
                    )
            yield rendered.image

    def lines(self) -> list[TrafficLine]:
        """Returns the lines that the truth counts."""
        return street_lines(WIDTH, HEIGHT)

    def crossings(self) -> list[TrueCrossing]:
        """Returns the true crossings, once all frames are drawn."""
        centers: dict[int, list[tuple[int, float, float]]] = {}
        for row in self.tracks:
            x, y = (row.xmin + row.xmax) / 2, (row.ymin + row.ymax) / 2
            centers.setdefault(row.track_id, []).append((row.frame, x, y))
        kinds = {row.track_id: row.kind for row in self.tracks}
        return true_crossings(centers, kinds, self.lines(), FPS)

    def occluded_share(self) -> float:
        """Returns the share of objects that obstacles or others hide a while.

        Only frames count in which an object is wholly inside the picture.
        """
        hidden, everybody = set(), set()
        for row in self.tracks:
            everybody.add(row.track_id)
            inside = row.xmin > 0 and row.xmax < WIDTH
            if inside and row.visibility < _HIDDEN:
                hidden.add(row.track_id)
        return len(hidden) / max(len(everybody), 1)


def write_truth(video: StreetVideo, folder: Path) -> None:
    """Writes tracks, crossings and their counts, once all frames are drawn.

    They become ``street_tracks.csv``, ``street_crossings.csv`` and
    ``street_truth.json``.
    """
    _write_csv(
        folder / "street_tracks.csv",
        "frame,track_id,class,xmin,ymin,xmax,ymax,visibility",
        [tuple(vars(row).values()) for row in video.tracks],
    )
    crossings = video.crossings()
    _write_csv(
        folder / "street_crossings.csv",
        "time_s,frame,track_id,class,line,direction,x,y",
        crossings,
    )
    truth = {
        "width": WIDTH,
        "height": HEIGHT,
        "fps": FPS,
        "frames": int(video.seconds * FPS),
        "objects": len({row.track_id for row in video.tracks}),
        "occluded_share": round(video.occluded_share(), 3),
        "lines": {
            line.name: [line.x, line.top, line.x, line.bottom]
            for line in video.lines()
        },
        "counts": count_crossings(crossings),
    }
    write_text(
        folder / "street_truth.json", json.dumps(truth, indent=2) + "\n"
    )


def _write_csv(
    path: Path,
    header: str,
    rows: "list[TrueCrossing] | list[tuple[object, ...]]",
) -> None:
    with replacing(path) as draft, draft.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)
