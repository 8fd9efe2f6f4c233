"""The rows of a table, image after image: small to hold, quick to send.

A million rows fill 70 MB as arrays, a gigabyte as objects.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crossline.annotations.annotation import Annotation

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class ImageRows:
    """The rows of some images.

    Attributes:
        columns: ``(rows,)`` each, as many as `Annotation` has fields and in
            their order; text as objects.
        counts: ``(images,)``, how many rows each image has, one at least.
    """

    columns: Sequence[Array]
    counts: Array

    def __len__(self) -> int:
        return len(self.counts)

    def __iter__(self) -> Iterator[list[Annotation]]:
        """Yields the rows of each image."""
        values = (column.tolist() for column in self.columns)
        rows = itertools.starmap(Annotation, zip(*values, strict=True))
        for count in self.counts.tolist():
            yield list(itertools.islice(rows, count))

    def filenames(self) -> list[str]:
        """Returns the name of each image."""
        names: list[str] = self.columns[0][self._starts()].tolist()
        return names

    def _starts(self) -> Array:
        return np.cumsum(self.counts) - self.counts
