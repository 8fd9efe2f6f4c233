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
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from crossline.geometry import FloatArray

_MEASURED_SHARE = 0.08
"""Standard deviation of a detected centre and size, of the box's size: what
was measured of the detector that comes with crossline, but for heights (0.18).
"""
_ACCELERATION_SHARES = np.array([0.5, 0.5, 0.1, 0.1])
"""What centre and size gain in speed in a second, sizes per second."""
_FIRST_SPEED_SHARES = np.array([1.5, 1.5, 0.5, 0.5])
"""Standard deviation of a new object's speeds, sizes per second."""
_SLOWING_S = 1.0
"""In this time what is missed loses about two thirds of its speed."""
_TAILS = 4.0
"""Degrees of freedom: detectors are now and then off by far more than that."""

Floats = npt.NDArray[np.float64]


class BoxMotions:
    """Where boxes are and where they go, a row per box.

    All rows are worked on at once: numpy's calls take longer than their sums.
    """

    def __init__(self) -> None:
        # Places, speeds, and their variances and covariance, each (n, 4).
        self._values = np.zeros((5, 0, 4))

    def __len__(self) -> int:
        return self._values.shape[1]

    @property
    def boxes(self) -> FloatArray:
        """``(n, 4)`` pixels, at the time of the last `advance`."""
        centers, sizes = self._values[0, :, :2], self._values[0, :, 2:]
        halves = np.maximum(sizes, 1.0) / 2
        edges = np.concatenate([centers - halves, centers + halves], axis=1)
        return edges.astype(np.float32)

    def begin(self, boxes: FloatArray) -> None:
        """Appends rows of boxes ``(m, 4)``, pixels, as they are first seen."""
        places = _centers_and_sizes(boxes)
        scales = _scales(places)
        started = np.zeros((5, *places.shape))
        started[0] = places
        started[2] = (scales * _MEASURED_SHARE) ** 2
        started[4] = (scales * _FIRST_SPEED_SHARES) ** 2
        self._values = np.concatenate([self._values, started], axis=1)

    def keep(self, rows: Sequence[int]) -> None:
        """Forgets the other rows."""
        self._values = self._values[:, rows]

    def advance(self, seconds: float) -> None:
        """Moves the boxes on by their velocities."""
        places, speeds, variances, shared, speed_variances = self._values
        jolts = (_ACCELERATION_SHARES * _scales(places)) ** 2
        places += seconds * speeds
        variances += seconds * (2 * shared + seconds * speed_variances)
        variances += jolts * seconds**3 / 3
        shared += seconds * speed_variances + jolts * seconds**2 / 2
        speed_variances += jolts * seconds

    def correct(self, rows: Sequence[int], boxes: FloatArray) -> None:
        """Takes boxes ``(m, 4)`` that were seen where `advance` has come to.

        Args:
            rows: of the boxes, none twice.
            boxes: pixels.
        """
        values = self._values[:, rows]
        places, speeds, variances, shared, speed_variances = values
        measured = _centers_and_sizes(boxes)
        noise = (_scales(measured) * _MEASURED_SHARE) ** 2
        gains = variances / (variances + noise)
        speed_gains = shared / (variances + noise)
        errors = measured - places
        places += gains * errors
        speeds += speed_gains * errors
        speed_variances -= speed_gains * shared
        shared -= gains * shared
        variances -= gains * variances
        self._values[:, rows] = values

    def slow_down(self, rows: Sequence[int], seconds: float) -> None:
        """Brakes what a detector missed for so long.

        Its size keeps: a trend misleads while nothing is seen.
        """
        self._values[1, rows, :2] *= math.exp(-seconds / _SLOWING_S)
        self._values[1, rows, 2:] = 0

    def misfits(self, rows: Sequence[int], boxes: FloatArray) -> Floats:
        """Returns how badly each box continues each row's way, ``(n, m)``.

        The negative logarithm of its likelihood, 0 for a certain place that
        is met. Two places alike, the track that is surer of its own has the
        better fit. The distribution is Student's t, since that of detectors
        has heavy tails, too.

        Args:
            rows: n of them.
            boxes: ``(m, 4)`` pixels.
        """
        places, _, variances, _, _ = self._values[:, rows]
        noise = (_scales(places) * _MEASURED_SHARE) ** 2
        variances = variances + noise
        errors = _centers_and_sizes(boxes) - places[:, None]
        squares = (errors**2 / variances[:, None]).sum(axis=-1)
        vagueness = np.log(variances / noise).sum(axis=-1) / 2
        tails = (_TAILS + 4) / 2 * np.log1p(squares / _TAILS)
        return np.asarray(tails + vagueness[:, None])


def _centers_and_sizes(boxes: FloatArray) -> Floats:
    """Returns x, y, width and height of ``(n, 4)`` boxes."""
    edges = boxes.astype(np.float64)
    low, high = edges[:, :2], edges[:, 2:]
    return np.concatenate([(low + high) / 2, high - low], axis=1)


def _scales(centers_and_sizes: Floats) -> Floats:
    """The size of each box in one number, pixels, never below one: (n, 1)."""
    areas = centers_and_sizes[:, 2:3] * centers_and_sizes[:, 3:]
    return np.sqrt(np.maximum(areas, 1.0))
