"""A run: what stands in its folder, and how it goes on."""

import json
from pathlib import Path

import pytest

from crossline.experiment.results import read_results
from crossline.experiment.settings_file import read_experiment
from crossline.odapi.checkpoint import find_checkpoint
from crossline.odapi.detector import open_checkpoint
from scripts import run_experiment
from tests.experiment import tiny
from tests.experiment.conftest import Ran


def test_results_have_each_logged_step_once(ran: Ran) -> None:
    rows = read_results(ran.run / "results.csv")
    assert [row["step"] for row in rows] == [0, 2, 3, 4, 6]
    assert [row["step"] for row in rows if "AP" in row] == [0, 3, 6]
    assert all(row["total_loss"] > 0 for row in rows[1:])
    assert all("AP/car" in row for row in rows if "AP" in row)


def test_best_and_last_are_checkpoints_that_open(ran: Ran) -> None:
    rows = read_results(ran.run / "results.csv")
    scored = [row for row in rows if "AP" in row]
    best = max(scored, key=lambda row: row["AP"])
    assert find_checkpoint(ran.run / "best").endswith(f"ckpt-{best['step']:g}")
    assert find_checkpoint(ran.run / "last").endswith(f"ckpt-{tiny.STEPS}")
    for name in ("best", "last"):
        detector = open_checkpoint(ran.run / name)
        assert dict(detector.class_names) == {1: "car"}


def test_the_settings_stand_beside_the_results(ran: Ran) -> None:
    resolved = read_experiment(ran.run / "config.yaml")
    assert resolved == read_experiment(ran.yaml)
    environment = json.loads((ran.run / "environment.json").read_text())
    assert environment["packages"]["tensorflow"].startswith("2.")


def test_a_finished_run_is_not_trained_again(ran: Ran) -> None:
    before = (ran.run / "results.csv").read_text()
    command = [str(ran.yaml), "--output", str(ran.run)]
    assert run_experiment.main(command) == 0
    assert (ran.run / "results.csv").read_text() == before


@pytest.mark.parametrize(
    ("override", "line"),
    [
        pytest.param(
            "seed=2",
            "config.yaml seed: was begun with 1, not 2; name another "
            "--output for another experiment",
            id="another experiment in the same folder",
        ),
        pytest.param(
            "augmentation={random_flip: {}}",
            "augmentation: the API has no random_flip; did you mean ",
            id="unknown augmentation",
        ),
        pytest.param(
            "augmentation={random_adjust_hue: {most: 1}}",
            "augmentation random_adjust_hue: ",
            id="unknown field of an augmentation",
        ),
        pytest.param(
            "model.checkpoint=none",
            "none/pipeline.config: no such file",
            id="no checkpoint",
        ),
        pytest.param(
            "data.classes=[car, tram]",
            "labels.csv: has no class 'tram'",
            id="class that nobody labelled",
        ),
    ],
)
def test_bad_settings_end_before_training(
    ran: Ran,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    override: str,
    line: str,
) -> None:
    same = ran.run if override.startswith("seed") else tmp_path / "run"
    command = [str(ran.yaml), "--output", str(same), "--set", override]
    assert run_experiment.main(command) == 1
    assert line in capsys.readouterr().err
    assert not (tmp_path / "run" / "last").exists()
