"""One tiny experiment, run once for all tests of the room."""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.experiment import tiny


class Ran(NamedTuple):
    """Where it was run."""

    data: Path
    yaml: Path
    run: Path


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A finished run."""
    from scripts import run_experiment

    folder = tmp_path_factory.mktemp("experiment")
    tiny.write_data(folder)
    yaml = tiny.write_yaml(folder / "tiny.yaml", tiny.settings(folder))
    run = folder / "run"
    assert run_experiment.main([str(yaml), "--output", str(run)]) == 0
    return Ran(folder, yaml, run)
