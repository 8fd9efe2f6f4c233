"""The loop from a camera to a collection."""

from collections.abc import Callable, Iterable, Sequence

from crossline.capture.collection import Collection
from crossline.capture.triggers import Trigger
from crossline.geometry import Image
from crossline.video.frame import Frame


def capture(
    frames: Iterable[Frame],
    collection: Collection,
    triggers: Sequence[Trigger],
    *,
    is_over: Callable[[], bool],
    show: Callable[[Image], None],
    tell: Callable[[], None],
) -> None:
    """Offers to a collection what the triggers want.

    Ends with the frames, with `is_over`, or when all targets are reached.

    Args:
        frames: of a camera or a video.
        collection: takes them, or leaves them out.
        triggers: each is asked once per frame.
        is_over: asked once per frame.
        show: takes each picture.
        tell: called when a frame was offered, and once before.
    """
    tell()
    if collection.is_complete:
        return
    for frame in frames:
        show(frame.image)
        for trigger in triggers:
            for class_name in trigger(frame):
                collection.offer(frame, class_name)
                tell()
        if is_over() or collection.is_complete:
            return
