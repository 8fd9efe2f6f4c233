"""Detections of rows, for tests."""

from crossline.geometry import Detections

Seen = tuple[tuple[float, float, float, float], float, int]
"""Box, score, class."""


def seen(*rows: Seen) -> Detections:
    """Returns them in their order."""
    boxes, scores, class_ids = zip(*rows, strict=True)
    return Detections.of(boxes, scores, class_ids)
