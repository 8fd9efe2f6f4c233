"""A camera that hangs up again and again: what it delivered is counted."""

import json
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from crossline.geometry import Image
from soak.counted import events, frames
from soak.processes import Script, end
from soak.street import FPS, LINE, LOOP, picture
from tests.video.streams import (
    MOTION_JPEG,
    TRANSPORT_STREAM,
    camera,
    motion_jpeg,
    transport_stream,
)

BREAKS = 20
FRAMES_A_CONNECTION = 47
"""Breaks come at all moments of a crossing."""
LONGEST_S = 300.0
Encode = Callable[[Sequence[Image], int], list[bytes]]


@pytest.mark.parametrize(
    ("encode", "content_type"),
    [
        pytest.param(
            lambda images, _: motion_jpeg(images),
            MOTION_JPEG,
            id="without a clock",
        ),
        pytest.param(
            transport_stream, TRANSPORT_STREAM, id="by its own clock"
        ),
    ],
)
def test_a_stream_that_hangs_up_twenty_times(
    encode: Encode,
    content_type: str,
    model: Path,
    tmp_path: Path,
    tell: Callable[[str], None],
) -> None:
    count = FRAMES_A_CONNECTION * (BREAKS + 1)
    street = [picture(number % LOOP) for number in range(count)]
    is_through = threading.Event()

    def parts() -> Iterator[list[bytes]]:
        for start in range(0, count, FRAMES_A_CONNECTION):
            yield encode(street[start : start + FRAMES_A_CONNECTION], start)
        is_through.set()

    output = tmp_path / "out"
    with camera(parts(), content_type, 1 / FPS) as url:
        process = Script(
            "count_video",
            (url, "--model", model, "--line", LINE, "--output", output),
        ).start()
        assert is_through.wait(LONGEST_S)
        process.send_signal(signal.SIGINT)
        ended = end(process)
    assert ended.said.count("and is back after") == BREAKS
    summary = json.loads((output / "summary.json").read_text())
    # The last frame before a break may be cut off.
    came = summary["frames"] + summary["dropped"]
    assert count - BREAKS - 1 <= came <= count
    assert frames(output / "annotated.mp4") == summary["frames"]
    rows = events(output)
    # Each half of the loop has its crossing, red and green in turns.
    due = count // FPS
    assert [row["class"] for row in rows] == [
        ("red", "green")[number % 2] for number in range(due)
    ]
    assert [row["direction"] for row in rows] == [
        ("right", "left")[number % 2] for number in range(due)
    ]
    assert len({row["track_id"] for row in rows}) == due
    tell(
        f"{due} crossings in {came} frames, each counted once; "
        f"{summary['dropped']} frames dropped"
    )
