"""Times of frames: from 0, growing, whatever a source's clock does."""

from fractions import Fraction

HIGHEST_FPS = 1000
"""Above it, a frame rate is a time base that was taken for one."""
_LONGEST_LEAP_S = 10.0
"""By which a live source's clock may run ahead of ours between two frames."""


class Clock:
    """Turns presentation timestamps into seconds from 0 that only grow.

    A frame without one comes one frame's duration after the frame before
    it; so does one whose clock was set back (cameras do that, and streams
    that were connected again) or stands still. Of a live source it is known
    when its frames came: its clock may not leap ahead of that, and where it
    is not to be believed, a frame comes as long after the one before as it
    did in fact.

    Args:
        fps: of the source.
    """

    def __init__(self, fps: Fraction) -> None:
        self._step = float(1 / fps)
        self._last = -self._step
        self._start: float | None = None
        self._arrived: float | None = None

    def time_of(
        self, stamp: float | None, arrived: float | None = None
    ) -> float:
        """Returns the time of the next frame.

        Args:
            stamp: seconds by the source's clock; None where it has none.
            arrived: seconds by ours, which never jumps; None for files.
        """
        following = self._last + max(self._step, self._waited(arrived))
        if stamp is None:
            self._last = following
            return following
        if self._start is None or not self._is_sound(
            stamp - self._start, following, arrived
        ):
            self._start = stamp - following
        self._last = stamp - self._start
        return self._last

    def _waited(self, arrived: float | None) -> float:
        before, self._arrived = self._arrived, arrived
        if arrived is None or before is None:
            return 0.0
        return arrived - before

    def _is_sound(
        self, time_s: float, following: float, arrived: float | None
    ) -> bool:
        is_later = time_s >= self._last + 1 / HIGHEST_FPS
        leaps = arrived is not None and time_s > following + _LONGEST_LEAP_S
        return is_later and not leaps
