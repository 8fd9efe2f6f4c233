"""Runs overwrite nothing, also when two go on at once."""

import fcntl
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from crossline.errors import InputError
from crossline.run_folders import only_run_in, run_folder

LAST = "summary.json"


def use(asked: Path | None, usual: Path) -> Path:
    """Makes a run from its start to its end."""
    with run_folder(asked, usual, LAST) as folder:
        (folder / LAST).touch()
    return folder


def test_runs_are_numbered(tmp_path: Path) -> None:
    usual = tmp_path / "clip"
    found = [use(None, usual).name for _ in range(3)]
    assert found == ["clip", "clip-2", "clip-3"]


def test_a_run_that_goes_on_keeps_its_folder(tmp_path: Path) -> None:
    usual = tmp_path / "clip"
    with run_folder(None, usual, LAST) as first:
        second = use(None, usual)
    assert (first.name, second.name) == ("clip", "clip-2")


def test_a_folder_that_was_asked_for_has_one_run(tmp_path: Path) -> None:
    asked = tmp_path / "mine"
    with (
        run_folder(asked, tmp_path / "clip", LAST),
        pytest.raises(InputError, match="another run is writing into it"),
    ):
        use(asked, tmp_path / "clip")
    assert use(asked, tmp_path / "clip") == asked
    with pytest.raises(InputError, match="an earlier run wrote this"):
        use(asked, tmp_path / "clip")


def lock_and_die(folder: Path) -> None:
    with only_run_in(folder):
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_run_keeps_nobody_out(tmp_path: Path) -> None:
    killed = multiprocessing.get_context("fork").Process(
        target=lock_and_die, args=(tmp_path / "clip",)
    )
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    assert use(None, tmp_path / "clip").name == "clip"


def test_a_folder_that_is_taken_away_at_the_end_locks_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "drafts"
    lock = fcntl.flock

    def taken_away_once(descriptor: int, how: int) -> None:
        monkeypatch.undo()
        folder.rmdir()
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", taken_away_once)
    with only_run_in(folder):
        (folder / "a").touch()
