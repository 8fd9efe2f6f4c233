"""Command lines in a folder of their own, and what must come of bad ones.

Rows name what is given (files by name), the command, and the one line that
it must get, `...` standing for what is not ours to word. Names are relative
to the folder.
"""

import importlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from cv2.utils import logging

from crossline.detect.detector import open_detector
from tests.folders import contents

Given = Mapping[str, str | bytes]
"""Content by file name; a name that ends with a slash is a folder."""
Lay = Callable[[Given], None]
Disk = Callable[[str], Path]
"""From size, such as ``4k``, to folder."""


@dataclass(frozen=True)
class Ended:
    """How a script ended.

    Attributes:
        status: exit status.
        said: on stdout.
        complained: on stderr.
    """

    status: int
    said: str
    complained: str


Run = Callable[[str], Ended]
Refuses = Callable[[str, str], None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where the commands are run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def model(folder: Path, tiny_fp32: Path) -> None:
    """A detector there, `tiny.tflite`."""
    (folder / "tiny.tflite").write_bytes(tiny_fp32.read_bytes())
    # TensorFlow Lite greets whoever comes first.
    open_detector(tiny_fp32)
    # As the scripts tell OpenCV before it is imported.
    logging.setLogLevel(logging.LOG_LEVEL_SILENT)


@pytest.fixture
def disk(folder: Path) -> Iterator[Disk]:
    """Makes `full` there a disk of some bytes."""
    place = folder / "full"

    def make(size: str) -> Path:
        place.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
        mount = ["mount", *options]
        if os.geteuid() or subprocess.run(mount, check=False).returncode:
            pytest.skip("only root can make a small disk")
        return place

    yield make
    # Lazily: what was being written may still be open.
    subprocess.run(["umount", "--lazy", place], check=False)


@pytest.fixture
def lay(folder: Path) -> Lay:
    """Puts files there."""

    def put(given: Given) -> None:
        for name, content in given.items():
            path = folder / name
            if name.endswith("/"):
                path.mkdir(parents=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode() if isinstance(content, str) else content
            path.write_bytes(data)

    return put


@pytest.fixture
def run(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Run:
    """Runs a command line, ``count_video a.mp4``, in this process."""

    def script(command: str) -> Ended:
        name, *arguments = shlex.split(command)
        monkeypatch.setattr(sys, "argv", [f"{name}.py"])
        main = importlib.import_module(f"scripts.{name}").main
        capfd.readouterr()
        status = main(arguments)
        said = capfd.readouterr()
        return Ended(status, said.out, said.err)

    return script


@pytest.fixture
def refuses(folder: Path, run: Run) -> Refuses:
    """Expects exit status 1, one line on stderr, and no file changed.

    An empty folder may be left.
    """

    def check(command: str, line: str) -> None:
        before = contents(folder)
        ended = run(command)
        name = command.partition(" ")[0]
        assert matches(f"{name}.py: {line}\n", ended.complained), (
            ended.complained
        )
        assert ended.status == 1
        assert contents(folder) == before

    return check


def matches(expected: str, said: str) -> bool:
    """Tells whether all is said as expected; ``...`` is anything."""
    pattern = re.escape(expected).replace(r"\.\.\.", ".*")
    return re.fullmatch(pattern, said) is not None
