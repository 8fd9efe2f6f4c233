"""Downloads, killed at any moment, go on and end whole."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from soak.killing import kill_often, measure
from soak.processes import Script
from soak.zoo import MEMBERS, NAME, zoo_archive
from tests.fetch import coco_server
from tests.fetch.server import FileServer, serving
from tests.folders import contents


@pytest.fixture
def server() -> Iterator[FileServer]:
    """Takes 2 s for a megabyte and a half."""
    with serving() as files:
        files.pause_s = 0.02
        yield files


def noise_jpeg(number: int) -> bytes:
    """Some 40 kB that differ."""
    pixels = np.random.default_rng(number).integers(0, 256, (200, 200, 3))
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(buffer, "JPEG")
    return buffer.getvalue()


def test_a_checkpoint_arrives_whole_however_often_it_is_killed(
    server: FileServer,
    tmp_path: Path,
    tell: Callable[[str], None],
) -> None:
    server.files[f"/{NAME}.tar.gz"] = zoo_archive()

    def command(output: Path) -> Script:
        where = ("--output", output, "--base-url", server.url)
        return Script("fetch_checkpoint", (NAME, *where))

    undisturbed = tmp_path / "undisturbed"
    moments = measure(command(undisturbed), undisturbed.exists)

    def check(output: Path) -> None:
        if (output / NAME).exists():
            assert contents(output).items() >= MEMBERS.items()

    def finish(output: Path) -> None:
        assert contents(output) == MEMBERS
        assert [path.name for path in output.iterdir()] == [NAME]

    numbers = kill_often(
        command, tmp_path, moments, check=check, finish=finish
    )
    resumed = sum(bool(wanted) for _, wanted in server.requests)
    assert resumed
    tell(f"{numbers}; {resumed} times it went on with what was there")


def test_coco_arrives_whole_however_often_it_is_killed(
    server: FileServer,
    tmp_path: Path,
    tell: Callable[[str], None],
) -> None:
    coco_server.serve_coco(server)
    for number in range(1, 9):
        path = coco_server.image_path(number)
        server.files[path] = noise_jpeg(number)
    server.pause_s = 0.2

    def command(output: Path) -> Script:
        return Script(
            "fetch_coco",
            (
                *("--output", output, "--base-url", server.url),
                *("--workers", "2"),
            ),
        )

    undisturbed = tmp_path / "undisturbed"
    moments = measure(command(undisturbed), undisturbed.exists)
    expected = contents(undisturbed)

    def check(output: Path) -> None:
        there = contents(output).items()
        shown = {(n, c) for n, c in there if "/." not in f"/{n}"}
        assert shown <= expected.items()

    def finish(output: Path) -> None:
        assert contents(output) == expected

    numbers = kill_often(
        command, tmp_path, moments, check=check, finish=finish
    )
    tell(f"{numbers}: the same files")
