"""How boxes move: a Kalman filter of constant velocity.

Centre and size of a box are four independent numbers, each with a velocity.
Noise is proportional to the box's size, so that near and far objects are
treated alike. Source of the noise shares: Wojke et al., "Simple Online and
Realtime Tracking with a Deep Association Metric", 2017.
"""

import math

import numpy as np
import numpy.typing as npt

from crossline.geometry import FloatArray

_MEASURED_SHARE = 0.05
"""Standard deviation of a detected edge, of the box's size."""
_ACCELERATION_SHARE = 0.5
"""Standard deviation of the acceleration, sizes per second squared."""
_FIRST_SPEED_SHARE = 1.5
"""Standard deviation of a new object's speed, sizes per second."""

Floats = npt.NDArray[np.float64]


class BoxMotion:
    """Where one box is and where it goes.

    Args:
        box: ``(4,)`` pixels, as it was first seen.
    """

    def __init__(self, box: FloatArray) -> None:
        measured = _center_and_size(box)
        self._state = np.stack([measured, np.zeros(4)], axis=1)
        scale = _scale(measured)
        variances = np.square(
            [scale * _MEASURED_SHARE, scale * _FIRST_SPEED_SHARE]
        )
        self._covariance = np.diag(variances)

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
        jolt = np.array([seconds**2 / 2, seconds])
        jolt *= _ACCELERATION_SHARE * _scale(self._state[:, 0])
        self._state = self._state @ step.T
        self._covariance = step @ self._covariance @ step.T
        self._covariance += np.outer(jolt, jolt)

    def correct(self, box: FloatArray) -> None:
        """Takes a box that was seen where `advance` has come to."""
        measured = _center_and_size(box)
        noise = (_scale(measured) * _MEASURED_SHARE) ** 2
        gain = self._covariance[:, 0] / (self._covariance[0, 0] + noise)
        error = measured - self._state[:, 0]
        self._state += np.outer(error, gain)
        self._covariance -= np.outer(gain, self._covariance[0])

    def stop_growing(self) -> None:
        """Freezes the size, whose trend misleads while nothing is seen."""
        self._state[2:, 1] = 0


def _center_and_size(box: FloatArray) -> Floats:
    xmin, ymin, xmax, ymax = map(float, box)
    return np.array(
        [(xmin + xmax) / 2, (ymin + ymax) / 2, xmax - xmin, ymax - ymin]
    )


def _scale(center_and_size: Floats) -> float:
    """The size of a box in one number, pixels, never below one."""
    width, height = map(float, center_and_size[2:])
    return math.sqrt(max(width * height, 1.0))
