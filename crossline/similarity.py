"""How alike and how sharp pictures are, from the picture alone.

A picture becomes 64 bits, so that a hundred thousand are compared in seconds
and kept in under a megabyte. Needs neither pandas nor TensorFlow.
"""

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from crossline.geometry import Image

Hashes = npt.NDArray[np.uint64]
Pairs = npt.NDArray[np.int64]

HASH_BITS = 64
NEAR = 6
"""Bits by which two hashes differ at most whose pictures are near alike. Of
two photographs that have nothing to do with each other, one pair in a million
or so comes as near."""
_SHARPNESS_SIDE = 300
"""Longer side at which sharpness is measured: what is finer, no small
detector sees, and larger cameras would else seem sharper."""


def difference_hash(image: Image) -> int:
    """Returns the dHash: survives scaling, recompression and brightness.

    A bit tells whether the picture gets brighter from one of 9 columns to
    the next, in each of 8 rows. Source: N. Krawetz, "Kind of Like That",
    hackerfactor.com, 2013.

    Args:
        image: RGB, ``(height, width, 3)`` uint8.

    Returns:
        64 bits, the top left one highest.
    """
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(gray, (9, 8), interpolation=cv2.INTER_AREA)
    rising = small[:, 1:] > small[:, :-1]
    return int.from_bytes(np.packbits(rising).tobytes(), "big")


def hash_distance(first: int, second: int) -> int:
    """Returns by how many bits two hashes differ, 0 to 64."""
    return (first ^ second).bit_count()


def sharpness(image: Image) -> float:
    """Returns the variance of the Laplacian; what is blurred has little.

    The picture is shrunk to a longer side of 300 pixels before, never
    enlarged. Source: Pech-Pacheco et al., "Diatom autofocusing in
    brightfield microscopy", ICPR 2000 (LAPV).

    Args:
        image: RGB, ``(height, width, 3)`` uint8.

    Returns:
        0 for an even surface, tens for a blurred photograph, hundreds to
        thousands for a sharp one.
    """
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    scale = _SHARPNESS_SIDE / max(gray.shape)
    if scale < 1:
        size = [max(1, round(side * scale)) for side in gray.shape[::-1]]
        gray = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(gray, cv2.CV_32F).var())


def near_pairs(hashes: Hashes, distance: int = NEAR) -> Pairs:
    """Finds all pairs of hashes that differ by `distance` bits at most.

    Not every hash is compared with every other: cut into ``distance + 1``
    bands, two such hashes are equal in one band at least, so that those
    alone are compared that share a band. Source: Norouzi, Punjani, Fleet,
    "Fast Search in Hamming Space with Multi-Index Hashing", CVPR 2012.

    Args:
        hashes: ``(n,)`` uint64. Many equal ones make many pairs: pass each
            once.
        distance: 0 to 63; the larger, the slower.

    Returns:
        ``(pairs, 2)``, places in `hashes`, the lower first, sorted.
    """
    found = [np.empty((0, 2), np.int64)]
    for band in _bands(hashes, distance + 1):
        for first, second in _equal(band):
            differing = np.bitwise_count(hashes[first] ^ hashes[second])
            near = differing <= distance
            found.append(np.stack([first[near], second[near]], axis=1))
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)


def _bands(hashes: Hashes, count: int) -> Iterator[Hashes]:
    """Yields the hashes' bands, as even as 64 bits allow."""
    borders = np.linspace(0, HASH_BITS, count + 1).round().astype(int)
    for start, end in pairwise(borders.tolist()):
        mask = np.uint64((1 << (end - start)) - 1)
        yield (hashes >> np.uint64(start)) & mask


def _equal(keys: Hashes) -> Iterator[tuple[Pairs, Pairs]]:
    """Yields the places of all pairs of equal keys, many at a time."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    place = np.arange(len(keys))
    end = np.searchsorted(ordered, ordered, side="right")
    step = 1
    while len(place := place[place + step < end[place]]):
        yield order[place], order[place + step]
        step += 1
