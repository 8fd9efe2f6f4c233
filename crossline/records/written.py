"""What was written to records, and what was left out."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crossline.annotations.annotation import NO_CLASS, Annotation


@dataclass
class WrittenRecords:
    """Counts of a set of records, or of a part of it.

    Attributes:
        shards: the files.
        images: written, negatives included.
        negatives: images without an object.
        objects: per class.
        reencoded: images whose bytes are not the file's, by reason.
        skipped: the line of each image that could not be written.
        resumed: how many of the shards a run that was killed had finished.
    """

    shards: list[Path] = field(default_factory=list)
    images: int = 0
    negatives: int = 0
    objects: Counter[str] = field(default_factory=Counter)
    reencoded: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    resumed: int = 0

    def add_image(self, rows: Sequence[Annotation], reencoded: str) -> None:
        """Counts an image; `reencoded` is why it was, or empty."""
        names = [r.class_name for r in rows if r.class_name != NO_CLASS]
        self.images += 1
        self.negatives += not names
        self.objects.update(names)
        if reencoded:
            self.reencoded[reencoded] += 1

    def add(self, other: "WrittenRecords") -> None:
        """Adds the counts of another part."""
        self.shards = sorted([*self.shards, *other.shards])
        self.images += other.images
        self.negatives += other.negatives
        self.objects += other.objects
        self.reencoded += other.reencoded
        self.skipped = sorted([*self.skipped, *other.skipped])
        self.resumed += other.resumed

    def to_text(self) -> str:
        """Returns lines: objects per class, and what is worth knowing."""
        lines = [f"{n:7d} {name}" for name, n in sorted(self.objects.items())]
        for reason, count in sorted(self.reencoded.items()):
            lines.append(f"{count:7d} images encoded again: {reason}")
        lines += [f"skipped {line}" for line in self.skipped]
        if self.resumed:
            lines.append(f"{self.resumed} shards were finished already.")
        return "\n".join(lines)

    def to_json(self) -> str:
        """Returns all but the files' paths."""
        return json.dumps({**vars(self), "shards": []})

    @classmethod
    def from_json(cls, text: str) -> "WrittenRecords":
        """Returns what `to_json` was called of."""
        written = cls(**json.loads(text))
        written.objects = Counter(written.objects)
        written.reencoded = Counter(written.reencoded)
        return written


def total_of(parts: Iterable[WrittenRecords]) -> WrittenRecords:
    """Returns the counts of all parts together."""
    total = WrittenRecords()
    for part in parts:
        total.add(part)
    return total
