"""Outputs that cannot be written: no place, no space, no folder."""

import json
from pathlib import Path

import pytest

from crossline.annotations.table import table_of, write_csv
from crossline.command_line import EMBEDDED_MODEL
from crossline.image_files import image_size
from crossline.records.label_map import LabelMap, write_label_map
from tests.bad_input import pictures
from tests.bad_input.conftest import (
    Disk,
    Lay,
    Refuses,
    Run,
    matches,
)
from tests.fetch.coco_server import write_coco_folder
from tests.folders import contents
from tests.records.pictures import row
from tests.video.videos import noise_frames, write_video

COMMANDS = [
    pytest.param("coco_to_csv all.json --output {}/all.csv", id="coco_to_csv"),
    pytest.param("split_csv all.csv --output {}/parts", id="split_csv"),
    pytest.param(
        "make_label_map all.csv --output {}/maps", id="make_label_map"
    ),
    pytest.param(
        "csv_to_tfrecord all.csv --images images --label-map map.pbtxt "
        "--output {}/records",
        id="csv_to_tfrecord",
    ),
    pytest.param(
        "make_sample --images 1 --video-seconds 1 --output {}/sample",
        id="make_sample",
    ),
    pytest.param(
        "fetch_coco --from-folder coco --output {}/coco", id="fetch_coco"
    ),
    pytest.param("fetch_checkpoint zoo --output {}", id="fetch_checkpoint"),
    pytest.param(
        "detect_images images --model tiny.tflite --output {}/out",
        id="detect_images",
    ),
    pytest.param(
        "count_video a.mp4 --model tiny.tflite --output {}/out "
        "--line gate=0.5,0,0.5,1",
        id="count_video",
    ),
    pytest.param(
        "evaluate tiny.tflite --annotations all.csv --images images "
        "--output {}/out.json",
        id="evaluate",
    ),
]
STREET = EMBEDDED_MODEL.parent
GROWING = (
    "other",
    "out/annotated.mp4",
    "out/events.csv",
    "out/counts_per_minute.csv",
    "out.detections.json",
)
BOX = {"image_id": 1, "category_id": 1, "bbox": [1, 2, 30, 40]}


@pytest.fixture
def inputs(folder: Path, lay: Lay, model: None) -> None:
    """Good inputs of every command."""
    names = [f"{number}.jpg" for number in range(12)]
    write_csv(table_of([row(name, "red") for name in names]), Path("all.csv"))
    lay({f"images/{name}": pictures.noise() for name in names})
    lay(
        {
            "file": "a file",
            "zoo/pipeline.config": "x",
            "zoo/checkpoint/ckpt-0.index": "x",
            "zoo/checkpoint/ckpt-0.data-00000-of-00001": bytes(300_000),
            "all.json": json.dumps(
                {
                    "images": [
                        {
                            "id": 1,
                            "file_name": "a" * 200,
                            "width": 80,
                            "height": 60,
                        }
                    ],
                    "categories": [{"id": 1, "name": "red"}],
                    "annotations": [{"id": n, **BOX} for n in range(300)],
                }
            ),
        }
    )
    write_label_map(LabelMap.from_names(["red"]), Path("map.pbtxt"))
    write_coco_folder(folder / "coco")
    write_video(folder / "a.mp4", noise_frames(50))


@pytest.mark.usefixtures("inputs")
@pytest.mark.parametrize("command", COMMANDS)
def test_below_a_file(command: str, refuses: Refuses) -> None:
    refuses(command.format("file"), "file...: ...")


@pytest.mark.usefixtures("inputs")
@pytest.mark.parametrize("command", COMMANDS)
def test_disk_full(command: str, disk: Disk, run: Run) -> None:
    full = disk("4k")
    name = command.partition(" ")[0]
    if name == "make_label_map":
        (full / "other").write_bytes(bytes(4096))
    ended = run(command.format("full"))
    assert ended.status == 1
    assert matches(
        f"{name}.py: full/...No space left on device...\n", ended.complained
    ), ended.complained
    for left in contents(full):
        assert not Path(left).name.startswith("."), "a draft"
        # What is whole by itself, or grows while one watches.
        assert left in GROWING or image_size(full / left)


def test_disk_full_for_a_checkpoint(lay: Lay, disk: Disk, run: Run) -> None:
    full = disk("300k")
    lay({"a.tfrecord": "records"})
    ended = run(
        f"configure_pipeline --checkpoint {STREET} "
        f"--label-map {STREET}/label_map.pbtxt --train-records a.tfrecord "
        "--eval-records a.tfrecord --output full"
    )
    assert ended.status == 1
    # TensorFlow, loaded by other tests already, has its word before.
    assert ended.complained.endswith(
        "configure_pipeline.py: full/checkpoint: No space left on device\n"
    )
    assert contents(full) == {}
