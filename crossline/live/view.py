"""Live pictures for a browser: motion JPEG, one part per frame."""

import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import cv2
from flask import Response

from crossline.geometry import Image

_BOUNDARY = b"--frame\r\n"
_QUALITY = 80


class LiveView:
    """The latest picture, for any number of viewers.

    Who shows pictures never waits: they are encoded in the viewers' threads,
    and a slow viewer misses some. A context manager; at its end the viewers'
    streams end.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._image: Image | None = None
        self._number = 0
        self._is_over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def show(self, image: Image) -> None:
        """Replaces the picture; `image` must not change afterwards."""
        with self._changed:
            self._image = image
            self._number += 1
            self._changed.notify_all()

    def images(self) -> Iterator[Image]:
        """Yields the picture, and each later one that comes in time."""
        seen = 0
        while (latest := self._wait_for_later_than(seen)) is not None:
            image, seen = latest
            yield image

    def response(self) -> Response:
        """Returns what an ``<img>`` shows as a moving picture."""
        return Response(
            self._parts(),
            mimetype="multipart/x-mixed-replace; boundary=frame",
            headers={"Cache-Control": "no-store"},
        )

    def _wait_for_later_than(self, seen: int) -> tuple[Image, int] | None:
        """Returns the picture and its number; None at the end."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_over or self._number > seen
            )
            if self._is_over or self._image is None:
                return None
            return self._image, self._number

    def _parts(self) -> Iterator[bytes]:
        yield _BOUNDARY
        for image in self.images():
            _, encoded = cv2.imencode(
                ".jpg",
                cv2.cvtColor(image, cv2.COLOR_RGB2BGR),
                [cv2.IMWRITE_JPEG_QUALITY, _QUALITY],
            )
            # The boundary goes with the picture that it ends: browsers show
            # one when they see its end.
            head = (
                f"Content-Type: image/jpeg\r\nContent-Length: {encoded.size}"
            )
            body = encoded.tobytes()
            yield head.encode() + b"\r\n\r\n" + body + b"\r\n" + _BOUNDARY
