"""Where the tracks went: how many came through each part of the frame."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from crossline.track.tracker import Point, Track

CELL = 4
"""Pixels, a side."""

_Cell = tuple[int, int]
"""Column and row."""


@dataclass
class _Way:
    """Where one track is, and all cells where it was."""

    cell: _Cell
    passed: set[_Cell] = field(default_factory=set)


class PathGrid:
    """Counts in cells how many tracks came through.

    A track counts once in a cell, however often it comes back or trembles
    there. Between two frames, and where it was not seen, its way is straight.

    Args:
        width: of the frame, pixels.
        height: of the frame, pixels.

    Attributes:
        tracks: ``(rows, columns)`` of cells, `CELL` pixels a side.
    """

    def __init__(self, width: int, height: int) -> None:
        self.tracks: npt.NDArray[np.int64] = np.zeros(
            (-(-height // CELL), -(-width // CELL)), np.int64
        )
        self._ways: dict[int, _Way] = {}

    def update(self, tracks: Iterable[Track]) -> None:
        """Takes all live tracks of a frame; the others are gone."""
        ways = {}
        for track in tracks:
            way = self._ways.get(track.track_id)
            for point in (*track.earlier, track.center):
                if track.is_seen and np.isfinite(point).all():
                    way = self._go(way, self._cell_of(point))
            if way:
                ways[track.track_id] = way
        self._ways = ways

    def _go(self, way: _Way | None, cell: _Cell) -> _Way:
        way = way or _Way(cell)
        rows, columns = self.tracks.shape
        for column, row in _straight(way.cell, cell):
            is_inside = 0 <= column < columns and 0 <= row < rows
            if is_inside and (column, row) not in way.passed:
                way.passed.add((column, row))
                self.tracks[row, column] += 1
        way.cell = cell
        return way

    def _cell_of(self, point: Point) -> _Cell:
        """Returns one just outside for whatever is outside."""
        rows, columns = self.tracks.shape
        return (
            round(min(max(point[0] // CELL, -1), columns)),
            round(min(max(point[1] // CELL, -1), rows)),
        )


def _straight(start: _Cell, end: _Cell) -> list[_Cell]:
    """Returns the cells from one to the other, without gaps."""
    across, down = end[0] - start[0], end[1] - start[1]
    steps = max(abs(across), abs(down), 1)
    return [
        (
            start[0] + round(across * step / steps),
            start[1] + round(down * step / steps),
        )
        for step in range(steps + 1)
    ]
