"""From the annotation table to the rows of its images."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crossline.annotations.compact import sorted_codes, with_categories
from crossline.annotations.table import COLUMNS, TEXT_COLUMNS
from crossline.records.rows import ImageRows

Array = npt.NDArray[Any]


class RowsByImage:
    """A table, from which the rows of any images can be taken.

    Attributes:
        filenames: ``(images,)``, sorted.
        repeats: ``(images,)``, how often each is written.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        table = with_categories(table)
        image_of_row, self.filenames = sorted_codes(table["filename"])
        self._counts = np.bincount(image_of_row)
        self._ends = np.cumsum(self._counts)
        self._rows = np.argsort(image_of_row, kind="stable")
        first_rows = self._rows[self._ends - self._counts]
        self.repeats = table["repeats"].to_numpy(np.int64)[first_rows]
        self._texts = {
            name: np.asarray(table[name].cat.categories, object)
            for name in COLUMNS
            if name in TEXT_COLUMNS
        }
        self._values = {
            name: (
                table[name].cat.codes if name in TEXT_COLUMNS else table[name]
            ).to_numpy()
            for name in COLUMNS
        }

    def take(self, images: npt.ArrayLike) -> ImageRows:
        """Returns the rows of some images.

        Args:
            images: their numbers, from 0, in the order of `filenames`; one
                may be there again.
        """
        images = np.asarray(images)
        counts = self._counts[images]
        of_images = zip(
            self._ends[images] - counts, self._ends[images], strict=True
        )
        rows = np.concatenate(
            [self._rows[start:end] for start, end in of_images]
        )
        columns = []
        for name, values in self._values.items():
            texts = self._texts.get(name)
            taken = values[rows]
            columns.append(taken if texts is None else texts[taken])
        return ImageRows(columns, counts)
