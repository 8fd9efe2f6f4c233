"""A folder of images as a video."""

import logging
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from crossline.errors import InputError
from crossline.video.connection import FALLBACK_FPS
from crossline.video.frame import Frame
from crossline.video.images import find_images, read_image

_LOG = logging.getLogger(__name__)


class FolderReader:
    """The images of a folder, in the order of their names. See `Video`.

    Images cannot tell when they were taken: there are 25 a second. What
    cannot be read, or is of another size than the first, is left out,
    counted, and named in one warning at the end; it takes its time none the
    less.

    Args:
        folder: is searched, subfolders included.

    Raises:
        InputError: it holds no image, or none that can be read.
    """

    fps = FALLBACK_FPS
    dropped = 0

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self.is_truncated = False
        self._paths = [*find_images([folder]).values()]
        self.frame_count: int | None = len(self._paths)
        self.height, self.width = read_image(self._paths[0]).shape[:2]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Holds nothing that is to be closed."""

    def __iter__(self) -> Iterator[Frame]:
        unreadable: list[str] = []
        for number, path in enumerate(self._paths):
            try:
                image = read_image(path)
            except InputError as error:
                unreadable.append(str(error))
                continue
            height, width = image.shape[:2]
            if (width, height) != (self.width, self.height):
                unreadable.append(f"{path}: is {width}x{height} pixels")
                continue
            yield Frame(image, number, float(number / self.fps))
        if unreadable:
            self.is_truncated = True
            _LOG.warning(
                "%s: %d of %d images left out, first %s",
                self.name,
                len(unreadable),
                self.frame_count,
                unreadable[0],
            )
