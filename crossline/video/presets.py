"""Settings that go together, by name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """See `PRESETS`.

    Attributes:
        min_score: see `crossline.video.loop.WatchSettings`.
        tiles: columns and rows, see `crossline.detect.tiles.TiledDetector`.
        detect_every: see `crossline.video.loop.WatchSettings`.
    """

    min_score: float
    tiles: tuple[int, int]
    detect_every: int

    def but(
        self,
        *,
        min_score: float | None,
        tiles: tuple[int, int] | None,
        detect_every: int | None,
    ) -> "Preset":
        """Returns it with what was given by hand; None is not given."""
        return Preset(
            self.min_score if min_score is None else min_score,
            tiles or self.tiles,
            detect_every or self.detect_every,
        )


PRESETS = {
    "fast": Preset(min_score=0.5, tiles=(1, 1), detect_every=1),
    "accurate": Preset(min_score=0.5, tiles=(2, 2), detect_every=1),
}
"""Each one for all videos."""
