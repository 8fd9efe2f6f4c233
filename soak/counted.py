"""What count_video has left in its folder, whole or not."""

import csv
from pathlib import Path

import av

_HEADER = 4096
"""Bytes. A file without a frame is smaller."""

Row = dict[str, str]


def events(folder: Path) -> list[Row]:
    """Returns the whole rows; a half one fails."""
    text = (folder / "events.csv").read_text()
    assert text.endswith("\n") or not text
    rows = list(csv.DictReader(text.splitlines()))
    assert all(None not in row.values() for row in rows)
    return rows


def frames(path: Path) -> int:
    """Decodes all frames of a video; 0 before its first second is there."""
    if not path.exists():
        return 0
    try:
        with av.open(str(path)) as container:
            return sum(1 for _ in container.decode(video=0))
    except av.InvalidDataError:
        assert path.stat().st_size < _HEADER
        return 0
