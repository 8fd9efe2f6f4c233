"""csv_to_tfrecord, killed at any moment, ends with the very same shards."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from crossline.annotations.table import Annotation, table_of, write_csv
from crossline.records.label_map import LabelMap, write_label_map
from soak.folders import contents
from soak.processes import Moments, Script, kill_until_done, measure
from soak.sizes import IMAGES, KILLS

SIDE = 160


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise as PNG, which has to be encoded again: that takes a while."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "images").mkdir()
    noise = np.random.default_rng(1)
    rows = []
    for number in range(IMAGES // 2):
        name = f"{number}.png"
        pixels = noise.integers(0, 256, (SIDE, SIDE, 3), np.uint8)
        Image.fromarray(pixels).save(folder / "images" / name, "PNG")
        edges = (10.0, 20.0, 30.0 + number % 100, 50.0)
        rows.append(Annotation(name, SIDE, SIDE, "car", 0, *edges))
    write_csv(table_of(rows), folder / "train.csv")
    write_label_map(LabelMap.from_names(["car"]), folder / "map.pbtxt")
    return folder


def command(data: Path, output: Path) -> Script:
    return Script(
        "csv_to_tfrecord",
        (
            *(data / "train.csv", "--images", data / "images"),
            *("--label-map", data / "map.pbtxt", "--output", output),
        ),
    )


@pytest.fixture(scope="module")
def undisturbed(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Moments, Mapping[str, bytes]]:
    output = tmp_path_factory.mktemp("undisturbed") / "out"
    moments = measure(command(data, output), output.exists)
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
            command(data, output), moments, KILLS - killed, check
        )
        assert contents(output) == expected
        assert sorted(p.name for p in output.iterdir()) == sorted(expected)
        finished += 1
    tell(
        f"{killed} kills, {finished} times finished: {len(expected)} shards "
        "of the same bytes, nothing beside them"
    )
