"""The drawn street keeps its promises: same seed, true boxes, enough to do."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from crossline.annotations.coco import read_coco
from crossline.annotations.table import BOX_COLUMNS, class_names, has_box
from crossline.annotations.voc import read_voc
from crossline.sample.objects import KINDS, draw, random_look, sprite
from crossline.sample.scene import Light, Obstacle, Placed, draw_street, render
from crossline.sample.traffic import TrafficLine, true_crossings
from crossline.video.reader import VideoReader
from scripts.make_sample import main

SECONDS = 60


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "street"
    status = main(
        [
            *("--output", str(folder), "--images", "40"),
            *("--video-seconds", str(SECONDS)),
        ]
    )
    assert status == 0
    return folder


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


def test_the_video_has_what_its_truth_says(sample: Path) -> None:
    truth = json.loads((sample / "street_truth.json").read_text())
    with VideoReader(str(sample / "street.mp4")) as video:
        frames = list(video)
    assert len(frames) == truth["frames"] == SECONDS * truth["fps"]
    assert frames[0].image.shape == (truth["height"], truth["width"], 3)


def test_there_is_enough_to_count(sample: Path) -> None:
    truth = json.loads((sample / "street_truth.json").read_text())
    with (sample / "street_crossings.csv").open() as file:
        crossings = list(csv.DictReader(file))
    assert len(crossings) >= 30
    assert {row["direction"] for row in crossings} == {"left", "right"}
    assert {row["class"] for row in crossings} == set(KINDS)
    assert truth["occluded_share"] >= 0.3
    assert len(truth["lines"]) >= 2
    counted = sum(
        count
        for directions in truth["counts"].values()
        for kinds in directions.values()
        for count in kinds.values()
    )
    assert counted == len(crossings)


def test_objects_come_as_small_as_16_pixels(sample: Path) -> None:
    with (sample / "street_tracks.csv").open() as file:
        heights = [
            float(row["ymax"]) - float(row["ymin"])
            for row in csv.DictReader(file)
        ]
    assert 16 <= min(heights) < 20
    assert max(heights) > 60


def test_the_same_seed_draws_the_same_bytes(tmp_path: Path) -> None:
    options = ["--images", "2", "--video-seconds", "1", "--seed", "5"]
    for name in ("one", "two"):
        assert main(["--output", str(tmp_path / name), *options]) == 0
    files = sorted(
        path.relative_to(tmp_path / "one")
        for path in (tmp_path / "one").rglob("*")
        if path.is_file()
    )
    assert len(files) == 9
    for file in files:
        one, two = (tmp_path / name / file for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), file


@pytest.mark.parametrize("kind", KINDS)
def test_a_sprite_fills_its_rectangle(kind: str) -> None:
    drawn = draw(kind, random_look(np.random.default_rng(1)), 3)
    covered = drawn[..., 3] > 0
    assert covered[0].any()
    assert covered[-1].any()
    assert covered[:, 0].any()
    assert covered[:, -1].any()


def test_visibility_is_what_an_obstacle_leaves() -> None:
    random = np.random.default_rng(1)
    street = draw_street(200, 150, random)
    car = Placed("car", random_look(random), 0, 100, 120, False)
    wall = Obstacle(100, 121, 300, 120, (9, 9, 9))
    clear = render(street, [car], [], Light(), random)
    hidden = render(street, [car], [wall], Light(), random)
    assert clear.visibility == pytest.approx([1.0])
    assert hidden.visibility == pytest.approx([0.0])
    width = sprite("car", car.look, 0, 22, False).shape[1]
    assert clear.boxes[0, 2] - clear.boxes[0, 0] == width
    assert clear.boxes[0, 3] == 120


def test_true_crossings_have_a_band_and_an_extent() -> None:
    line = TrafficLine("gate", 100, 0, 50)
    paths = {
        1: [(0, 90, 20), (1, 101, 20), (2, 103, 20)],
        2: [(0, 103, 20), (1, 99, 20), (2, 96, 20)],
        3: [(0, 90, 80), (1, 110, 80)],
        4: [(0, 90, 20), (1, 102, 20), (2, 90, 20)],
    }
    crossings = true_crossings(paths, dict.fromkeys(paths, "car"), [line], 25)
    assert [
        (each.track_id, each.frame, each.direction) for each in crossings
    ] == [(1, 2, "right"), (2, 2, "left")]


def test_an_output_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--output", str(tmp_path / "file" / "sample")]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "file" in error
