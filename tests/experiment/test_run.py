"""A run: what stands in its folder, and how it goes on."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image
from tensorflow.python.framework import config

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


def test_the_folder_shows_data_progress_and_outcome(ran: Ran) -> None:
    for name in ("labels.html", "report.html", "batches/batch_1.jpg"):
        assert (ran.run / name).stat().st_size > 1000
    with Image.open(ran.run / "results.png") as plot:
        assert min(plot.size) > 500
    assert any((ran.run / "validation").iterdir())
    judged = json.loads((ran.run / "evaluation.json").read_text())
    names = [model["name"] for model in judged["models"]]
    assert names == ["start", "SavedModel"]
    assert (ran.run / "exported" / "run" / "metadata.json").is_file()


def test_a_gate_that_is_missed_ends_with_its_line(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = ["quality_gate.AP=1", "quality_gate.class_AP={car: 1}"]
    command = [str(ran.yaml), "--output", str(ran.run), "--set", *gate]
    assert run_experiment.main(command) == 1
    line = capsys.readouterr().err.splitlines()[-1]
    assert "evaluation.json: quality gate missed: AP 0.0" in line
    assert "AP of car 0.0" in line
    assert "missed" in (ran.run / "report.html").read_text()


def test_sigterm_saves_and_the_run_goes_on(ran: Ran, tmp_path: Path) -> None:
    run = tmp_path / "run"
    long = ["schedule.steps=100", "schedule.validate_every=50"]
    command = [str(ran.yaml), "--output", str(run), "--set", *long]
    stop = threading.Thread(target=send_sigterm_after, args=(run, 4))
    stop.start()
    assert run_experiment.main(command) == 130
    stop.join()
    (state,) = run.glob("last/ckpt-*.index")
    step = int(state.stem.removeprefix("ckpt-"))
    assert 4 <= step < 100
    assert logged(run) == list(range(0, step + 1, 2))


def test_a_killed_run_has_every_row_once(ran: Ran, tmp_path: Path) -> None:
    run = tmp_path / "run"
    steps = ["schedule.steps=12", "export.precisions=[]"]
    command = [str(ran.yaml), "--output", str(run), "--set", *steps]
    process = subprocess.Popen(
        [sys.executable, "scripts/run_experiment.py", *command],
        stdout=subprocess.DEVNULL,
    )
    while not (run / "results.csv").exists() or logged(run)[-1:] < [4]:
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert run_experiment.main(command) == 0
    assert logged(run) == [0, 2, 3, 4, 6, 8, 9, 10, 12]
    rows = read_results(run / "results.csv")
    assert [row["step"] for row in rows if "AP" in row] == [0, 3, 6, 9, 12]


def send_sigterm_after(run: Path, step: int) -> None:
    while not (run / "results.csv").exists() or logged(run)[-1:] < [step]:
        time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGTERM)


def logged(run: Path) -> list[float]:
    return [row["step"] for row in read_results(run / "results.csv")]


def test_a_rate_that_diverges_ends_with_its_line(
    ran: Ran, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    rate = "schedule.learning_rate=1e30"
    command = [str(ran.yaml), "--output", str(run), "--set", rate]
    assert run_experiment.main(command) == 1
    line = capsys.readouterr().err.splitlines()[-1]
    assert re.search(r"last: training diverged: .* at step 2; lower", line)
    assert "the last good checkpoint is ckpt-0" in line
    assert find_checkpoint(run / "last").endswith("ckpt-0")


def test_the_first_losses_repeat_to_the_last_bit(
    ran: Ran, tmp_path: Path
) -> None:
    losses = []
    try:
        for name in ("one", "other"):
            run = tmp_path / name
            same = ["deterministic=true", "schedule.log_every=1"]
            command = [str(ran.yaml), "--output", str(run), "--set", *same]
            assert run_experiment.main(command) == 0
            rows = read_results(run / "results.csv")
            losses.append([row.get("total_loss") for row in rows])
    finally:
        config.disable_op_determinism()
    assert losses[0] == losses[1]
    assert len(set(losses[0])) == tiny.STEPS + 1


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
        pytest.param(
            "balance.weights={tram: 2}",
            "balance.weights: 'tram' is none of the classes; they are car",
            id="weight of a class that is not there",
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
