"""What kind of mistake each false detection and each missed object is.

After Bolya, Foley, Hays and Hoffman, TIDE: A General Toolbox for Identifying
Object Detection Errors (ECCV 2020), in the order in which their `tidecv`
asks. Detections that meet a crowd are no mistake here.
"""

import enum
from dataclasses import dataclass

import numpy as np

from crossline.evaluate.confusion import FOREGROUND_IOU
from crossline.evaluate.matching import Mask
from crossline.evaluate.outcomes import NO_OBJECT, Outcomes
from crossline.evaluate.overlaps import overlaps_of
from crossline.geometry import IntArray

BACKGROUND_IOU = 0.1


class ErrorKind(enum.IntEnum):
    """A mistake; all but `MISSED` are of a detection."""

    CLASSIFICATION = 0
    """Well placed on an object of another class."""
    LOCALISATION = 1
    """The right class, but badly placed: IoU from 0.1 to 0.5."""
    BOTH = 2
    """Badly placed on an object of another class."""
    DUPLICATE = 3
    """Well placed on an object that a better score has found already."""
    BACKGROUND = 4
    """Where no object is: IoU of at most 0.1 with all."""
    MISSED = 5
    """An object that no detection finds, nor a classification or
    localisation error aims at."""

    @property
    def word(self) -> str:
        """As it is shown."""
        return self.name.lower()


NO_ERROR = -1


@dataclass(frozen=True)
class Mistakes:
    """The kinds of the d detections and o objects of `Outcomes`.

    Attributes:
        kinds: ``(d,)`` int64 of `ErrorKind`, `NO_ERROR` for right ones.
        targets: ``(d,)`` int64: the object that a classification or
            localisation error aims at; `NO_OBJECT` for all others.
        is_missed: ``(o,)`` bool.
    """

    kinds: IntArray
    targets: IntArray
    is_missed: Mask


def mistakes_of(outcomes: Outcomes) -> Mistakes:
    """Tells the kind of each mistake."""
    overlaps = overlaps_of(outcomes)
    objects = outcomes.objects
    same = (
        outcomes.class_indices[overlaps.detections]
        == objects.class_indices[overlaps.objects]
    )
    own, own_object = overlaps.best(same)
    other, other_object = overlaps.best(~same)
    # The first that holds.
    asked: dict[ErrorKind, Mask] = {
        ErrorKind.LOCALISATION: (own >= BACKGROUND_IOU)
        & (own < FOREGROUND_IOU),
        ErrorKind.CLASSIFICATION: other >= FOREGROUND_IOU,
        ErrorKind.DUPLICATE: own >= FOREGROUND_IOU,
        ErrorKind.BACKGROUND: np.maximum(own, other) <= BACKGROUND_IOU,
    }
    kinds = np.select(list(asked.values()), list(asked), ErrorKind.BOTH)
    kinds[outcomes.is_right] = NO_ERROR
    targets = np.select(
        [kinds == ErrorKind.LOCALISATION, kinds == ErrorKind.CLASSIFICATION],
        [own_object, other_object],
        NO_OBJECT,
    )
    is_aimed_at = np.zeros(len(objects), np.bool_)
    is_aimed_at[targets[targets != NO_OBJECT]] = True
    return Mistakes(
        kinds.astype(np.int64), targets, ~outcomes.is_found & ~is_aimed_at
    )


def counts_by_class(outcomes: Outcomes, mistakes: Mistakes) -> IntArray:
    """Counts each kind, ``(c, 6)``.

    Of detections by the class that they claim, of misses by the object's.
    """
    counts = np.zeros((len(outcomes.class_names), len(ErrorKind)), np.int64)
    wrong = mistakes.kinds != NO_ERROR
    np.add.at(
        counts, (outcomes.class_indices[wrong], mistakes.kinds[wrong]), 1
    )
    counts[:, ErrorKind.MISSED] += np.bincount(
        outcomes.objects.class_indices[mistakes.is_missed],
        minlength=len(counts),
    )
    return counts
