"""The CSVs under check, read as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crossline.annotations.table import FIRST_LINE, has_box, read_unchecked
from crossline.errors import InputError
from crossline.files import require_folder

_ROLES = ("train", "val", "test")


@dataclass(frozen=True)
class Part:
    """One CSV: all of a data set, or train, val or test.

    Attributes:
        name: short, shown.
        path: of the CSV.
        images: folder that its file names are relative to.
        table: its rows as they stand, impossible ones included.
        bad_cells: row, counted from 0, and what is wrong with a cell of it.
    """

    name: str
    path: Path
    images: Path
    table: pd.DataFrame
    bad_cells: Sequence[tuple[int, str]] = ()

    def filenames(self) -> list[str]:
        """Returns the images that it names, each once, in its order."""
        names = self.table["filename"].drop_duplicates()
        return names[names != ""].tolist()

    def image_path(self, filename: str) -> Path:
        """Returns where an image is."""
        return self.images / filename

    @property
    def boxes(self) -> int:
        """How many there are."""
        return int(has_box(self.table).sum())


def read_parts(paths: Sequence[Path], images: Path | None) -> list[Part]:
    """Reads CSVs for a check.

    Args:
        paths: of the CSVs.
        images: the images' folder; each CSV's own where None.

    Returns:
        The parts; train, val and test in this order, then the others: where
        two hold the same image, the earlier gives way.

    Raises:
        InputError: one is no CSV of annotations, or is named twice.
    """
    if len({path.resolve() for path in paths}) < len(paths):
        raise InputError(paths[0], "a CSV is named twice")
    parts = [_read(path, _short(path, paths), images) for path in paths]
    return sorted(parts, key=_role)


def is_training(part: Part) -> bool:
    """Tells by its name whether a part is what a model learns from."""
    return _role(part) == 0


def line_of(row: int) -> int:
    """Returns the CSV's line of a row."""
    return row + FIRST_LINE


def _role(part: Part) -> int:
    name = part.path.stem.lower()
    fitting = (place for place, role in enumerate(_ROLES) if role in name)
    return next(fitting, len(_ROLES))


def _read(path: Path, name: str, images: Path | None) -> Part:
    bad_cells: list[tuple[int, str]] = []
    table = read_unchecked(path, lambda *cell: bad_cells.append(cell))
    if table.empty:
        raise InputError(path, "has no rows", remedy="label some images")
    folder = require_folder(images or path.parent, "see --images")
    return Part(name, path, folder, table, bad_cells)


def _short(path: Path, paths: Sequence[Path]) -> str:
    """Returns the file's name, or its path where another has that name."""
    is_unique = [other.name for other in paths].count(path.name) == 1
    return path.name if is_unique else str(path)
