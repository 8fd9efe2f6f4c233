"""An experiment, killed at any moment, loses no row and doubles none."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from crossline.experiment.results import read_results
from soak.killing import kill_at, measure
from soak.processes import Script
from soak.sizes import KILLS, SEED
from tests.experiment import tiny

TIMES = max(1, KILLS // 3)
STEPS, EVERY, LOG_EVERY = 20 * TIMES, 10, 2
NOISE = 0.2
"""Of the AP of a tiny network on six images."""


@pytest.fixture(scope="module")
def yaml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("experiment")
    tiny.write_data(folder)
    schedule = {
        "steps": STEPS,
        "learning_rate": 0.001,
        "validate_every": EVERY,
        "checkpoint_every": EVERY // 2,
        "log_every": LOG_EVERY,
    }
    return tiny.write_yaml(
        folder / "tiny.yaml", tiny.settings(folder, schedule=schedule)
    )


def experiment(yaml: Path, run: Path) -> Script:
    return Script("run_experiment", (yaml, "--output", run))


def logged(run: Path) -> list[int]:
    path = run / "results.csv"
    rows = read_results(path) if path.exists() else []
    return [int(row["step"]) for row in rows]


def validations(run: Path) -> dict[int, float]:
    rows = read_results(run / "results.csv")
    return {int(row["step"]): row["AP"] for row in rows if "AP" in row}


def test_killed_again_and_again_every_row_is_there_once(
    yaml: Path, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    undisturbed, run = tmp_path / "undisturbed", tmp_path / "run"
    moments = measure(
        experiment(yaml, undisturbed), lambda: bool(logged(undisturbed))
    )
    generator = random.Random(SEED)
    share = (moments.done_s - moments.begun_s) / TIMES
    reached = []
    for _ in range(TIMES):
        seconds = moments.begun_s + generator.uniform(-0.2, 1) * share
        if kill_at(experiment(yaml, run), seconds) is None:
            break
        steps = logged(run)
        assert steps == sorted(set(steps))
        reached.append(steps[-1] if steps else 0)
    experiment(yaml, run).run()
    assert (
        logged(run)
        == logged(undisturbed)
        == list(range(0, STEPS + 1, LOG_EVERY))
    )
    ours, theirs = validations(run), validations(undisturbed)
    assert list(ours) == list(theirs) == list(range(0, STEPS + 1, EVERY))
    assert ours[STEPS] == pytest.approx(theirs[STEPS], abs=NOISE)
    tell(
        f"{len(reached)} kills at steps {', '.join(map(str, reached))}; "
        f"{len(logged(run))} rows, each once; AP {ours[STEPS]:.3f} at the "
        f"end, undisturbed {theirs[STEPS]:.3f}"
    )
