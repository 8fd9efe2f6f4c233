"""Two runs of one command at once do not spoil one another's output."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from soak.counted import events, frames
from soak.processes import Ended, Script, at_once
from soak.records_data import prepare_records, records_command
from soak.street import CROSSINGS, LINE, write_street
from soak.training_data import prepare
from soak.zoo import MEMBERS, NAME, zoo_archive
from tests.fetch import coco_server
from tests.fetch.server import FileServer, serving
from tests.folders import contents

LOOPS = 20
STEPS = 5


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("street")
    return write_street(folder / "street.mp4", LOOPS)


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving() as files:
        files.pause_s = 0.01
        yield files


def require_one_refused(ended: list[Ended]) -> None:
    refused, done = sorted(ended, key=lambda one: one.status == 0)
    assert done.status == 0, done.said
    assert refused.status == 1, refused.said
    assert "another run is writing into it" in refused.said


def require_whole(folder: Path) -> None:
    assert len(events(folder)) == LOOPS * CROSSINGS
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["frames"] == frames(folder / "annotated.mp4")


def test_counts_of_one_video_get_folders_of_their_own(
    street: Path, model: Path, tmp_path: Path
) -> None:
    arguments = (street, "--model", model, "--line", LINE)
    script = Script("count_video", arguments, tmp_path)
    assert [one.status for one in at_once([script] * 3)] == [0, 0, 0]
    folders = sorted((tmp_path / "runs" / "count").iterdir())
    assert [f.name for f in folders] == ["street", "street-2", "street-3"]
    for folder in folders:
        require_whole(folder)


def test_one_folder_that_was_asked_for_takes_one_count(
    street: Path, model: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    where = ("--line", LINE, "--output", output)
    script = Script("count_video", (street, "--model", model, *where))
    require_one_refused(at_once([script, script]))
    require_whole(output)


def test_one_checkpoint_is_fetched_once(
    server: FileServer, tmp_path: Path
) -> None:
    server.files[f"/{NAME}.tar.gz"] = zoo_archive()
    where = ("--output", tmp_path, "--base-url", server.url)
    script = Script("fetch_checkpoint", (NAME, *where))
    require_one_refused(at_once([script, script]))
    assert contents(tmp_path) == MEMBERS


def test_one_folder_of_coco_takes_one_fetching(
    server: FileServer, tmp_path: Path
) -> None:
    coco_server.serve_coco(server)
    server.pause_s = 1
    where = ("--output", tmp_path / "both", "--base-url", server.url)
    script = Script("fetch_coco", (*where, "--workers", "1"))
    require_one_refused(at_once([script, script]))
    server.pause_s = 0
    alone = ("--output", tmp_path / "alone", "--base-url", server.url)
    Script("fetch_coco", alone).run()
    assert contents(tmp_path / "both") == contents(tmp_path / "alone")


def test_one_set_of_records_is_written_once(tmp_path: Path) -> None:
    prepare_records(tmp_path, images=1000)

    def command(name: str) -> Script:
        return records_command(tmp_path, tmp_path / "records" / name)

    require_one_refused(at_once([command("both")] * 2))
    command("alone").run()
    folder = tmp_path / "records"
    assert contents(folder / "both") == contents(folder / "alone")


def test_two_samples_leave_one_whole(tmp_path: Path) -> None:
    def command(name: str) -> Script:
        sizes = ("--images", "5", "--video-seconds", "1")
        return Script("make_sample", (*sizes, "--output", tmp_path / name))

    assert [one.status for one in at_once([command("both")] * 2)] == [0, 0]
    command("alone").run()
    assert contents(tmp_path / "both") == contents(tmp_path / "alone")
    assert {path.name for path in tmp_path.iterdir()} == {"both", "alone"}


def test_one_folder_takes_one_training_and_any_number_of_exports(
    tmp_path: Path,
) -> None:
    config, run = prepare(tmp_path, STEPS), tmp_path / "run"
    train = Script("train", ("--config", config, "--output", run))
    require_one_refused(at_once([train, train]))

    folder = tmp_path / "exported"
    where = ("--checkpoint", run, "--output", folder / "both")
    export = Script("export", (*where, "--precisions", "fp32"))
    assert [one.status for one in at_once([export, export])] == [0, 0]
    assert [path.name for path in folder.iterdir()] == ["both"]
    assert {path.name for path in (folder / "both").iterdir()} == {
        *("checkpoint", "saved_model", "model_fp32.tflite"),
        *("pipeline.config", "label_map.pbtxt", "metadata.json"),
    }
