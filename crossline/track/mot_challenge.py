"""MOTChallenge's files of tracks: boxes with identities.

A row, without a header, is::

    frame,id,left,top,width,height,score[,class,visibility | ,x,y,z]

Frames count from 1 there and from 0 here. Coordinates are pixels, taken as
they stand: ``left`` is `xmin`, ``left + width`` is `xmax`. Nine columns are
the form of MOT16 and later, with a class and with a visibility, which is 0
where a tracker predicts what it does not see; ten, with a place in the world,
are MOT15's and that of most results, without a class. Source: Leal-Taixe et
al., "MOTChallenge 2015", and Milan et al., "MOT16", 2016.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crossline.errors import InputError
from crossline.files import write_text
from crossline.geometry import FloatArray, IntArray
from crossline.track.tracker import Track

UNSTATED = 0
"""The class of rows that name none; label maps begin at 1."""

_WITH_CLASS = 9
_COLUMNS = range(6, 11)
_FORM = "frame,id,left,top,width,height,score"


@dataclass(frozen=True)
class TrackTable:
    """What one file says, in the order of frames.

    Attributes:
        frames: ``(n,)`` numbers of frames, from 0.
        track_ids: ``(n,)``; a frame has an id once at most.
        boxes: ``(n, 4)`` pixels, see `crossline.geometry`.
        class_ids: ``(n,)``; `UNSTATED` in files without classes.
        scores: ``(n,)``; in a truth, 0 marks what is not to be judged.
        is_seen: ``(n,)`` whether the object was seen there.
    """

    frames: IntArray
    track_ids: IntArray
    boxes: FloatArray
    class_ids: IntArray
    scores: FloatArray
    is_seen: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.frames)

    def __getitem__(self, chosen: Any) -> "TrackTable":
        """Selects by a boolean mask, indices or a slice."""
        return TrackTable(
            self.frames[chosen],
            self.track_ids[chosen],
            self.boxes[chosen],
            self.class_ids[chosen],
            self.scores[chosen],
            self.is_seen[chosen],
        )

    @classmethod
    def of(cls, tracks_by_frame: Iterable[Sequence[Track]]) -> "TrackTable":
        """Collects what a tracker reports, from frame 0 on."""
        return _table(
            _Row(
                frame,
                track.track_id,
                tuple(map(float, track.box)),
                track.class_id,
                track.score,
                track.is_seen,
            )
            for frame, tracks in enumerate(tracks_by_frame)
            for track in tracks
        )


@dataclass(frozen=True)
class _Row:
    frame: int
    track_id: int
    box: tuple[float, ...]
    class_id: int
    score: float
    is_seen: bool


def read_tracks(path: Path) -> TrackTable:
    """Reads a file of either form; an empty one has no tracks.

    Raises:
        InputError: it is missing, or a row is none, or a frame has an id
            twice.
    """
    if not path.is_file():
        problem = "is not a file" if path.exists() else "no such file"
        raise InputError(path, problem)
    rows: dict[tuple[int, int], _Row] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, cells in _lines(csv.reader(file)):
                place = f"line {number}"
                row = _parse(path, place, cells)
                key = row.frame, row.track_id
                if key in rows:
                    raise InputError(
                        path,
                        f"frame {row.frame + 1} has id {row.track_id} twice",
                        place=place,
                    )
                rows[key] = row
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            path, f"is no text ({error})", remedy=f"expected rows of {_FORM}"
        ) from error
    return _table(row for _, row in sorted(rows.items()))


def write_tracks(path: Path, rows: TrackTable) -> None:
    """Writes the form with nine columns, whole or not at all."""
    lines = []
    for place in range(len(rows)):
        track = Track(
            int(rows.track_ids[place]),
            rows.boxes[place],
            int(rows.class_ids[place]),
            float(rows.scores[place]),
            bool(rows.is_seen[place]),
        )
        cells = row_of(int(rows.frames[place]), track)
        lines.append(f"{','.join(cells)}\n")
    write_text(path, "".join(lines))


def row_of(frame: int, track: Track) -> list[str]:
    """Returns the nine cells of a track in a frame, which counts from 0."""
    xmin, ymin, xmax, ymax = map(float, track.box)
    sides = xmin, ymin, xmax - xmin, ymax - ymin
    return [
        str(frame + 1),
        str(track.track_id),
        *(f"{side:.2f}" for side in sides),
        f"{track.score:.3f}",
        str(track.class_id),
        str(int(track.is_seen)),
    ]


def _lines(
    reader: Iterator[list[str]],
) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(reader, 1):
        if cells:
            yield number, cells


def _parse(path: Path, place: str, cells: Sequence[str]) -> _Row:
    if len(cells) not in _COLUMNS:
        raise InputError(
            path,
            f"has {len(cells)} columns",
            place=place,
            remedy=f"expected {_COLUMNS.start} to {_COLUMNS.stop - 1}: "
            f"{_FORM} ...",
        )
    numbers = [_number(path, place, cell) for cell in cells]
    frame, track_id, left, top, width, height = numbers[:6]
    if frame < 1 or not (frame.is_integer() and track_id.is_integer()):
        raise InputError(
            path,
            f"frame {cells[0]}, id {cells[1]}",
            place=place,
            remedy="both are whole numbers, frames from 1",
        )
    if width <= 0 or height <= 0:
        raise InputError(
            path, f"a box of {cells[4]} x {cells[5]} pixels", place=place
        )
    has_class = len(numbers) == _WITH_CLASS
    return _Row(
        int(frame) - 1,
        int(track_id),
        (left, top, left + width, top + height),
        int(numbers[7]) if has_class else UNSTATED,
        numbers[6] if len(numbers) > 6 else 1.0,
        not has_class or numbers[8] > 0,
    )


def _number(path: Path, place: str, cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise InputError(
            path,
            f"{cell!r} is not a number",
            place=place,
            remedy=f"expected {_FORM} ...",
        )
    return number


def _table(rows: Iterable[_Row]) -> TrackTable:
    listed = list(rows)
    return TrackTable(
        np.array([row.frame for row in listed], np.int64),
        np.array([row.track_id for row in listed], np.int64),
        np.array([row.box for row in listed], np.float32).reshape(-1, 4),
        np.array([row.class_id for row in listed], np.int64),
        np.array([row.score for row in listed], np.float32),
        np.array([row.is_seen for row in listed], bool),
    )
