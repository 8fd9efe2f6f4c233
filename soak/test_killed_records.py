"""csv_to_tfrecord, killed at any moment, ends with the very same shards."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from soak.folders import contents
from soak.processes import Moments, kill_until_done, measure
from soak.records_data import prepare_records, records_command
from soak.sizes import IMAGES, KILLS


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
    generator: random.Random,
    tell: Callable[[str], None],
) -> None:
    moments, expected = undisturbed
    moments.generator = generator
    killed, finished = 0, 0
    while killed < KILLS:
        output = tmp_path / str(finished)

        def check(output: Path = output) -> None:
            """Shards of the name are there all together, or none is."""
            names = {path.name for path in output.glob("*.tfrecord")}
            assert names in (set(), set(expected))

        killed += kill_until_done(
            records_command(data, output), moments, KILLS - killed, check
        )
        assert contents(output) == expected
        assert sorted(p.name for p in output.iterdir()) == sorted(expected)
        finished += 1
    tell(
        f"{killed} kills, {finished} times finished: {len(expected)} shards "
        "of the same bytes, nothing beside them"
    )
