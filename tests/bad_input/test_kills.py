"""``kill -9`` in the middle of a conversion: the same command finishes it.

What must stand is what an undisturbed run leaves, byte by byte.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crossline.annotations.table import table_of, write_csv
from scripts.convert_annotations import main
from tests.annotations.data_sets import picture
from tests.folders import contents
from tests.records.pictures import row

ROOT = Path(__file__).parents[2]
IMAGES = 1000
PATIENCE_S = 120.0
COMMAND = "all.csv --images photos --to {} --output {}"


@pytest.fixture
def annotated(folder: Path) -> None:
    """`all.csv`, and its images in `photos`."""
    names = [f"{number:04d}.png" for number in range(IMAGES)]
    first = picture(folder / "photos" / names[0], (80, 60))
    for name in names[1:]:
        (folder / "photos" / name).write_bytes(first.read_bytes())
    write_csv(table_of([row(name) for name in names]), Path("all.csv"))


def kill_at(files: int, name: str, output: Path) -> None:
    """Kills a conversion as soon as it has written some files."""
    command = COMMAND.format(name, output).split()
    process = subprocess.Popen(
        [sys.executable, ROOT / "scripts/convert_annotations.py", *command],
        stdout=subprocess.DEVNULL,
    )
    latest = time.monotonic() + PATIENCE_S
    while written(output) < files:
        assert process.poll() is None, "it was faster"
        assert time.monotonic() < latest, "it never begins"
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def written(output: Path) -> int:
    """Counts the files of a draft."""
    drafts = output.parent.glob(f".{output.name}.*.part")
    folders = [
        folder for draft in drafts for folder in (draft, draft / "labels")
    ]
    return sum(len(list(each.iterdir())) for each in folders if each.is_dir())


@pytest.mark.usefixtures("annotated")
@pytest.mark.parametrize(
    ("name", "files"),
    [("yolo", 1), ("yolo", 400), ("voc", 1), ("voc", 400)],
)
def test_a_conversion_that_was_killed(
    name: str, files: int, folder: Path
) -> None:
    killed, undisturbed = folder / "killed", folder / "undisturbed"
    kill_at(files, name, killed / "set")
    assert not (killed / "set").exists()
    for output in (killed / "set", undisturbed / "set"):
        assert main(COMMAND.format(name, output).split()) == 0
    assert contents(killed) == contents(undisturbed)
    assert len(contents(killed)) >= IMAGES
