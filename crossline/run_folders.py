"""Folders of runs: none is overwritten, and each has one run at a time."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

from crossline.errors import InputError


@contextlib.contextmanager
def only_run_in(folder: Path) -> Iterator[None]:
    """Keeps other runs out of a folder as long as the body writes into it.

    The folder is made. The lock is the kernel's (flock, of the directory
    itself): a run that was killed leaves none behind.

    Raises:
        InputError: another run is writing into it.
    """
    with contextlib.ExitStack() as held:
        while True:
            folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(folder, os.O_RDONLY)
            held.callback(os.close, descriptor)
            _lock(descriptor, folder)
            if os.fstat(descriptor).st_nlink:
                break
            held.close()  # A run that has just ended took it away.
        yield


@contextlib.contextmanager
def run_folder(
    asked: Path | None, usual: Path, last_file: str
) -> Iterator[Path]:
    """Yields the folder for a run's outputs, so that none is overwritten.

    A run that was killed left no `last_file`; its folder is used again.

    Args:
        asked: what somebody wants it to be.
        usual: what it is called otherwise; numbered where that is taken.
        last_file: name of what a run writes last.

    Raises:
        InputError: the folder that was asked for holds another run, or one
            is writing into it.
    """
    if asked is not None:
        with only_run_in(asked):
            _require_unused(asked, last_file)
            yield asked
        return
    with contextlib.ExitStack() as lock:
        numbered = (usual.with_name(f"{usual.name}-{k}") for k in count(2))
        for folder in chain([usual], numbered):
            try:
                lock.enter_context(only_run_in(folder))
                _require_unused(folder, last_file)
            except InputError:
                lock.close()
                continue
            yield folder
            return


def _require_unused(folder: Path, last_file: str) -> None:
    if (folder / last_file).exists():
        raise InputError(
            folder / last_file,
            "an earlier run wrote this",
            remedy="name another --output, or remove the folder",
        )


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise InputError(
            folder,
            "another run is writing into it",
            remedy="wait for it, or name another --output",
        ) from error
    except OSError:
        pass  # Some network drives know no locks.
