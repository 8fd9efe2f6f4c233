"""results.csv: what it holds at any moment, and what it tells."""

from pathlib import Path

import pytest

from crossline.experiment.results import Results, read_results


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results.csv"


def scored(path: Path, *scores: float) -> Results:
    results = Results(path, ["car"])
    for number, score in enumerate(scores):
        results.add(10 * number, {"AP": score})
    return results


def test_rows_are_on_the_disk_as_they_come(path: Path) -> None:
    results = Results(path, ["car"])
    results.add(10, {"total_loss": 0.5})
    assert read_results(path) == [{"step": 10, "total_loss": 0.5}]
    results.add(10, {"AP": 0.25, "AP/car": None})
    results.add(20, {"total_loss": 0.25})
    assert read_results(path) == results.rows
    assert results.rows[0] == {"step": 10, "total_loss": 0.5, "AP": 0.25}


def test_rows_are_read_when_a_run_goes_on(path: Path) -> None:
    scored(path, 0.1, 0.2)
    results = Results(path, ["car"])
    results.forget_after(5)
    assert read_results(path) == [{"step": 0, "AP": 0.1}]


def test_a_line_that_was_cut_short_is_no_row(path: Path) -> None:
    scored(path, 0.1)
    with path.open("a") as file:
        file.write("10,0.0")
    assert [row["step"] for row in read_results(path)] == [0]


def test_single_precision_survives(path: Path) -> None:
    loss = 0.1000000014901161
    Results(path, []).add(1, {"total_loss": loss})
    assert read_results(path)[0]["total_loss"] == pytest.approx(loss, rel=1e-8)


@pytest.mark.parametrize(
    ("scores", "best", "since"),
    [
        pytest.param([], None, 0, id="none"),
        pytest.param([0.1], 0, 0, id="one"),
        pytest.param([0.1, 0.3, 0.2], 10, 1, id="rise and fall"),
        pytest.param([0.3, 0.3, 0.3], 0, 2, id="equals are not better"),
    ],
)
def test_the_best_step(
    path: Path, scores: list[float], best: int | None, since: int
) -> None:
    results = scored(path, *scores)
    assert (results.best and results.best["step"]) == best
    assert results.validations_since_best == since
