"""What is in a folder."""

from collections.abc import Mapping
from pathlib import Path


def contents(folder: Path) -> Mapping[str, bytes]:
    """Returns all files of a folder by path, hidden ones too."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
