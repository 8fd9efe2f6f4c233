"""From an experiment's data to records: parted, checked, written once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crossline.annotations.select import select_classes
from crossline.annotations.sources import find_sources, read_sources
from crossline.annotations.split import TEST, TRAIN, VALIDATION, split_images
from crossline.annotations.table import class_names, has_box, write_csv
from crossline.errors import InputError
from crossline.evaluate.records import recorded_table
from crossline.experiment.settings import Data
from crossline.files import require_folder
from crossline.odapi.checkpoint import LABEL_MAP_NAME
from crossline.records.label_map import (
    LabelMap,
    read_label_map,
    write_label_map,
)
from crossline.records.read import require_records
from crossline.records.write import write_records

PARTS = (TRAIN, VALIDATION, TEST)


@dataclass(frozen=True)
class Records:
    """What an experiment learns from and is judged by.

    Attributes:
        label_map_path: of the classes.
        patterns: path or glob of TFRecords by part; without a test part
            `VALIDATION` judges.
    """

    label_map_path: Path
    patterns: Mapping[str, str]

    @property
    def label_map(self) -> LabelMap:
        """The classes."""
        return read_label_map(self.label_map_path)

    def files(self, part: str) -> list[Path]:
        """Returns the TFRecords of a part.

        Raises:
            InputError: they are missing.
        """
        return require_records(self.patterns[part])

    def instances(self, part: str) -> dict[str, int]:
        """Counts the boxes of a part by class."""
        files, source = self.files(part), Path(self.patterns[part])
        return dict(_counts(recorded_table(files, self.label_map, source)))

    @property
    def judging_part(self) -> str:
        """The part that judges what comes out."""
        return TEST if TEST in self.patterns else VALIDATION


def prepare_records(data: Data, seed: int, folder: Path) -> Records:
    """Makes sure that there are records, and that they hold every class.

    Args:
        data: settings.
        seed: of the parting.
        folder: gets a CSV and records for each part, and the label map
            last; where that is there, nothing is written.

    Raises:
        InputError: annotations, images or records are missing or bad, or a
            part has no object of a class.
    """
    if data.label_map is not None:
        given = {TRAIN: data.train, VALIDATION: data.val, TEST: data.test}
        patterns = {part: path for part, path in given.items() if path}
        records = Records(data.label_map, patterns)
        _require_recorded_classes(records)
        return records
    label_map_path = folder / LABEL_MAP_NAME
    if not label_map_path.exists():
        _write(_annotated_parts(data, seed), data, folder)
    parts = [part for part in PARTS if (folder / f"{part}.csv").exists()]
    return Records(
        label_map_path,
        {part: f"{folder / 'records' / part}-*" for part in parts},
    )


def require_classes(
    counts: Mapping[str, Mapping[str, int]],
    names: Sequence[str],
    source: str | Path,
) -> None:
    """Makes sure that each part has objects of every class.

    Args:
        counts: objects by part and class.
        names: of the classes.
        source: named in the error.

    Raises:
        InputError: one has none.
    """
    for part, objects in counts.items():
        for name in names:
            if not objects.get(name):
                raise InputError(
                    source,
                    f"the {part} part has no object of class {name}",
                    remedy="leave the class out, or label more images of it",
                )


def _write(
    parts: Mapping[str, pd.DataFrame], data: Data, folder: Path
) -> None:
    names = _ordered(class_names(parts[TRAIN]), data.classes)
    counts = {part: _counts(table) for part, table in parts.items()}
    require_classes(counts, names, data.train)
    label_map = LabelMap.from_names(names)
    images = require_folder(data.images or Path())
    for part, table in parts.items():
        path = folder / f"{part}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_records(table, path, images, label_map, folder / "records", part)
        write_csv(table, path)
    write_label_map(label_map, folder / LABEL_MAP_NAME)


def _annotated_parts(data: Data, seed: int) -> dict[str, pd.DataFrame]:
    table = _read(data.train, data)
    if data.val is not None:
        given = {TRAIN: table, VALIDATION: _read(data.val, data)}
        return given | ({TEST: _read(data.test, data)} if data.test else {})
    test_share = 0.0 if data.test else data.test_share
    shares = {VALIDATION: data.val_share, TEST: test_share}
    shares = {part: share for part, share in shares.items() if share}
    rest = 1 - sum(shares.values())
    parts = split_images(table, {TRAIN: rest, **shares}, seed)
    return parts | ({TEST: _read(data.test, data)} if data.test else {})


def _read(path: str, data: Data) -> pd.DataFrame:
    """Reads annotations of any format, with the classes that are kept."""
    table, _ = read_sources(find_sources(Path(path)), data.images)
    return select_classes(
        table, Path(path), classes=data.classes, keep_empty=data.keep_empty
    )


def _ordered(names: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Returns the names in the order in which somebody wrote them."""
    first = [name for name in wanted if name in names]
    return first + [name for name in names if name not in first]


def _counts(table: pd.DataFrame) -> Counter[str]:
    return Counter(table.loc[has_box(table), "class"])


def _require_recorded_classes(records: Records) -> None:
    label_map = records.label_map
    for part, pattern in records.patterns.items():
        table = recorded_table(records.files(part), label_map, Path(pattern))
        names = list(label_map.names.values())
        require_classes({part: _counts(table)}, names, pattern)
