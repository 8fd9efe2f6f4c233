"""Other people's boxes: what is taken, what is clipped, what is left out."""

from collections import Counter

import numpy as np
import pandas as pd

from crossline.annotations.select import without_boxes
from crossline.annotations.table import BOX_COLUMNS, SLACK, has_box


def usable_boxes(table: pd.DataFrame) -> tuple[pd.DataFrame, Counter[str]]:
    """Makes every box of a table, as a format's reader found it, fit.

    Rounding leaves many boxes a fraction of a pixel outside their image;
    those are clipped. What reaches further out, is inside out or has no area
    is somebody's mistake: it is left out and counted. An image that loses
    its last box keeps a row without.

    Returns:
        A new table, and how many boxes were left out by reason.
    """
    edges = table[BOX_COLUMNS].to_numpy(float)
    size = table[["width", "height"]].to_numpy(float)
    clipped = np.clip(edges, 0, np.hstack([size, size]))
    reasons = {
        "box with a coordinate that is no number": (
            ~np.isfinite(edges).all(axis=1)
        ),
        "box outside the image": (np.abs(edges - clipped) > SLACK).any(axis=1),
        "box inside out or without area": (
            (clipped[:, 2:] <= clipped[:, :2]).any(axis=1)
        ),
    }
    usable = has_box(table).to_numpy(bool, copy=True)
    left_out: Counter[str] = Counter()
    for reason, at_fault in reasons.items():
        left_out[reason] = int((usable & at_fault).sum())
        usable &= ~at_fault
    fitting = table.copy()
    fitting[BOX_COLUMNS] = clipped
    return without_boxes(fitting, has_box(table) & ~usable), +left_out
