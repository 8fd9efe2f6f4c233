"""When a frame is kept: by time, by key, by request."""

import os
import pty
import signal
import termios
import time
from collections.abc import Iterator

import pytest

from crossline.capture.keys import TerminalKeys
from crossline.capture.triggers import (
    Interval,
    KeyPresses,
    Requests,
    in_real_time,
)
from crossline.video.frame import Frame
from tests.capture.pictures import frame, picture


def at(*times: float) -> list[Frame]:
    image = picture(1)
    return [frame(image, number, time) for number, time in enumerate(times)]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        pytest.param([0, 1, 2, 3, 4], [0, 2, 4], id="in step"),
        pytest.param([0, 1.9, 2.1, 3.9, 4.1], [0, 2.1, 4.1], id="no drift"),
        pytest.param([0, 9, 9.5, 10], [0, 9, 10], id="a gap is no debt"),
        pytest.param([5, 6, 7], [5, 6], id="late start"),
    ],
)
def test_an_interval_counts_the_video_s_time(
    times: list[float], expected: list[float]
) -> None:
    every = Interval("person", 2)
    wanted = [shot.time_s for shot in at(*times) if list(every(shot))]
    assert wanted == expected


def test_requests_of_other_threads_take_the_next_frame() -> None:
    requests = Requests()
    (shot,) = at(0)
    requests.ask("person")
    requests.ask("car")
    assert list(requests(shot)) == ["person", "car"]
    assert list(requests(shot)) == []


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The side that types, and the side that a program sees."""
    typist, program = pty.openpty()
    yield typist, program
    os.close(typist)
    os.close(program)


def modes(terminal: int) -> list[bool]:
    """Whether it waits for Enter, and whether it echoes."""
    local = termios.tcgetattr(terminal)[3]
    return [bool(local & termios.ICANON), bool(local & termios.ECHO)]


def test_a_key_is_read_without_enter(terminal: tuple[int, int]) -> None:
    typist, program = terminal
    (shot,) = at(0)
    with TerminalKeys(program) as keys:
        presses = KeyPresses(keys, ["person", "car"])
        assert presses.help() == "1 person, 2 car, q ends"
        assert list(presses(shot)) == []
        os.write(typist, b"2x91")
        assert list(presses(shot)) == ["car", "person"]
        assert not presses.has_quit
        os.write(typist, b"q")
        assert list(presses(shot)) == []
        assert presses.has_quit


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(lambda: None, id="in order"),
        pytest.param(lambda: [].pop(), id="an error"),
        pytest.param(
            lambda: signal.raise_signal(signal.SIGINT), id="interrupt"
        ),
        pytest.param(
            lambda: signal.raise_signal(signal.SIGTERM), id="terminate"
        ),
    ],
)
def test_the_terminal_is_as_before_whatever_ends_it(
    terminal: tuple[int, int], leave: object
) -> None:
    _, program = terminal
    handler = signal.getsignal(signal.SIGTERM)
    assert modes(program) == [True, True]
    try:
        with TerminalKeys(program):
            assert modes(program) == [False, False]
            assert callable(leave)
            leave()
    except (IndexError, KeyboardInterrupt, SystemExit):
        pass
    assert modes(program) == [True, True]
    assert signal.getsignal(signal.SIGTERM) is handler


def test_a_file_is_shown_at_its_own_pace() -> None:
    start = time.monotonic()
    assert [f.time_s for f in in_real_time(at(0, 0.1, 0.2))] == [0, 0.1, 0.2]
    assert 0.2 <= time.monotonic() - start < 1
