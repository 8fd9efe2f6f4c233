"""csv_to_tfrecord, killed at any moment, ends with the very same shards."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from soak.killing import Moments, kill_often, measure
from soak.records_data import prepare_records, records_command
from soak.sizes import IMAGES
from tests.folders import contents


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    prepare_records(folder, IMAGES // 2)
    return folder


@pytest.fixture(scope="module")
def undisturbed(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Moments, Mapping[str, bytes]]:
    output = tmp_path_factory.mktemp("undisturbed") / "out"
    moments = measure(records_command(data, output), output.exists)
    return moments, contents(output)


def test_killed_again_and_again_the_shards_are_the_same(
    data: Path,
    undisturbed: tuple[Moments, Mapping[str, bytes]],
    tmp_path: Path,
    tell: Callable[[str], None],
) -> None:
    moments, expected = undisturbed

    def check(output: Path) -> None:
        """Shards of the name are there all together, or none is."""
        names = {path.name for path in output.glob("*.tfrecord")}
        assert names in (set(), set(expected))

    def finish(output: Path) -> None:
        assert contents(output) == expected
        assert {path.name for path in output.iterdir()} == set(expected)

    numbers = kill_often(
        lambda output: records_command(data, output),
        tmp_path,
        moments,
        check=check,
        finish=finish,
    )
    tell(f"{numbers}: {len(expected)} shards of the same bytes, no more")
