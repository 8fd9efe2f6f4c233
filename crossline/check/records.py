"""What TFRecords of the Object Detection API's schema hold, ours or another's.

Images are not decoded; their headers tell format and size.
"""

import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from crossline.annotations.table import BOX_COLUMNS, SLACK
from crossline.check.rows import input_sides
from crossline.check.statistics import Statistics
from crossline.errors import InputError
from crossline.image_files import open_image
from crossline.progress import progress
from crossline.records.read import Record, read_records

_SHARD = re.compile(r"(.+)-(\d{5})-of-(\d{5})(?:\..*)?")
_COLUMNS = ("part", "class", "filename", "image_width", "image_height")


@dataclass(frozen=True)
class Inspection:
    """What was found.

    Attributes:
        files: all that were read.
        statistics: of boxes and images, a part per set of shards.
        class_ids: each class' ids in the records; 0 where there is none.
        formats: of the images.
        crowd: boxes that hold many objects.
        samples: some records, the same for the same files.
        remarks: what is odd, and how often.
        input_size: side of the model's input, in which boxes are measured.
    """

    files: Sequence[Path]
    statistics: Statistics
    class_ids: dict[str, set[int]]
    formats: Counter[str]
    crowd: int
    samples: Sequence[Record]
    remarks: Counter[str]
    input_size: int


def inspect_records(
    files: Sequence[Path], *, input_size: int, pictures: int
) -> Inspection:
    """Reads all records of some files; those of one name make up a set.

    Args:
        files: TFRecords.
        input_size: see `Inspection`.
        pictures: how many samples to keep.

    Raises:
        InputError: a file is damaged or of another schema, or there is no
            record.
    """
    found = _Found(pictures)
    for path in progress(files, "reading records", unit="file"):
        name = set_name(path)
        for record in read_records([path]):
            found.add(record, name)
    if not found.parts:
        raise InputError(files[0], "holds no record")
    return Inspection(
        files,
        found.statistics(input_size),
        dict(found.class_ids),
        found.formats,
        found.crowd,
        found.samples,
        found.remarks + missing_shards(files),
        input_size,
    )


def set_name(path: Path) -> str:
    """Returns the name that all shards of a set share."""
    match = _SHARD.fullmatch(path.name)
    return match[1] if match else path.name


def missing_shards(files: Sequence[Path]) -> Counter[str]:
    """Returns what is missing of sets of shards, by their own names."""
    there: dict[tuple[Path, str, int], set[int]] = defaultdict(set)
    for path in files:
        if match := _SHARD.fullmatch(path.name):
            there[path.parent, match[1], int(match[3])].add(int(match[2]))
    return Counter(
        {
            f"shard missing of {name}-*-of-{count:05d}": count - len(numbers)
            for (_, name, count), numbers in there.items()
            if len(numbers) < count
        }
    )


def names_of(record: Record) -> list[str]:
    """Returns a name for each box; of those with an id alone, the id."""
    if record.class_names:
        return list(record.class_names)
    return [f"class {id_}" for id_ in record.class_ids.tolist()]


class _Found:
    """What has been found so far."""

    def __init__(self, pictures: int) -> None:
        self.parts: dict[str, tuple[int, int]] = {}
        self.class_ids: dict[str, set[int]] = defaultdict(set)
        self.formats: Counter[str] = Counter()
        self.remarks: Counter[str] = Counter()
        self.crowd = 0
        self.samples: list[Record] = []
        self._pictures = pictures
        self._random = np.random.default_rng(1)
        self._set_of: dict[str, str] = {}
        self._sizes: Counter[tuple[int, int]] = Counter()
        self._per_image: list[int] = []
        self._boxes: list[tuple[str | float, ...]] = []

    def add(self, record: Record, name: str) -> None:
        """Counts a record of a set."""
        self._keep_sample(record)
        names = names_of(record)
        images, boxes = self.parts.get(name, (0, 0))
        self.parts[name] = images + 1, boxes + len(names)
        self.crowd += int(record.is_crowd.sum())
        self._sizes[record.width, record.height] += 1
        self._per_image.append(len(names))
        for class_name, class_id, box in zip(
            names,
            record.class_ids.tolist(),
            record.boxes.tolist(),
            strict=True,
        ):
            self.class_ids[class_name].add(class_id)
            size = record.width, record.height
            row = (name, class_name, record.filename, *size, *box)
            self._boxes.append(row)
        self.remarks.update(self._odd(record, name))

    def statistics(self, input_size: int) -> Statistics:
        """Measures the boxes; those that cannot be are remarked upon."""
        table = pd.DataFrame(self._boxes, columns=[*_COLUMNS, *BOX_COLUMNS])
        edges = table[BOX_COLUMNS].to_numpy(float)
        frame = table[["image_width", "image_height"]].to_numpy(float)
        sides = edges[:, 2:] - edges[:, :2]
        outside = (edges[:, :2] < -SLACK) | (edges[:, 2:] > frame + SLACK)
        sound = (sides > 0).all(axis=1) & ~outside.any(axis=1)
        self.remarks["box outside its image or without area"] += int(
            (~sound).sum()
        )
        self.remarks = +self.remarks
        centers = (edges[:, 2:] + edges[:, :2]) / 2 / frame
        with np.errstate(divide="ignore", invalid="ignore"):
            table["aspect"] = sides[:, 0] / sides[:, 1]
        table["x"], table["y"] = centers.T
        table["width"], table["height"] = (sides / frame).T
        table["side"] = input_sides(edges.clip(0), frame, input_size)
        return Statistics(
            boxes=table[sound].reset_index(drop=True),
            per_image=pd.Series(self._per_image),
            sizes=self._sizes,
            sharpness=pd.Series(dtype=float),
            parts=self.parts,
        )

    def _odd(self, record: Record, name: str) -> Iterator[str]:
        earlier = self._set_of.setdefault(record.filename, name)
        if earlier != name:
            yield f"image that is in {earlier} and in {name}"
        if not record.class_ids.all():
            yield "image with a box without a class id"
        try:
            with open_image(io.BytesIO(record.encoded), "") as picture:
                self.formats[f"{picture.format} {picture.mode}"] += 1
                if picture.size != (record.width, record.height):
                    yield "image of another size than its record says"
        except InputError:
            yield "image that cannot be read"

    def _keep_sample(self, record: Record) -> None:
        """Keeps each record with equal chance (Vitter's algorithm R)."""
        if len(self.samples) < self._pictures:
            self.samples.append(record)
            return
        place = int(self._random.integers(len(self._per_image) + 1))
        if place < self._pictures:
            self.samples[place] = record
