"""Specifies `make_sample.py` by its command line."""

import json
from pathlib import Path

import pytest

from crossline.sample import hard_cases
from crossline.sample.hard_cases import Plan, Stop, Walk
from crossline.track.mot_challenge import read_tracks
from scripts.make_sample import main


def test_says_what_it_made_and_what_to_run_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "my street"
    options = ["--images", "2", "--video-seconds", "1"]
    assert main(["--output", str(folder), *options]) == 0
    output = capsys.readouterr().out
    assert "2 images and 1 s of video" in output
    assert f"scripts/coco_to_csv.py '{folder}/instances.json'" in output
    assert {path.name for path in folder.iterdir()} == {
        "images",
        "instances.json",
        "annotations_voc",
        "street.mp4",
        "street_tracks.csv",
        "street_crossings.csv",
        "street_truth.json",
    }


def test_an_earlier_sample_is_replaced_whole(tmp_path: Path) -> None:
    options = ["--output", str(tmp_path / "street"), "--video-seconds", "1"]
    assert main([*options, "--images", "3"]) == 0
    assert main([*options, "--images", "1"]) == 0
    images = tmp_path / "street" / "images"
    assert [path.name for path in images.iterdir()] == ["street_00000.jpg"]


def test_hard_cases_come_with_their_truth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk("person", [Stop(0, -70, 7.0), Stop(1, 70, 7.0)])
    monkeypatch.setattr(hard_cases, "PLANS", {"stroll": Plan([walk])})
    options = ["--images", "1", "--video-seconds", "1", "--hard"]
    rates = ["--missed", "0", "--false", "1"]
    folder = tmp_path / "street"
    assert main(["--output", str(folder), *options, *rates]) == 0
    assert {path.name for path in (folder / "hard").iterdir()} == {
        "stroll.mp4",
        "stroll_gt.txt",
        "stroll_det.txt",
        "stroll_crossings.csv",
        "truth.json",
    }
    truth = json.loads((folder / "hard" / "truth.json").read_text())
    counts = truth["cases"]["stroll"]["counts"]["gate"]
    assert sum(kinds.get("person", 0) for kinds in counts.values()) == 1
    rows = read_tracks(folder / "hard" / "stroll_gt.txt")
    frames = truth["cases"]["stroll"]["frames"]
    assert rows.frames.tolist() == list(range(frames))
    assert set(rows.class_ids.tolist()) == {truth["classes"]["person"]}
    found = (folder / "hard" / "stroll_det.txt").read_text().splitlines()
    assert len(found) == 2 * frames


@pytest.mark.parametrize("option", ["--missed", "--false"])
def test_a_rate_above_one_is_a_bad_command_line(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as error:
        main([option, "1.5"])
    assert error.value.code == 2
    assert "between 0 and 1" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--images", "--video-seconds"])
def test_none_of_something_is_a_bad_command_line(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as error:
        main([option, "0"])
    assert error.value.code == 2
    assert "above 0" in capsys.readouterr().err
