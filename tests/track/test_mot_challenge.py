"""MOTChallenge's files, read and written."""

from pathlib import Path

import numpy as np
import pytest

from crossline.errors import InputError
from crossline.track.mot_challenge import (
    UNSTATED,
    TrackTable,
    read_tracks,
    write_tracks,
)
from crossline.track.tracker import Track

CAR = 3


def test_frames_count_from_zero_and_widths_become_edges(
    tmp_path: Path,
) -> None:
    path = tmp_path / "truth.txt"
    path.write_text("2,7,10,20,30,40,1,-1,-1,-1\n1,7,9,20,30,40,0,-1,-1,-1\n")
    rows = read_tracks(path)
    assert rows.frames.tolist() == [0, 1]
    assert rows.track_ids.tolist() == [7, 7]
    assert rows.boxes.tolist() == [[9, 20, 39, 60], [10, 20, 40, 60]]
    assert rows.scores.tolist() == [0, 1]
    assert rows.class_ids.tolist() == [UNSTATED, UNSTATED]
    assert rows.is_seen.all()


def test_nine_columns_have_a_class_and_a_visibility(tmp_path: Path) -> None:
    path = tmp_path / "truth.txt"
    path.write_text("1,1,0,0,5,5,1,3,0.25\n1,2,0,0,5,5,1,1,0\n")
    rows = read_tracks(path)
    assert rows.class_ids.tolist() == [3, 1]
    assert rows.is_seen.tolist() == [True, False]


def test_what_a_tracker_reports_comes_back(tmp_path: Path) -> None:
    box = np.array([1.5, 2.25, 11.5, 22.25], np.float32)
    written = TrackTable.of(
        [
            [],
            [Track(1, box, CAR, 0.875, True)],
            [
                Track(1, box + 2, CAR, 0.5, False),
                Track(2, box + 50, CAR, 0.25, True),
            ],
        ]
    )
    path = tmp_path / "result.txt"
    write_tracks(path, written)
    assert path.read_text().splitlines() == [
        "2,1,1.50,2.25,10.00,20.00,0.875,3,1",
        "3,1,3.50,4.25,10.00,20.00,0.500,3,0",
        "3,2,51.50,52.25,10.00,20.00,0.250,3,1",
    ]
    read = read_tracks(path)
    for name in ("frames", "track_ids", "boxes", "class_ids", "is_seen"):
        expected = getattr(written, name).tolist()
        assert getattr(read, name).tolist() == expected


def test_nobody_tracked_is_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "result.txt"
    write_tracks(path, TrackTable.of([[], []]))
    assert len(read_tracks(path)) == 0


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_tracks(tmp_path / "result.txt")
