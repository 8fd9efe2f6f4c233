"""In which frames to detect; in the others, the tracks are carried."""

import math
import statistics
from collections import deque
from typing import Literal

DetectEvery = int | Literal["auto"]
"""Frames from one detection to the next, or to choose it as it goes."""

_SHARE = 0.7
"""Of the time of a frame; the rest is for decoding, drawing and encoding."""
_LONGEST_S = 0.4
"""From one detection to the next: a newcomer waits for three of them."""
_MEASURED = 15
"""How many of the last costs count, by their median."""
_ENOUGH = 5
_CARRYING_S = 0.003
"""An object, as long as nothing is measured."""


class Schedule:
    """Decides which frames are detected in.

    To choose as it goes is to detect in every frame where that keeps up with
    the video, or costs no more than to carry the tracks; else as often as
    both together keep up. Read by many threads, told by one.

    Args:
        detect_every: see `DetectEvery`.
        frame_s: seconds from frame to frame of the video.
        threads: that detect.

    Attributes:
        every: frames from one detection to the next, at the moment.
        detections: how many there were.
    """

    def __init__(
        self, detect_every: DetectEvery, frame_s: float, threads: int = 1
    ) -> None:
        self._is_fixed = detect_every != "auto"
        self.every = 1 if detect_every == "auto" else detect_every
        self.detections = 0
        self._frame_s = frame_s
        self._threads = threads
        self._detecting: deque[float] = deque(maxlen=_MEASURED)
        # The first frame waits for dlib's process to begin: one of many.
        self._carrying = deque([_CARRYING_S] * _ENOUGH, _MEASURED)

    def is_due(self, number: int) -> bool:
        """Tells whether to detect in a frame."""
        return number % self.every == 0

    def carried(self, objects: int, seconds: float) -> None:
        """Takes what it cost to carry so many objects for a frame."""
        if objects:
            self._carrying.append(seconds / objects)

    def detected(self, seconds: float, objects: int) -> None:
        """Takes what a detection cost, and how many there are to carry."""
        self.detections += 1
        self._detecting.append(seconds)
        if not self._is_fixed and len(self._detecting) >= _ENOUGH:
            self.every = self._choose(objects)

    def _choose(self, objects: int) -> int:
        detecting = statistics.median(self._detecting) / self._threads
        carrying = statistics.median(self._carrying) * objects
        spare = _SHARE * self._frame_s
        if detecting <= max(spare, carrying):
            return 1
        longest = max(round(_LONGEST_S / self._frame_s), 1)
        if carrying >= spare:
            return longest
        return min(math.ceil(detecting / (spare - carrying)), longest)
