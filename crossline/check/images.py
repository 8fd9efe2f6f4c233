"""What the image files say: size, turn, content; each decoded once.

The processes that decode import neither pandas nor TensorFlow.
"""

import hashlib
import io
import multiprocessing
import os
import signal
from collections.abc import Container, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from crossline.errors import InputError
from crossline.files import require_file
from crossline.geometry import Image
from crossline.image_files import LYING, open_image, orientation_of
from crossline.progress import progress
from crossline.records.images import decode_image
from crossline.similarity import difference_hash, sharpness
from crossline.video.images import SUFFIXES

Grays = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]

_CHUNK = 16
_FEWEST_FOR_PROCESSES = 100
"""Fewer are decoded before other processes have started."""
_THUMBNAIL = 16
_FLAT = 2.0
_ALIKE_GRAY = 10.0


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What one image file says. Half a kilobyte, of an image of any size.

    Attributes:
        width: upright, pixels; 0 of a file that cannot be read.
        height: likewise.
        orientation: EXIF's, 1 to 8.
        digest: SHA-256 of the file.
        hash: see `difference_hash`.
        thumbnail: 16x16 grey levels.
        sharpness: see `crossline.similarity.sharpness`.
        problem: why it cannot be read; empty if it can.
    """

    width: int = 0
    height: int = 0
    orientation: int = 1
    digest: bytes = b""
    hash: int = 0
    thumbnail: bytes = b""
    sharpness: float = 0.0
    problem: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, upright."""
        return self.width, self.height

    @property
    def stored_size(self) -> tuple[int, int]:
        """Width and height of the picture as the file holds it."""
        return self.size[::-1] if self.orientation in LYING else self.size


def look_at(path: Path) -> ImageFacts:
    """Decodes an image file whole, as records' reader does."""
    try:
        data = require_file(path).read_bytes()
        image = decode_image(data, path)
        with open_image(io.BytesIO(data), path) as picture:
            orientation = orientation_of(picture)
    except InputError as error:
        return ImageFacts(problem=error.problem)
    except OSError as error:
        return ImageFacts(problem=error.strerror or "cannot be read")
    return ImageFacts(
        width=image.shape[1],
        height=image.shape[0],
        orientation=orientation,
        digest=hashlib.sha256(data).digest(),
        hash=difference_hash(image),
        thumbnail=_thumbnail(image),
        sharpness=sharpness(image),
    )


def look_at_all(
    paths: Sequence[Path], workers: int | None = None
) -> dict[Path, ImageFacts]:
    """Decodes image files, in several processes.

    Args:
        paths: of files that exist.
        workers: processes; None for one per core.
    """
    workers = workers or os.cpu_count() or 1
    with progress(paths, "decoding images", unit="image") as bar:
        facts = {}
        for path, found in zip(paths, _looks(paths, workers), strict=True):
            facts[path] = found
            bar.update()
    return facts


def likeness(thumbnail: Grays, others: Grays) -> FloatArray:
    """Returns how alike thumbnails are, where their hashes leave it open.

    The correlation of their grey levels. Of half a million pairs of COCO's
    and of raccoons, none had 0.9 or more that was not the same photograph.

    Args:
        thumbnail: ``(256,)``.
        others: ``(n, 256)``.

    Returns:
        ``(n,)``, up to 1; of pictures of one colour 1 or 0.
    """
    first = thumbnail.astype(np.float32)
    second = others.astype(np.float32)
    differ = np.abs(first - second).max(axis=1)
    first = first - first.mean()
    second -= second.mean(axis=1, keepdims=True)
    spread = np.sqrt((first**2).mean() * (second**2).mean(axis=1))
    correlation = second @ first / len(first) / np.maximum(spread, _FLAT**2)
    is_flat = spread < _FLAT**2
    alike = np.where(is_flat, differ < _ALIKE_GRAY, correlation)
    return np.asarray(alike, np.float32)


def unlabelled(folder: Path, labelled: Container[Path]) -> list[Path]:
    """Returns the images of a folder that are not among the labelled."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path not in labelled
        and path.is_file()
    )


def _looks(paths: Sequence[Path], workers: int) -> Iterator[ImageFacts]:
    if workers == 1 or len(paths) < _FEWEST_FOR_PROCESSES:
        yield from map(look_at, paths)
        return
    # Forked from a process with threads, one may wait for a lost lock.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start_worker) as pool:
        try:
            yield from pool.map(look_at, paths, chunksize=_CHUNK)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _start_worker() -> None:
    """Leaves Ctrl-C to the parent, and the cores to the other workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)


def _thumbnail(image: Image) -> bytes:
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    size = (_THUMBNAIL, _THUMBNAIL)
    return cv2.resize(gray, size, interpolation=cv2.INTER_AREA).tobytes()
