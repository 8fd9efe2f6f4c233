"""Outputs that appear whole or not at all."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

from crossline.errors import InputError


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yields a path beside `path` that takes its place at the end.

    The body writes a file or makes a folder there. When the body raises,
    what it wrote is removed and `path` stays as it was. The parent folder
    is made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    _remove(draft)
    try:
        yield draft
        if draft.is_dir() and path.is_dir():
            _remove(path)
        draft.replace(path)
    except BaseException:
        _remove(draft)
        raise


def write_text(path: Path, text: str) -> None:
    """Writes `text` as UTF-8, whole or not at all."""
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")


def run_folder(asked: Path | None, usual: Path, last_file: str) -> Path:
    """Returns the folder for a run's outputs, so that none is overwritten.

    A run that was killed left no `last_file`; its folder is used again.

    Args:
        asked: what somebody wants it to be.
        usual: what it is called otherwise; numbered where that is taken.
        last_file: name of what a run writes last.

    Raises:
        InputError: the folder that was asked for holds another run.
    """
    if asked is None:
        numbered = (usual.with_name(f"{usual.name}-{k}") for k in count(2))
        folders = chain([usual], numbered)
        return next(f for f in folders if not (f / last_file).exists())
    if (asked / last_file).exists():
        raise InputError(
            asked / last_file,
            "an earlier run wrote this",
            remedy="name another --output, or remove the folder",
        )
    return asked


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


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
