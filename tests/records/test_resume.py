"""What a run that was interrupted or killed leaves, and who goes on."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from crossline.annotations.table import Annotation, table_of, write_csv
from crossline.errors import InputError
from crossline.records import write
from crossline.records.label_map import LabelMap, write_label_map
from crossline.records.shard import Shard, write_shard
from crossline.records.write import write_records
from crossline.records.written import WrittenRecords
from crossline.run_folders import only_run_in
from tests.folders import contents
from tests.records.pictures import row, save

STREET = LabelMap.from_names(["person", "car"])
DRAFTS = ".train.part"


def street(folder: Path) -> list[Annotation]:
    """Nine images with a car each."""
    return [
        row(save(folder / "images" / f"{number}.png").name)
        for number in range(9)
    ]


def written(
    folder: Path,
    rows: list[Annotation],
    label_map: LabelMap = STREET,
    seed: int = 1,
    output: str = "records",
) -> WrittenRecords:
    return write_records(
        table_of(rows),
        Path("train.csv"),
        folder / "images",
        label_map,
        folder / output,
        "train",
        shards=3,
        workers=1,
        seed=seed,
    )


@pytest.fixture
def interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[Annotation]:
    """A run that Ctrl-C ended with two of three shards finished."""
    rows = street(tmp_path)

    def write_two(shard: Shard) -> WrittenRecords:
        if "00002-of" in shard.draft.name:
            raise KeyboardInterrupt
        return write_shard(shard)

    with monkeypatch.context() as patch:
        patch.setattr(write, "write_shard", write_two)
        with pytest.raises(KeyboardInterrupt):
            written(tmp_path, rows)
    assert [path.name for path in (tmp_path / "records").iterdir()] == [DRAFTS]
    return rows


def test_the_same_command_goes_on_to_the_same_bytes(
    interrupted: list[Annotation], tmp_path: Path
) -> None:
    drafts = tmp_path / "records" / DRAFTS
    (drafts / ".train-00002-of-00003.tfrecord.host-1.part").write_bytes(b"x")
    finished = {path.stat().st_ino for path in drafts.glob("*.tfrecord")}
    again = written(tmp_path, interrupted)
    whole = written(tmp_path, interrupted, output="elsewhere")
    assert (again.resumed, whole.resumed) == (2, 0)
    assert (again.images, again.objects) == (whole.images, whole.objects)
    assert contents(tmp_path / "records") == contents(tmp_path / "elsewhere")
    assert finished < {path.stat().st_ino for path in again.shards}


def change_an_image(folder: Path) -> None:
    os.utime(folder / "images/4.png", ns=(0, 0))


@pytest.mark.parametrize(
    ("change", "seed", "label_map", "class_name", "kept"),
    [
        pytest.param(change_an_image, 1, STREET, "car", {1, 2}, id="image"),
        pytest.param(lambda _: None, 2, STREET, "car", {0}, id="seed"),
        pytest.param(
            lambda _: None,
            1,
            LabelMap.from_names(["car"]),
            "car",
            {0},
            id="label map",
        ),
        pytest.param(lambda _: None, 1, STREET, "person", {0}, id="class"),
    ],
)
def test_what_a_changed_input_went_into_is_written_again(
    change: Callable[[Path], None],
    seed: int,
    label_map: LabelMap,
    class_name: str,
    kept: set[int],
    interrupted: list[Annotation],
    tmp_path: Path,
) -> None:
    change(tmp_path)
    rows = [row(found.filename, class_name) for found in interrupted]
    again = written(tmp_path, rows, label_map, seed)
    written(tmp_path, rows, label_map, seed, output="elsewhere")
    assert again.resumed in kept
    assert contents(tmp_path / "records") == contents(tmp_path / "elsewhere")


def test_a_run_that_was_killed_at_its_very_end_goes_on(
    interrupted: list[Annotation], tmp_path: Path
) -> None:
    drafts = tmp_path / "records" / DRAFTS
    name = "train-00000-of-00003.tfrecord"
    (drafts / name).rename(tmp_path / "records" / name)
    assert written(tmp_path, interrupted).resumed == 2
    written(tmp_path, interrupted, output="elsewhere")
    assert contents(tmp_path / "records") == contents(tmp_path / "elsewhere")


def test_bad_input_leaves_no_drafts(
    interrupted: list[Annotation], tmp_path: Path
) -> None:
    shutil.copy(__file__, tmp_path / "images/4.png")
    with pytest.raises(InputError, match=r"4\.png: cannot be read"):
        written(tmp_path, interrupted)
    assert contents(tmp_path / "records") == {}


def test_one_run_at_a_time_writes_a_set(tmp_path: Path) -> None:
    rows = street(tmp_path)
    with (
        only_run_in(tmp_path / "records" / DRAFTS),
        pytest.raises(InputError, match="another run is writing into it"),
    ):
        written(tmp_path, rows)


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    """Takes a second: 80 pictures to encode again, in as many shards."""
    noise = np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)
    first = tmp_path / "images" / "0.bmp"
    first.parent.mkdir()
    Pillow.fromarray(noise).save(first)
    for number in range(1, 80):
        (first.parent / f"{number}.bmp").hardlink_to(first)
    rows = [row(f"{n}.bmp", width=640, height=480) for n in range(80)]
    write_csv(table_of(rows), tmp_path / "train.csv")
    write_label_map(STREET, tmp_path / "street.pbtxt")
    script = Path(__file__).parents[2] / "scripts/csv_to_tfrecord.py"
    return [
        *(sys.executable, str(script), str(tmp_path / "train.csv")),
        *("--images", str(first.parent), "--shards", "80", "--workers", "2"),
        *("--label-map", str(tmp_path / "street.pbtxt"), "--output"),
    ]


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().split()[2]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_kill_9_in_the_middle_does_no_harm(
    command: list[str], tmp_path: Path
) -> None:
    records = tmp_path / "records"
    run = subprocess.Popen([*command, str(records)])
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    while not list(records.glob(f"{DRAFTS}/*.json")):
        assert run.poll() is None
        time.sleep(0.005)
    workers = [int(number) for number in children.read_text().split()]
    run.send_signal(signal.SIGKILL)
    run.wait()
    while any(map(is_running, workers)):
        time.sleep(0.01)
    assert [path.name for path in records.iterdir()] == [DRAFTS]
    finished = len(list(records.glob(f"{DRAFTS}/*.json")))
    assert 0 < finished < 80
    for output in (records, tmp_path / "elsewhere"):
        ended = subprocess.run(
            [*command, str(output)], check=True, capture_output=True, text=True
        )
        told = f"{finished} shards were finished already" in ended.stdout
        assert told == (output == records)
    assert contents(records) == contents(tmp_path / "elsewhere")
