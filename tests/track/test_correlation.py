"""dlib carries what it has learnt, and knows when to give up."""

import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from crossline.errors import InputError
from crossline.geometry import FloatArray, Image
from crossline.track.correlation import CorrelationTrackers
from crossline.track.correlation_process import CorrelationProcess
from crossline.track.tracker import Track


def picture(x: int | None) -> Image:
    """Grey noise with a patterned square whose left edge is at `x`."""
    generator = np.random.default_rng(1)
    image = generator.integers(90, 130, (160, 240, 3)).astype(np.uint8)
    pattern = generator.integers(0, 2, (8, 8, 1)).astype(np.uint8) * 255
    square = np.repeat(np.repeat(np.repeat(pattern, 5, 0), 5, 1), 3, 2)
    if x is not None:
        image[60:100, x : x + 40] = square
    return image


def track(x: float, is_seen: bool = True) -> Track:
    box: FloatArray = np.array([x, 60, x + 40, 100], np.float32)
    return Track(7, box, 1, 0.9, is_seen)


def test_it_follows_a_moving_square() -> None:
    trackers = CorrelationTrackers()
    trackers.start(picture(50), [track(50)])
    for x in (54, 58, 62):
        boxes = trackers.update(picture(x))
    assert boxes[7] == pytest.approx([62, 60, 102, 100], abs=3)


def test_it_drops_what_has_vanished() -> None:
    trackers = CorrelationTrackers()
    trackers.start(picture(50), [track(50)])
    flat = np.full_like(picture(None), 110)
    assert trackers.update(flat) == {}
    assert trackers.update(picture(50)) == {}


def test_it_learns_seen_tracks_only() -> None:
    trackers = CorrelationTrackers()
    trackers.start(picture(50), [track(50, is_seen=False)])
    assert trackers.update(picture(50)) == {}


def test_a_process_of_its_own_finds_the_same() -> None:
    alone = CorrelationTrackers()
    alone.start(picture(50), [track(50)])
    with CorrelationProcess() as process:
        assert process.update(picture(50)) == {}
        process.start(picture(50), [track(50, is_seen=False), track(50)])
        for x in (54, 58):
            np.testing.assert_array_equal(
                process.update(picture(x))[7], alone.update(picture(x))[7]
            )
        (child,) = multiprocessing.active_children()
        process.start(picture(50), [])
        assert process.update(picture(50)) == {}
    child.join(10)
    assert child.exitcode == 0


def test_nothing_to_follow_begins_no_process() -> None:
    with CorrelationProcess() as process:
        process.start(picture(50), [track(50, is_seen=False)])
        assert process.update(picture(50)) == {}
        assert multiprocessing.active_children() == []


def test_a_process_that_is_killed_is_told_of() -> None:
    with CorrelationProcess() as process:
        process.start(picture(50), [track(50)])
        (child,) = multiprocessing.active_children()
        child.kill()
        child.join(10)
        with pytest.raises(InputError, match="process was killed"):
            process.update(picture(50))
        with pytest.raises(InputError, match="process was killed"):
            process.start(picture(50), [track(50)])


def test_a_process_ends_with_the_one_that_began_it() -> None:
    code = """
import multiprocessing, os, signal
from tests.track.test_correlation import picture, track
from crossline.track.correlation_process import CorrelationProcess

if __name__ == "__main__":
    process = CorrelationProcess()
    process.start(picture(50), [track(50)])
    process.update(picture(50))
    print(multiprocessing.active_children()[0].pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    status = Path("/proc", ended.stdout.strip(), "status")
    for _ in range(100):
        if not status.is_file() or "zombie" in status.read_text():
            return
        time.sleep(0.1)
    pytest.fail("it lives on")
