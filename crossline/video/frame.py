"""What is watched: pictures of a video with their times."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import TracebackType
from typing import Protocol, Self

from crossline.geometry import Image


@dataclass(frozen=True)
class Frame:
    """One picture of a video.

    Attributes:
        image: RGB, upright.
        number: counted from 0.
        time_s: seconds since the first frame, as a player shows it.
    """

    image: Image
    number: int
    time_s: float


class Video(Protocol):
    """What is watched, from its start to its end, once. A context manager.

    Attributes:
        name: of the source, for people; without a URL's password.
        width: of the upright frames, in pixels.
        height: of the upright frames, in pixels.
        fps: frames per second, 25 when the source tells nothing usable.
        frame_count: what is promised; None if nothing is.
        is_truncated: whether less came than was promised; known at the end.
        dropped: frames that came while nobody could take them.
    """

    name: str
    width: int
    height: int
    fps: Fraction
    frame_count: int | None
    is_truncated: bool
    dropped: int

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def __iter__(self) -> Iterator[Frame]: ...
