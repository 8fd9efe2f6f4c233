"""Outputs appear whole or not at all, whatever was killed before."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from crossline.files import replacing


def fill(folder: Path, *names: str) -> None:
    folder.mkdir()
    for name in names:
        (folder / name).touch()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_place_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    with replacing(path) as draft:
        draft.write_text("a")
        assert not path.exists()
    assert path.read_text() == "a"
    assert names(path.parent) == ["a.txt"]


def test_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    fill(tmp_path / "out", "old")
    with replacing(tmp_path / "out") as draft:
        fill(draft, "new")
        assert names(tmp_path / "out") == ["old"]
    assert names(tmp_path / "out") == ["new"]
    assert names(tmp_path) == ["out"]


def fail(path: Path) -> None:
    with replacing(path) as draft:
        fill(draft, "new")
        raise RuntimeError


def test_what_fails_leaves_all_as_it_was(tmp_path: Path) -> None:
    fill(tmp_path / "out", "old")
    with pytest.raises(RuntimeError):
        fail(tmp_path / "out")
    assert names(tmp_path / "out") == ["old"]
    assert names(tmp_path) == ["out"]


def test_a_folder_is_no_substitute_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with (
        pytest.raises(NotADirectoryError),
        replacing(tmp_path / "out") as draft,
    ):
        fill(draft, "new")
    assert (tmp_path / "out").read_text() == "a file"


def test_two_runs_at_once_leave_the_later_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with replacing(path) as mine:
        fill(mine, "mine")
        # As another process would put it there.
        fill(path, "theirs")
    assert names(path) == ["mine"]
    assert names(tmp_path) == ["out"]


def draft_and_die(path: Path) -> None:
    with replacing(path) as draft:
        fill(draft, "half")
        os.kill(os.getpid(), signal.SIGKILL)


def test_the_next_run_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    killed = multiprocessing.get_context("fork").Process(
        target=draft_and_die, args=(tmp_path / "out",)
    )
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    (stale,) = names(tmp_path)
    assert stale.startswith(".out.")
    another_machine = ".out.elsewhere-999999999.part"
    (tmp_path / another_machine).touch()
    with replacing(tmp_path / "other.txt") as draft:
        draft.touch()
    assert names(tmp_path) == [another_machine, "other.txt"]
