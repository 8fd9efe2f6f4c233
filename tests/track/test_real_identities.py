"""True paths of a real street, with a detector's faults: who is who."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from crossline.evaluate.tracking import score_tracks
from crossline.track.mot_challenge import TrackTable, read_tracks
from crossline.track.tracker import CentroidTracker
from tests.count.test_real_paths import FPS, FRAMES, HEIGHT, WIDTH, faulty


@pytest.fixture(scope="module")
def truth() -> TrackTable:
    shared = Path(__file__).parents[3] / "shared"
    path = shared / "videos" / "vtest_gt.txt"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    rows = read_tracks(path)
    # Who leaves the frame is to be followed to the last.
    return replace(rows, scores=np.ones_like(rows.scores))


@pytest.mark.parametrize(
    ("every", "least"),
    [
        pytest.param(1, 0.96, id="every frame"),
        pytest.param(3, 0.90, id="every third frame"),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_identities_are_kept(
    truth: TrackTable, seed: int, every: int, least: float
) -> None:
    """Judged on all frames; predicted boxes are reported, too."""
    random = np.random.default_rng(seed)
    tracker = CentroidTracker(view=(WIDTH, HEIGHT))
    reported = []
    for frame in range(FRAMES):
        boxes = truth.boxes[truth.frames == frame].astype(np.float64)
        detections = faulty(boxes, random)
        reported.append(
            tracker.predict(frame / FPS)
            if frame % every
            else tracker.update(detections, frame / FPS)
        )
    scores = score_tracks(truth, TrackTable.of(reported))
    assert scores.idf1 is not None
    assert scores.idf1 >= least
