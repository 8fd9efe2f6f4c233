"""Images for training, by class in folders, sharp and unlike each other."""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain, groupby
from pathlib import Path

from crossline.errors import InputError
from crossline.geometry import Image
from crossline.progress import progress
from crossline.similarity import difference_hash, hash_distance, sharpness
from crossline.video.frame import Frame
from crossline.video.images import SUFFIXES, read_image, write_image

BLURRED = "blurred"
NEAR_DUPLICATE = "near duplicate"

_LOG = logging.getLogger(__name__)


class Collection:
    """Keeps frames as ``FOLDER/CLASS/TIME-FRAME.jpg``.

    What earlier runs left there counts, and is not collected again.

    Args:
        folder: made where it is missing.
        targets: class to the number of images that is wanted, None for as
            many as come.
        min_sharpness: see `crossline.similarity.sharpness`; raising it
            leaves out more, 0 nothing.
        min_difference: bits by which the hash of a frame differs at least
            from those of all images, whatever their class; raising it leaves
            out more, 0 nothing.

    Attributes:
        counts: images by class, in the order of `targets`.
        targets: as given.
        saved: images of this run.
        left_out: frames of this run that were not kept, by reason.
        last: what became of the last frame, for people.
    """

    def __init__(
        self,
        folder: Path,
        targets: Mapping[str, int | None],
        *,
        min_sharpness: float,
        min_difference: int,
    ) -> None:
        self.folder = folder
        self.targets = dict(targets)
        present = _images_by_folder(folder)
        self.counts = {name: len(present.get(name, [])) for name in targets}
        self.saved = 0
        self.left_out: Counter[str] = Counter()
        self.last = ""
        self._min_sharpness = min_sharpness
        self._min_difference = min_difference
        self._hashes = _hashes_of([*chain.from_iterable(present.values())])
        self._started = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")

    @property
    def is_complete(self) -> bool:
        """Whether there are targets and all of them are reached."""
        missing = [
            self.counts[name] < target
            for name, target in self.targets.items()
            if target is not None
        ]
        return bool(missing) and not any(missing)

    def status(self) -> str:
        """Returns a line: counts, what was left out, the last frame."""
        counts = [
            f"{name} {count}" + (f" of {target}" if target else "")
            for (name, count), target in zip(
                self.counts.items(), self.targets.values(), strict=True
            )
        ]
        left_out = [f"{n} {reason}" for reason, n in self.left_out.items()]
        parts = [", ".join(counts), ", ".join(left_out), self.last]
        return "; ".join(filter(None, parts))

    def offer(self, frame: Frame, class_name: str) -> bool:
        """Keeps a frame, or leaves it out and counts why.

        Args:
            frame: any frame of one source.
            class_name: one of `targets`.

        Returns:
            Whether it was kept.
        """
        bits = difference_hash(frame.image)
        reason = self._reason_against(frame.image, bits)
        if reason:
            self.left_out[reason] += 1
        else:
            name = f"{self._started}-{frame.number:06d}.jpg"
            write_image(self.folder / class_name / name, frame.image)
            self._hashes.append(bits)
            self.counts[class_name] += 1
            self.saved += 1
        self.last = f"{class_name}: {reason or 'saved'}"
        return not reason

    def _reason_against(self, image: Image, bits: int) -> str:
        if sharpness(image) < self._min_sharpness:
            return BLURRED
        nearest = min(
            (hash_distance(bits, known) for known in self._hashes),
            default=self._min_difference,
        )
        return NEAR_DUPLICATE if nearest < self._min_difference else ""


def _images_by_folder(folder: Path) -> dict[str, list[Path]]:
    paths = sorted(folder.glob("*/*"))
    images = [path for path in paths if path.suffix.lower() in SUFFIXES]
    return {
        name: list(group)
        for name, group in groupby(images, lambda path: path.parent.name)
    }


def _hashes_of(paths: list[Path]) -> list[int]:
    hashes = []
    for path in progress(paths, "reading earlier images", unit="image"):
        try:
            hashes.append(difference_hash(read_image(path)))
        except InputError as error:
            _LOG.warning("%s", error)
    return hashes
