"""What `make_sample.py` writes keeps its promises."""

import csv
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crossline.annotations.coco import read_coco
from crossline.annotations.table import BOX_COLUMNS, class_names, has_box
from crossline.annotations.voc import read_voc
from crossline.count.lines import Line, LineCounter
from crossline.geometry import Detections
from crossline.sample.objects import KINDS
from crossline.track.tracker import CentroidTracker
from crossline.video.reader import VideoReader
from scripts.make_sample import main

SECONDS = 60
BOX = ("xmin", "ymin", "xmax", "ymax")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "street"
    options = ["--images", "40", "--video-seconds", str(SECONDS)]
    assert main(["--output", str(folder), *options]) == 0
    return folder


@pytest.fixture(scope="module")
def truth(sample: Path) -> dict[str, Any]:
    text = (sample / "street_truth.json").read_text()
    return dict(json.loads(text))


@pytest.fixture(scope="module")
def tracks(sample: Path) -> list[dict[str, str]]:
    with (sample / "street_tracks.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def crossings(sample: Path) -> list[dict[str, str]]:
    with (sample / "street_crossings.csv").open() as file:
        return list(csv.DictReader(file))


def test_coco_and_voc_say_the_same(sample: Path) -> None:
    coco, left_out = read_coco(sample / "instances.json")
    voc, _ = read_voc(sample / "annotations_voc")
    assert not left_out
    assert class_names(coco) == sorted(KINDS)
    names = ["filename", "class", *BOX_COLUMNS]
    ordered = [
        table[names].sort_values(names).reset_index(drop=True)
        for table in (coco, voc)
    ]
    assert ordered[0].equals(ordered[1])
    images = {path.name for path in (sample / "images").iterdir()}
    assert images == set(coco["filename"])
    assert not has_box(coco).all(), "some images have no objects"


def test_the_video_has_what_its_truth_says(
    sample: Path, truth: dict[str, Any]
) -> None:
    with VideoReader(str(sample / "street.mp4")) as video:
        frames = list(video)
    assert len(frames) == truth["frames"] == SECONDS * truth["fps"]
    assert frames[0].image.shape == (truth["height"], truth["width"], 3)


def test_there_is_enough_to_count(
    truth: dict[str, Any], crossings: list[dict[str, str]]
) -> None:
    on_main = [row for row in crossings if row["line"] == "main"]
    assert len(on_main) >= 30
    assert {(row["class"], row["direction"]) for row in on_main} == {
        (kind, direction) for kind in KINDS for direction in ("left", "right")
    }
    assert truth["occluded_share"] >= 0.3
    assert len(truth["lines"]) >= 2


def test_the_truth_s_counts_are_its_crossings(
    truth: dict[str, Any], crossings: list[dict[str, str]]
) -> None:
    counted = Counter(
        (row["line"], row["direction"], row["class"]) for row in crossings
    )
    assert counted == flat(truth["counts"])


def test_objects_come_as_small_as_16_pixels(
    truth: dict[str, Any], tracks: list[dict[str, str]]
) -> None:
    """Their longer side, of those wholly inside and in full view."""
    longest = [
        max(float(row["xmax"]) - float(row["xmin"]),
            float(row["ymax"]) - float(row["ymin"]))
        for row in tracks
        if float(row["xmin"]) > 0
        and float(row["xmax"]) < truth["width"]
        and float(row["visibility"]) > 0.9
    ]  # fmt: skip
    assert 14 <= min(longest) <= 16
    assert max(longest) > 120


def test_every_count_can_be_reached(
    truth: dict[str, Any], tracks: list[dict[str, str]]
) -> None:
    """A detector that sees what is half visible leads to the true counts."""
    lines = [
        Line(name, (x, y), (to_x, to_y), ("right", "left"))
        for name, (x, y, to_x, to_y) in truth["lines"].items()
    ]
    tracker, counter = CentroidTracker(), LineCounter(lines)
    seen: dict[int, list[dict[str, str]]] = {}
    for row in tracks:
        if float(row["visibility"]) >= 0.5:
            seen.setdefault(int(row["frame"]), []).append(row)
    found: Counter[tuple[str, str, str]] = Counter()
    for frame in range(truth["frames"]):
        time_s = frame / truth["fps"]
        live = tracker.update(detections(seen.get(frame, [])), time_s)
        found.update(
            (each.line, each.direction, KINDS[each.class_id - 1])
            for each in counter.update(live, frame, time_s)
        )
    assert found == flat(truth["counts"])


def test_the_same_seed_draws_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also on a machine with more cores: the encoder's bytes depend on it."""
    options = ["--images", "2", "--video-seconds", "1", "--seed", "5"]
    assert main(["--output", str(tmp_path / "one"), *options]) == 0
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        assert main(["--output", str(tmp_path / "two"), *options]) == 0
    finally:
        os.sched_setaffinity(0, cores)
    files = sorted(
        path.relative_to(tmp_path / "one")
        for path in (tmp_path / "one").rglob("*")
        if path.is_file()
    )
    assert len(files) == 9
    for file in files:
        one, two = (tmp_path / name / file for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), file


def flat(counts: dict[str, Any]) -> Counter[tuple[str, str, str]]:
    """Returns line, direction and class to crossings."""
    return Counter(
        {
            (line, direction, kind): count
            for line, directions in counts.items()
            for direction, kinds in directions.items()
            for kind, count in kinds.items()
        }
    )


def detections(rows: list[dict[str, str]]) -> Detections:
    boxes = [[float(row[name]) for name in BOX] for row in rows]
    return Detections(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.full(len(rows), 0.9, np.float32),
        np.array([KINDS.index(row["class"]) + 1 for row in rows], np.int64),
    )
