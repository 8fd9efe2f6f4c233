"""Classes in like numbers: which images to leave out, or to repeat.

An image shows objects of several classes, so leaving it out or repeating it
weighs on all of them. How many images of each kind to take, a kind being the
images that show the same numbers of objects, is an integer program of few
rows; HiGHS solves it (https://highs.dev, through scipy).
"""

import bisect
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

Ints = npt.NDArray[np.int64]

_GAP = 0.001
"""Share of images by which a solution may miss the best one: to prove that
there is none better can take far longer than to find it."""
_WORTH = 0.1
"""Of an object of the rarest class, in images. Without, the images that show
many objects of the frequent class would take the rare ones beside them along;
at 1, an eighth of all images would go for a fifth more rare objects."""


def undersample(
    counts: Ints, ratio: float, most: int | None = None
) -> Ints | None:
    """Leaves out as few images as bring all classes within a ratio.

    One image is given for ten more objects of the class that is then rarest.

    Args:
        counts: objects, ``(images, classes)``; of images that are alike, the
            first are taken.
        ratio: of the most to the least frequent class at most, from 1.
        most: images at most. Where more would be balanced, a shorter run of
            the first images is: a part of them all that is like the whole,
            if they come by lot.

    Returns:
        ``(images,)``, 1 for those that are taken and 0 for the others; None
        where no choice keeps the ratio and an object of each class.
    """

    def kept(size: int, most: int | None = None) -> Ints | None:
        kinds = _Kinds.of(counts[:size])
        totals = _solve(kinds, ratio, -1, -_WORTH, (0, kinds.sizes), most)
        return None if totals is None else kinds.deal(totals)

    def how_many(size: int) -> int:
        repeats = kept(size)
        return 0 if repeats is None else int(repeats.sum())

    size = len(counts)
    if most is not None and how_many(size) > most:
        size = bisect.bisect_left(range(size), most, key=how_many)
    repeats = kept(size, most)
    if repeats is None:
        return None
    return np.pad(repeats, (0, len(counts) - size))


def oversample(counts: Ints, ratio: float) -> Ints | None:
    """Repeats as few images as bring all classes within a ratio.

    The burden is shared: one image with many rare objects, repeated hundreds
    of times, would be learnt by heart. None is repeated twice as often as
    the most repeated one would have to be at least.

    Args:
        counts: objects, ``(images, classes)``; of images that are alike, the
            first are repeated once more than others where that is enough.
        ratio: of the most to the least frequent class at most, from 1.

    Returns:
        ``(images,)``, from 1; None where no repeating keeps the ratio.
    """
    kinds = _Kinds.of(counts)
    if _solve(kinds, ratio, 1, 0, (kinds.sizes, np.inf)) is None:
        return None
    limit, totals = 1, None
    while totals is None:
        bounds = (kinds.sizes, limit * kinds.sizes)
        totals = _solve(kinds, ratio, 1, 0, bounds)
        limit *= 2
    return kinds.deal(totals)


def cap(shown: Ints, most: int) -> Ints:
    """Takes images so that no class has more than `most`, and nearly so many.

    Args:
        shown: 1 for a class that an image shows, else 0, ``(images,
            classes)``; of images that are alike, the first are taken.
        most: images of a class.

    Returns:
        ``(images,)``, 1 for those that are taken and 0 for the others; an
        image of no class is taken.
    """
    kinds = _Kinds.of(shown)
    # Where it makes no difference, rather two images than one of both.
    gain = kinds.counts.sum(axis=1) + 1 / (len(shown) + 1)
    result = milp(
        -gain,
        integrality=np.ones(len(kinds.sizes)),
        bounds=Bounds(0, kinds.sizes),
        constraints=LinearConstraint(kinds.counts.T, 0, most),
        options={"mip_rel_gap": _GAP},
    )
    return kinds.deal(np.asarray(np.rint(result.x), np.int64))


@dataclass(frozen=True)
class _Kinds:
    """Images taken together that show the same objects.

    Attributes:
        counts: ``(kinds, classes)``, objects of one image.
        sizes: ``(kinds,)``, images.
        of_image: ``(images,)``, the kind of each.
    """

    counts: Ints
    sizes: Ints
    of_image: Ints

    @classmethod
    def of(cls, counts: Ints) -> "_Kinds":
        kinds, of_image, sizes = np.unique(
            counts, axis=0, return_inverse=True, return_counts=True
        )
        return cls(kinds, sizes, of_image.reshape(-1))

    def deal(self, totals: Ints) -> Ints:
        """Spreads each kind's total evenly over its images, first ones first.

        Returns:
            ``(images,)``, how often each is taken.
        """
        order = np.argsort(self.of_image, kind="stable")
        starts = np.cumsum(self.sizes) - self.sizes
        place = np.empty_like(order)
        place[order] = np.arange(len(order)) - np.repeat(starts, self.sizes)
        each, rest = np.divmod(totals, self.sizes)
        extra = place < rest[self.of_image]
        return np.asarray(each[self.of_image] + extra, np.int64)


def _solve(
    kinds: _Kinds,
    ratio: float,
    cost_of_image: float,
    cost_of_rarest: float,
    bounds: tuple[npt.ArrayLike, npt.ArrayLike],
    most: int | None = None,
) -> Ints | None:
    """Returns how many images of each kind are balanced at the least cost.

    The last unknown is the number of objects of the rarest class, which the
    others may exceed by the ratio; it is at least 1.

    Args:
        kinds: of the images.
        ratio: see `undersample`.
        cost_of_image: of each one that is taken.
        cost_of_rarest: of each object of the rarest class.
        bounds: images of each kind, at least and at most.
        most: images at most.

    Returns:
        ``(kinds,)``, or None where there is no solution.
    """
    size, classes = kinds.counts.shape
    objects, rarest = kinds.counts.T, np.ones((classes, 1))
    lower, upper = (np.broadcast_to(bound, size) for bound in bounds)
    is_image = np.array([1] * size + [0])
    result = milp(
        np.where(is_image, cost_of_image, cost_of_rarest),
        integrality=is_image,
        bounds=Bounds([*lower, 1], [*upper, np.inf]),
        constraints=[
            LinearConstraint(np.hstack([objects, -rarest]), 0, np.inf),
            LinearConstraint(np.hstack([-objects, ratio * rarest]), 0, np.inf),
            LinearConstraint(is_image, 0, np.inf if most is None else most),
        ],
        options={"mip_rel_gap": _GAP},
    )
    if result.x is None:
        return None
    return np.asarray(np.rint(result.x[:-1]), np.int64)
