"""What a detector makes of true boxes: it misses some and sees others."""

from collections.abc import Sequence

import numpy as np

from crossline.geometry import Detections
from crossline.sample.objects import KINDS
from crossline.sample.places import HEIGHT, WIDTH
from crossline.sample.video import TrackRow

_LEAST_VISIBLE = 0.5
"""Who shows less is not detected."""
_SCORE = 0.9
_SMALLEST, _LARGEST = (15, 35), (120, 120)
"""Width and height of false boxes, pixels."""


def detect(
    rows: Sequence[TrackRow],
    random: np.random.Generator,
    missed: float,
    false: float,
    noise: float = 0.0,
) -> Detections:
    """Returns what is detected in one frame.

    Args:
        rows: the true boxes of the frame.
        random: of all faults.
        missed: share of the boxes that are left out.
        false: boxes anywhere, as a share of the true ones.
        noise: standard deviation of each edge, pixels.
    """
    seen = [row for row in rows if row.visibility >= _LEAST_VISIBLE]
    boxes = np.array(
        [(row.xmin, row.ymin, row.xmax, row.ymax) for row in seen]
    ).reshape(-1, 4)
    classes = np.array([KINDS.index(row.kind) + 1 for row in seen], np.int64)
    count = int(random.binomial(len(seen), false))
    kept = random.random(len(seen)) >= missed
    boxes = boxes + random.normal(0, noise, boxes.shape)
    sizes = random.uniform(_SMALLEST, _LARGEST, (count, 2))
    corners = random.uniform(0, 1, (count, 2)) * ([WIDTH, HEIGHT] - sizes)
    invented = np.concatenate([corners, corners + sizes], axis=1)
    return Detections.of(
        np.concatenate([boxes[kept], invented]),
        np.full(kept.sum() + count, _SCORE),
        np.concatenate(
            [classes[kept], random.integers(1, len(KINDS) + 1, count)]
        ),
    )
