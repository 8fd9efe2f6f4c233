"""Sweeps: which values are tried, what is noted, how they go on."""

import csv
from pathlib import Path

import pytest
from optuna.trial import TrialState
from PIL import Image

from crossline.annotations.table import table_of
from crossline.errors import InputError
from crossline.experiment.search_space import grid_of, search_space
from crossline.experiment.settings_file import (
    Override,
    parse_override,
    read_experiment,
)
from crossline.experiment.sweep import Sampler, Sweep, run_sweep
from crossline.records.label_map import LabelMap, write_label_map
from crossline.records.write import write_records
from tests.experiment import fake_training, tiny
from tests.odapi.conftest import squares

RATE = "schedule.learning_rate"


@pytest.fixture(scope="module")
def yaml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An experiment on records that are there."""
    folder = tmp_path_factory.mktemp("records")
    label_map = LabelMap.from_names(["car"])
    write_label_map(label_map, folder / "map.pbtxt")
    drawn = squares(2)
    for filename, image, _ in drawn:
        Image.fromarray(image).save(folder / filename)
    table = table_of(row for *_, row in drawn)
    write_records(table, folder, folder, label_map, folder, "all", workers=1)
    data = dict.fromkeys(("train", "val"), f"{folder}/all-*")
    data["label_map"] = str(folder / "map.pbtxt")
    return tiny.write_yaml(
        folder / "tiny.yaml", tiny.settings(folder, data=data)
    )


def sweep_of(
    folder: Path,
    *varied: str,
    sampler: Sampler = "grid",
    trials: int = 3,
    prunes: bool = False,
) -> Sweep:
    space = search_space([parse_override(each) for each in varied])
    return Sweep(folder, space, sampler, trials, "AP", prunes, seed=1)


def board(folder: Path) -> list[dict[str, str]]:
    with (folder / "leaderboard.csv").open() as file:
        return list(csv.DictReader(file))


def test_a_grid_tries_all_and_the_best_stands_first(
    yaml: Path, tmp_path: Path
) -> None:
    sweep = sweep_of(tmp_path, f"{RATE}=[0.3, 0.1, 2.0]", "batch_size=[2, 4]")
    run_sweep(sweep, read_experiment(yaml), fake_training.train)
    rows = board(tmp_path)
    assert len(rows) == 6
    assert [row["state"] for row in rows] == ["done"] * 4 + ["failed"] * 2
    assert [row["AP"] for row in rows] == ["0.5000"] * 2 + ["0.3000"] * 2 + [
        ""
    ] * 2
    assert [row[RATE] for row in rows[::2]] == ["0.1", "0.3", "2"]
    assert rows[-1]["error"] == "training diverged"
    best = read_experiment(tmp_path / "best.yaml")
    assert best.schedule.learning_rate == 0.1
    assert best.data == read_experiment(yaml).data
    assert "0.5" in (tmp_path / "leaderboard.html").read_text()


def test_an_interrupted_sweep_goes_on_with_its_trial(
    yaml: Path, tmp_path: Path
) -> None:
    sweep = sweep_of(tmp_path, f"{RATE}=[0.1, 0.5, 0.3]")
    experiment = read_experiment(yaml)
    with pytest.raises(KeyboardInterrupt):
        run_sweep(sweep, experiment, fake_training.train)
    study = run_sweep(sweep, experiment, fake_training.train)
    assert [each.state for each in study.trials] == [TrialState.COMPLETE] * 3
    assert [each.value for each in study.trials] == [0.5, 0.1, 0.3]
    assert [row["trial"] for row in board(tmp_path)] == ["0", "2", "1"]


def test_more_trials_are_other_trials(yaml: Path, tmp_path: Path) -> None:
    for trials in (2, 4):
        sweep = sweep_of(
            tmp_path,
            f"{RATE}={{low: 1e-3, high: 1, log: true}}",
            sampler="random",
            trials=trials,
        )
        run_sweep(sweep, read_experiment(yaml), fake_training.train)
    rates = [row[RATE] for row in board(tmp_path)]
    assert len(set(rates)) == 4


def test_a_trial_that_falls_behind_is_ended(
    yaml: Path, tmp_path: Path
) -> None:
    rates = f"{RATE}=[0.1, 0.2, 0.3, 0.9]"
    sweep = sweep_of(tmp_path, rates, prunes=True)
    study = run_sweep(sweep, read_experiment(yaml), fake_training.train)
    assert [each.state for each in study.trials[3:]] == [TrialState.PRUNED]
    last = board(tmp_path)[-1]
    assert (last["state"], last["step"]) == ("pruned", "10")


@pytest.mark.parametrize(
    ("varied", "line"),
    [
        pytest.param(
            "schedule.step=[1]",
            "--vary schedule.step: is no key; did you mean steps?",
            id="unknown key",
        ),
        pytest.param(
            "batch_size=[8, many]",
            "--vary batch_size: 'many': input should be a valid integer",
            id="wrong value",
        ),
        pytest.param(
            "batch_size=8",
            "--vary batch_size: 8 is no values; write [a, b, c] or {low: "
            "1e-4, high: 1e-2, log: true}",
            id="one value",
        ),
        pytest.param(
            "batch_size={low: 2, high: 8}",
            "--vary batch_size: a grid takes lists, not ranges; write "
            "batch_size=[...] or take another --sampler",
            id="range in a grid",
        ),
    ],
)
def test_what_cannot_be_varied(
    yaml: Path, tmp_path: Path, varied: str, line: str
) -> None:
    with pytest.raises(InputError) as error:
        run_sweep(
            sweep_of(tmp_path, varied),
            read_experiment(yaml),
            fake_training.train,
        )
    assert str(error.value) == line


def test_another_sweep_in_the_same_folder(yaml: Path, tmp_path: Path) -> None:
    experiment = read_experiment(yaml)
    run_sweep(sweep_of(tmp_path, "seed=[1]"), experiment, fake_training.train)
    with pytest.raises(InputError, match="a sweep of something else"):
        run_sweep(
            sweep_of(tmp_path, "seed=[2]"), experiment, fake_training.train
        )


@pytest.mark.parametrize(
    ("varied", "expected"),
    [
        pytest.param(("a", [1, 2]), [{"a": 1}, {"a": 2}], id="numbers"),
        pytest.param(
            ("a", ["x", {"y": 1}]),
            [{"a": '"x"'}, {"a": '{"y": 1}'}],
            id="text and sections",
        ),
    ],
)
def test_a_grid(varied: Override, expected: list[dict[str, object]]) -> None:
    assert grid_of(search_space([varied])) == expected
