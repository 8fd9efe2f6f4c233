"""How boxes move: a Kalman filter of nearly constant velocity.

Centre and size of a box are four independent numbers, each with a velocity.
Noise is proportional to the box's size, so that near and far objects are
treated alike, and grows with the seconds, not with the frames: white
acceleration in continuous time. Sources: Bar-Shalom et al., "Estimation with
Applications to Tracking and Navigation", 2001, section 6.2 (the noise);
Wojke et al., "Simple Online and Realtime Tracking with a Deep Association
Metric", 2017 (its proportion to the size).
"""

import math

import numpy as np
import numpy.typing as npt

from crossline.geometry import FloatArray

_MEASURED_SHARES = np.array([0.05, 0.05, 0.05, 0.05])
"""Standard deviations of a detected centre and size, of the box's size."""
_ACCELERATION_SHARES = np.array([0.5, 0.5, 0.1, 0.1])
"""What centre and size gain in speed in a second, sizes per second."""
_FIRST_SPEED_SHARES = np.array([1.5, 1.5, 0.5, 0.5])
"""Standard deviation of a new object's speeds, sizes per second."""
_SLOWING_S = 1.0
"""In this time what is missed loses about two thirds of its speed."""
_TAILS = 4.0
"""Degrees of freedom: detectors are now and then off by far more than 5 %."""

Floats = npt.NDArray[np.float64]


class BoxMotion:
    """Where one box is and where it goes.

    Args:
        box: ``(4,)`` pixels, as it was first seen.
    """

    def __init__(self, box: FloatArray) -> None:
        measured = _centers_and_sizes(box)
        scale = _scale(measured)
        self._state = np.stack([measured, np.zeros(4)], axis=1)
        self._covariance = np.zeros((4, 2, 2))
        self._covariance[:, 0, 0] = (scale * _MEASURED_SHARES) ** 2
        self._covariance[:, 1, 1] = (scale * _FIRST_SPEED_SHARES) ** 2

    @property
    def box(self) -> FloatArray:
        """``(4,)`` pixels, at the time of the last `advance` or `correct`."""
        x, y, width, height = self._state[:, 0]
        half = max(width, 1.0) / 2, max(height, 1.0) / 2
        return np.array(
            [x - half[0], y - half[1], x + half[0], y + half[1]], np.float32
        )

    def advance(self, seconds: float) -> None:
        """Moves the box on by its velocity."""
        step = np.array([[1.0, seconds], [0.0, 1.0]])
        jolt = np.array(
            [[seconds**3 / 3, seconds**2 / 2], [seconds**2 / 2, seconds]]
        )
        shares = (_ACCELERATION_SHARES * self._scale) ** 2
        self._state = self._state @ step.T
        self._covariance = step @ self._covariance @ step.T
        self._covariance += shares[:, None, None] * jolt

    def correct(self, box: FloatArray) -> None:
        """Takes a box that was seen where `advance` has come to."""
        measured = _centers_and_sizes(box)
        noise = (_scale(measured) * _MEASURED_SHARES) ** 2
        row = self._covariance[:, 0].copy()
        gain = row / (row[:, 0] + noise)[:, None]
        self._state += gain * (measured - self._state[:, 0])[:, None]
        self._covariance -= gain[:, :, None] * row[:, None, :]

    def slow_down(self, seconds: float) -> None:
        """Brakes what a detector missed for so long.

        Its size keeps: a trend misleads while nothing is seen.
        """
        self._state[:2, 1] *= math.exp(-seconds / _SLOWING_S)
        self._state[2:, 1] = 0

    def misfits(self, boxes: FloatArray) -> Floats:
        """Returns how badly each box continues the way, ``(n,)``.

        The negative logarithm of its likelihood, 0 for a certain place that
        is met. Two places alike, the track that is surer of its own has the
        better fit. The distribution is Student's t, since that of detectors
        has heavy tails, too.

        Args:
            boxes: ``(n, 4)`` pixels.
        """
        noise = (self._scale * _MEASURED_SHARES) ** 2
        variances = self._covariance[:, 0, 0] + noise
        errors = _centers_and_sizes(boxes) - self._state[:, 0]
        squares = (errors**2 / variances).sum(axis=-1)
        vagueness = np.log(variances / noise).sum() / 2
        tails = (_TAILS + 4) / 2 * np.log1p(squares / _TAILS)
        return np.asarray(tails + vagueness)

    @property
    def _scale(self) -> float:
        return _scale(self._state[:, 0])


def _centers_and_sizes(boxes: FloatArray) -> Floats:
    """Returns x, y, width and height of ``(..., 4)`` boxes."""
    edges = boxes.astype(np.float64)
    low, high = edges[..., :2], edges[..., 2:]
    return np.concatenate([(low + high) / 2, high - low], axis=-1)


def _scale(center_and_size: Floats) -> float:
    """The size of a box in one number, pixels, never below one."""
    width, height = map(float, center_and_size[2:])
    return math.sqrt(max(width * height, 1.0))
