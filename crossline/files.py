"""Outputs that appear whole or not at all."""

import contextlib
import errno
import functools
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from crossline.errors import InputError

_DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors that name no file, or the one that was read."""


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yields a path beside `path` that takes its place at the end.

    The body writes a file or makes a folder there. When the body raises,
    what it wrote is removed and `path` stays as it was. The parent folder
    is made.
    """
    with scratch(path) as draft:
        yield draft
        _put_in_place(draft, path)


@contextlib.contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """Yields a hidden path beside `path`, removed at the end.

    The parent folder is made; what killed runs left in it is removed. An
    error of the hidden path, or of a full disk, is told of `path`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_drafts_of_the_dead(path.parent)
    draft = path.with_name(f".{path.name}.{_host()}-{os.getpid()}.part")
    _remove(draft)
    try:
        yield draft
    except OSError as error:
        if error.errno in _DISK_IS_FULL or error.filename == str(draft):
            error.filename = str(path)
        raise
    finally:
        _remove(draft)


def require_replaceable(folder: Path, mark: str) -> None:
    """Makes sure that nothing else is lost when a folder is replaced.

    Args:
        folder: to be replaced whole, if it is there.
        mark: a file that folders of its kind hold.

    Raises:
        InputError: it is there, not empty, and of another kind.
    """
    if not folder.exists():
        return
    if not folder.is_dir() or (
        any(folder.iterdir()) and not (folder / mark).exists()
    ):
        raise InputError(
            folder,
            f"would be replaced, and holds no {mark}",
            remedy="name another --output",
        )


def write_text(path: Path, text: str) -> None:
    """Writes `text` as UTF-8, whole or not at all."""
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")


def require_file(path: Path, remedy: str | None = None) -> Path:
    """Returns `path`.

    Raises:
        InputError: it is missing, empty or no file.
    """
    if not path.exists():
        raise InputError(path, "no such file", remedy=remedy)
    if not path.is_file():
        raise InputError(path, "is not a file", remedy=remedy)
    if path.stat().st_size == 0:
        raise InputError(path, "is empty", remedy=remedy)
    return path


def require_folder(path: Path, remedy: str | None = None) -> Path:
    """Returns `path`.

    Raises:
        InputError: it is missing or no folder.
    """
    if not path.is_dir():
        problem = "is not a folder" if path.exists() else "no such folder"
        raise InputError(path, problem, remedy=remedy)
    return path


def _put_in_place(draft: Path, path: Path) -> None:
    """Renames; a folder that is there goes aside first, and then away.

    Removed where it stands, it would be half a folder for a while.
    """
    aside = draft.with_suffix(".old.part")
    while True:
        _remove(aside)
        if draft.is_dir() and path.is_dir():
            with contextlib.suppress(FileNotFoundError):
                path.rename(aside)
        try:
            draft.replace(path)
        except OSError as error:
            # Another run has put its folder there in between.
            if error.errno != errno.ENOTEMPTY:
                raise
        else:
            _remove(aside)
            return


@functools.cache
def _remove_drafts_of_the_dead(folder: Path) -> None:
    """Removes drafts whose process was killed, once for each folder.

    Of this machine's processes only: a shared drive may hold others'.
    """
    draft = re.compile(rf"\..+\.{re.escape(_host())}-(\d+)(\.old)?\.part")
    for path in list(folder.iterdir()):
        match = draft.fullmatch(path.name)
        if match and not _is_alive(int(match[1])):
            with contextlib.suppress(OSError):
                _remove(path)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # Somebody else's.
    return True


def _host() -> str:
    return os.uname().nodename


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
