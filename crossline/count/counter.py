"""Counts at all lines and zones of a scene."""

from collections.abc import Sequence

from crossline.count.lines import Crossing, LineCounter, Totals
from crossline.count.scene import Scene
from crossline.count.zones import ZoneCounter
from crossline.track.tracker import Track


class SceneCounter:
    """Counts the crossings of a scene's lines, and who is in its zones.

    Args:
        scene: see there.
        once: whether a track counts at most once per line and direction.
            Zones count every entry and exit.

    Attributes:
        scene: as given.
        lines: counts at the lines.
        zones: counts at the zones.
    """

    def __init__(self, scene: Scene, once: bool = False) -> None:
        self.scene = scene
        self.lines = LineCounter(scene.lines, once=once)
        self.zones = ZoneCounter(scene.zones)

    def update(
        self, tracks: Sequence[Track], frame: int, time_s: float
    ) -> list[Crossing]:
        """Takes all live tracks of a frame; returns who crossed what in it.

        Call it once for each frame, also with no track: a track that is
        missing is taken for gone.
        """
        return [
            *self.lines.update(tracks, frame, time_s),
            *self.zones.update(tracks, frame, time_s),
        ]

    @property
    def totals(self) -> Totals:
        """Of lines and zones; each direction is there from the start."""
        return {**self.lines.totals, **self.zones.totals}
