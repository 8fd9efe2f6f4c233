"""Ctrl-C ends a script even where a library swallows it."""

import signal
import sys
import threading
import time

import pytest

from crossline.command_line import INTERRUPTED, new_parser, run_script


def test_a_swallowed_ctrl_c_is_raised_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            # As C++ does it, by PyErr_Print.
            sys.excepthook(*sys.exc_info())
        while True:
            time.sleep(0.1)

    assert run_script(new_parser("Works."), run, []) == INTERRUPTED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("interrupted; run it again to go on")


def test_what_tidies_up_after_ctrl_c_is_left_in_peace() -> None:
    tidied = threading.Event()

    def run() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            time.sleep(1.5)
            tidied.set()

    assert run_script(new_parser("Works."), run, []) == INTERRUPTED
    assert tidied.is_set()


def test_afterwards_ctrl_c_does_what_it_did() -> None:
    former = signal.getsignal(signal.SIGALRM)

    assert run_script(new_parser("Works."), lambda: None, []) == 0

    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGALRM) == former
