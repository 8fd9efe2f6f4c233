"""Settings that go together, by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from crossline.video.schedule import DetectEvery


@dataclass(frozen=True)
class Preset:
    """See `PRESETS`.

    Attributes:
        min_score: see `crossline.video.loop.WatchSettings`.
        class_scores: likewise, by name.
        tiles: columns and rows, see `crossline.detect.tiles.TiledDetector`.
        detect_every: see `crossline.video.loop.WatchSettings`.
    """

    min_score: float
    class_scores: Mapping[str, float]
    tiles: tuple[int, int]
    detect_every: DetectEvery

    def but(
        self,
        *,
        min_score: float | None,
        tiles: tuple[int, int] | None,
        detect_every: DetectEvery | None,
    ) -> "Preset":
        """Returns it with what was given by hand; None is not given.

        A score by hand is for all classes.
        """
        return Preset(
            self.min_score if min_score is None else min_score,
            self.class_scores if min_score is None else {},
            tiles or self.tiles,
            detect_every or self.detect_every,
        )

    def scores_by_id(self, class_names: Mapping[int, str]) -> dict[int, float]:
        """Returns the scores of those classes that a model knows."""
        return {
            class_id: self.class_scores[name]
            for class_id, name in class_names.items()
            if name in self.class_scores
        }


# The precision of the detector that comes with crossline, on COCO's
# photographs: a person's box has 0.45 at 0.5 and 0.70 at 0.6, a motorcycle's
# 0.67 at 0.5. What else was tried: docs/tracking.md.
_CLASS_SCORES = {"person": 0.6}

PRESETS = {
    "fast": Preset(0.45, _CLASS_SCORES, tiles=(1, 1), detect_every=1),
    "accurate": Preset(0.45, _CLASS_SCORES, tiles=(3, 2), detect_every=1),
}
"""Each one for all videos."""
