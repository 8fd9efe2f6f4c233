"""Ctrl-C in every long stage: exit status 130, one line, nothing half done.

As a terminal does it: the signal hits the script and all that it started.
Training is interrupted in tests/odapi/test_chain.py, where there is a model
to train.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crossline.annotations.table import table_of, write_csv
from crossline.command_line import EMBEDDED_MODEL
from crossline.image_files import image_size
from crossline.records.label_map import LabelMap, write_label_map
from tests.annotations.data_sets import picture
from tests.bad_input import pictures
from tests.fetch import coco_server
from tests.fetch.server import FileServer, serving
from tests.folders import contents
from tests.records.pictures import row
from tests.video.videos import grey_frames, write_video

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
AGAIN = "run it again to go on"
STREET = EMBEDDED_MODEL.parent


def interrupt(
    command: str, begun: Callable[[int], object], *, advice: str = AGAIN
) -> None:
    """Presses Ctrl-C as soon as a script has begun.

    Args:
        command: name of the script, and its arguments.
        begun: tells whether the process of this id has.
        advice: that the script is expected to give.
    """
    name, *arguments = command.split()
    process = subprocess.Popen(
        [sys.executable, ROOT / "scripts" / f"{name}.py", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    latest = time.monotonic() + PATIENCE_S
    while not begun(process.pid):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < latest, "it never begins"
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, complained = process.communicate(timeout=PATIENCE_S)
    assert complained.splitlines()[-1] == (
        f"{name}.py: interrupted; {advice}"
    ), complained
    assert "Traceback" not in complained
    assert process.returncode == 130
    while is_alive(process.pid):
        assert time.monotonic() < latest, "it leaves workers behind"
        time.sleep(0.01)


def there_is(pattern: str) -> Callable[[int], object]:
    """Waits for a file."""
    return lambda _: list(Path().glob(pattern))


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def there_is_a_child(process: int) -> bool:
    threads = Path(f"/proc/{process}/task").glob("*/children")
    return any(children.read_text() for children in threads)


def has_loaded(library: str) -> Callable[[int], object]:
    return lambda process: library in Path(f"/proc/{process}/maps").read_text()


def there_are_no_drafts(folder: Path) -> None:
    assert not [name for name in contents(folder) if "/." in f"/{name}"]


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving() as files:
        yield files


def test_fetch_coco(server: FileServer, folder: Path) -> None:
    coco_server.serve_coco(server)
    server.pause_s = 0.3

    def begun(_: int) -> bool:
        return any(path.endswith(".jpg") for path, _ in server.requests)

    interrupt(f"fetch_coco --base-url {server.url} --output coco", begun)
    assert not (folder / "coco/instances.json").exists()
    for image in (folder / "coco/images").glob("[!.]*"):
        assert image_size(image) == (32, 24)


def test_fetch_checkpoint(server: FileServer, folder: Path) -> None:
    server.files["/zoo.tar.gz"] = bytes(10_000_000)
    server.pause_s = 0.1
    interrupt(
        f"fetch_checkpoint zoo --base-url {server.url} --output .",
        there_is(".zoo.tar.gz.part"),
    )
    # Kept, to go on from.
    assert {".zoo.tar.gz.part"} >= set(contents(folder)) - {
        ".zoo.tar.gz.version"
    }


def test_make_sample(folder: Path) -> None:
    interrupt(
        "make_sample --images 5000 --output sample",
        there_is(".sample.*.part/images/*.jpg"),
    )
    assert contents(folder) == {}


def test_csv_to_tfrecord(folder: Path) -> None:
    (folder / "a.jpg").write_bytes(pictures.picture(mode="CMYK"))
    write_csv(table_of([row("a.jpg", repeats=100_000)]), Path("all.csv"))
    write_label_map(LabelMap.from_names(["car"]), Path("map.pbtxt"))
    before = contents(folder)
    interrupt(
        "csv_to_tfrecord all.csv --images . --label-map map.pbtxt "
        "--output records",
        there_is("records/.*/*.tfrecord"),
    )
    # What is hidden is kept, to go on from.
    there = contents(folder).items()
    shown = {name: data for name, data in there if "/." not in name}
    assert shown == before


def test_detect_images(folder: Path, model: None) -> None:
    (folder / "images").mkdir()
    for number in range(500):  # Large ones, or all are done too soon.
        picture(folder / "images" / f"{number}.jpg", (1600, 1200))
    interrupt(
        "detect_images images --model tiny.tflite --output out",
        there_is("out/*.jpg"),
    )
    there_are_no_drafts(folder)
    assert not (folder / "out/detections.json").exists()
    for image in (folder / "out").iterdir():
        image_size(image)


def test_count_video(folder: Path, model: None) -> None:
    write_video(folder / "a.mp4", grey_frames(20) * 500)
    interrupt(
        "count_video a.mp4 --model tiny.tflite --output out "
        "--line gate=0.5,0,0.5,1",
        there_is("out/events.csv"),
        advice="what was seen until then is written",
    )
    assert {path.name for path in (folder / "out").iterdir()} >= {
        "counts_per_minute.csv",
        "events.csv",
        "summary.json",
    }


def test_evaluate(folder: Path, model: None) -> None:
    names = [f"{number}.jpg" for number in range(3000)]
    for name in names:
        (folder / name).write_bytes(pictures.picture())
    write_csv(table_of([row(name, "red") for name in names]), Path("all.csv"))
    before = contents(folder)
    interrupt(
        "evaluate tiny.tflite --annotations all.csv --output out.json",
        has_loaded("litert"),
    )
    assert contents(folder) == before


def test_configure_pipeline(folder: Path) -> None:
    """While TensorFlow is imported, which takes seconds."""
    (folder / "train.tfrecord").write_text("records")
    interrupt(
        f"configure_pipeline --checkpoint {STREET} --label-map "
        f"{STREET}/label_map.pbtxt --train-records train.tfrecord "
        "--eval-records train.tfrecord --output out",
        has_loaded("tensorflow"),
    )
    assert list(contents(folder)) == ["train.tfrecord"]


def test_export(folder: Path) -> None:
    shutil.copytree(STREET, folder / "street")
    before = contents(folder)
    interrupt(
        "export --checkpoint street --output out --precisions fp32",
        there_is(".out.*"),
    )
    assert contents(folder) == before


def test_run_api_tests(folder: Path) -> None:
    interrupt(
        "run_api_tests static_shape_test --output out.json", there_is_a_child
    )
    assert contents(folder) == {}
