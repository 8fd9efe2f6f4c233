"""The files of a count: events, counts per minute, and two pictures."""

import importlib.util
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from crossline.count.counter import SceneCounter
from crossline.count.events import EventLog, OccupancyLog
from crossline.count.minutes import MinuteLog
from crossline.count.paths import CELL, PathGrid
from crossline.files import replacing
from crossline.geometry import Image
from crossline.video.draw import Painter, class_color
from crossline.video.heat_map import draw_heat
from crossline.video.images import write_image
from crossline.video.loop import Seen

EVENTS_NAME = "events.csv"
OCCUPANCY_NAME = "occupancy.csv"
MINUTES_NAME = "counts_per_minute.csv"
PLOT_NAME = "counts.png"
PATHS_NAME = "paths.png"

_LOG = logging.getLogger(__name__)


class CountFiles:
    """Writes what was counted into a folder, as it happens.

    A context manager; the tables are valid up to their last row.

    Args:
        folder: made.
        counter: tells lines, zones and their directions.
        class_names: label map id to name, of what is looked for.
        width: of the frames, pixels.
        height: of the frames, pixels.
    """

    def __init__(
        self,
        folder: Path,
        counter: SceneCounter,
        class_names: Mapping[int, str],
        width: int,
        height: int,
    ) -> None:
        self._folder = folder
        self._counter = counter
        self._class_names = class_names
        self._first: Image | None = None
        self._paths = PathGrid(width, height)
        with ExitStack() as opened:
            self._events = opened.enter_context(
                EventLog(folder / EVENTS_NAME, class_names)
            )
            self._minutes = opened.enter_context(
                MinuteLog(folder / MINUTES_NAME, counter.totals, class_names)
            )
            self._occupancy = None
            if counter.scene.zones:
                self._occupancy = opened.enter_context(
                    OccupancyLog(folder / OCCUPANCY_NAME, class_names)
                )
            self._files = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._files.__exit__(kind, error, traceback)

    def written(self, watched: Iterable[Seen]) -> Iterator[Seen]:
        """Yields what it takes, once it is written."""
        for seen in watched:
            if self._first is None:
                # The frame itself will be drawn into.
                self._first = seen.frame.image.copy()
            self._events.write(seen.crossings)
            self._minutes.write(seen.frame.time_s, seen.crossings)
            if self._occupancy:
                self._occupancy.write(
                    seen.frame.time_s, seen.frame.number, seen.occupancy
                )
            self._paths.update(seen.tracks)
            yield seen

    def draw(self, duration_s: float) -> None:
        """Draws the heat map, and the plot where matplotlib is installed.

        Args:
            duration_s: of the video.
        """
        if self._first is None:
            return
        height, width = self._first.shape[:2]
        image = draw_heat(self._first, self._paths.tracks, CELL)
        painter = Painter(self._class_names, width, height)
        painter.zones(image, self._counter.scene.zones)
        painter.lines(image, self._counter.scene.lines, ())
        write_image(self._folder / PATHS_NAME, image)
        if importlib.util.find_spec("matplotlib") is None:
            _LOG.info("%s is left out: matplotlib is not installed", PLOT_NAME)
            return
        self._plot(duration_s)

    def _plot(self, duration_s: float) -> None:
        from crossline.video.count_plot import plot_counts

        figure = plot_counts(
            self._folder / EVENTS_NAME,
            self._folder / OCCUPANCY_NAME if self._occupancy else None,
            {name: [*ways] for name, ways in self._counter.totals.items()},
            {
                name: class_color(key)
                for key, name in self._class_names.items()
            },
            duration_s,
        )
        with replacing(self._folder / PLOT_NAME) as draft:
            figure.savefig(draft, format="png", dpi=110)
