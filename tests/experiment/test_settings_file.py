"""The YAML of an experiment: scalars, overrides, and what is shipped."""

from pathlib import Path

import pytest

from crossline.experiment.settings_file import (
    known_keys,
    parse_override,
    read_experiment,
    write_experiment,
)

SHIPPED = sorted(Path("configs/experiments").glob("*.yaml"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a=5", ("a", 5), id="whole number"),
        pytest.param("a.b=1e-3", ("a.b", 0.001), id="as YAML 1.2 has it"),
        pytest.param("a=true", ("a", True), id="truth"),
        pytest.param("a=no", ("a", "no"), id="a word, not a truth"),
        pytest.param("a=[x, y]", ("a", ["x", "y"]), id="list"),
        pytest.param("a=", ("a", None), id="nothing"),
        pytest.param("a=b=c", ("a", "b=c"), id="a second equals sign"),
    ],
)
def test_an_override(text: str, expected: tuple[str, object]) -> None:
    assert parse_override(text) == expected


@pytest.mark.parametrize("text", ["a", "=1", "a=[", " =1"])
def test_no_override(text: str) -> None:
    with pytest.raises(ValueError, match=r"KEY=VALUE|no YAML"):
        parse_override(text)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_reads_and_comes_back(
    path: Path, tmp_path: Path
) -> None:
    experiment = read_experiment(path)
    write_experiment(experiment, tmp_path / "resolved.yaml")
    assert read_experiment(tmp_path / "resolved.yaml") == experiment


def test_the_experiments_that_are_promised_are_there() -> None:
    promised = {"street", "person_motorcycle", "car_motorcycle", "fpnlite_320"}
    assert promised <= {path.stem for path in SHIPPED}


def test_overrides_go_before_the_file_the_last_before_the_first() -> None:
    keys = [("schedule.steps", 7), ("model.fresh_heads", True)]
    experiment = read_experiment(SHIPPED[0], [("schedule.steps", 5), *keys])
    assert experiment.schedule.steps == 7
    assert experiment.model.fresh_heads


def test_keys_are_known_by_their_dotted_names() -> None:
    assert {"schedule.steps", "batch_size", "data.train"} <= set(known_keys())
