"""True paths of a real street, with a detector's faults: the true counts.

PETS09-S2L1 (`vtest.avi`): 19 people, 99 crossings at four lines.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from crossline.count.lines import LineCounter
from crossline.count.scene import parse_line
from crossline.geometry import Detections
from crossline.track.tracker import CentroidTracker

WIDTH, HEIGHT, FPS, FRAMES = 768, 576, 10, 795
TRUTH = {
    "x384": {"right": 14, "left": 18},
    "x576": {"right": 15, "left": 19},
    "x192": {"right": 5, "left": 8},
    "y288": {"down": 8, "up": 12},
}
LINES = [
    "x384=384,0,384,576",
    "x576=576,0,576,576",
    "x192=192,0,192,576",
    "y288=0,288,768,288",
]


@pytest.fixture(scope="module")
def truth() -> npt.NDArray[np.float64]:
    shared = Path(__file__).parents[3] / "shared"
    path = shared / "videos" / "vtest_gt.txt"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    return np.loadtxt(path, delimiter=",")


def faulty(
    boxes: npt.NDArray[np.float64], random: np.random.Generator
) -> Detections:
    """Moves edges by 2 pixels, drops a tenth, adds one false in twenty."""
    noisy = boxes + random.normal(0, 2, boxes.shape)
    noisy = noisy[random.random(len(noisy)) > 0.1]
    count = random.binomial(len(boxes), 0.05)
    x = random.uniform(0, WIDTH - 30, count)
    y = random.uniform(0, HEIGHT - 70, count)
    false = np.stack([x, y, x + 30, y + 70], axis=1)
    everything = np.concatenate([noisy, false])
    count = len(everything)
    return Detections.of(everything, np.full(count, 0.9), np.ones(count))


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("seed", range(5))
def test_counts(truth: npt.NDArray[np.float64], seed: int, every: int) -> None:
    random = np.random.default_rng(seed)
    tracker = CentroidTracker(view=(WIDTH, HEIGHT))
    counter = LineCounter([parse_line(text, WIDTH, HEIGHT) for text in LINES])
    for frame in range(FRAMES):
        rows = truth[truth[:, 0] == frame + 1]
        boxes = np.concatenate([rows[:, 2:4], rows[:, 2:4] + rows[:, 4:6]], 1)
        detections = faulty(boxes, random)
        tracks = (
            tracker.update(detections, frame / FPS)
            if frame % every == 0
            else tracker.predict(frame / FPS)
        )
        counter.update(tracks, frame, frame / FPS)
    error = sum(
        abs(counter.totals[line][direction].total() - count)
        for line, directions in TRUTH.items()
        for direction, count in directions.items()
    )
    assert error <= 3
