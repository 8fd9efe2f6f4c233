"""Specifies `make_sample.py` by its command line."""

from pathlib import Path

import pytest

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


@pytest.mark.parametrize("option", ["--images", "--video-seconds"])
def test_none_of_something_is_a_bad_command_line(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as error:
        main([option, "0"])
    assert error.value.code == 2
    assert "above 0" in capsys.readouterr().err
