"""fetch_coco.py: a part of COCO from a server or a folder."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.coco_to_csv import main as coco_to_csv
from scripts.fetch_coco import main
from tests.annotations.rows import require_shared
from tests.fetch.coco_server import (
    image_path,
    serve_coco,
    write_coco_folder,
)
from tests.fetch.server import FileServer, serving


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving() as files:
        serve_coco(files)
        yield files


def test_from_a_server_to_the_next_script(
    server: FileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--classes", "car", "--max-images", "2"]
    where = ["--base-url", server.url, "--output", str(tmp_path)]
    assert main([*options, *where]) == 0
    instances = tmp_path / "instances.json"
    assert capsys.readouterr().out == (
        "               before          after        \n"
        "               images objects images objects\n"
        "car                 3       3      2       2\n"
        "(none of them)      0       0      0       0\n"
        "(in all)            3       3      2       2\n"
        f"Fetched 2 of 3 images with any of car: {instances}\n"
        f"Next: python scripts/coco_to_csv.py {instances}\n"
    )
    assert coco_to_csv([str(instances)]) == 0
    assert len(list((tmp_path / "images").glob("*.jpg"))) == 2


def test_images_that_fail_are_listed_when_the_rest_is_saved(
    server: FileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del server.files[image_path(5)]
    where = ["--base-url", server.url, "--output", str(tmp_path)]
    assert main(["--classes", "car", *where]) == 1
    instances = tmp_path / "instances.json"
    url = f"{server.url}/train2017"
    shown = capsys.readouterr()
    assert (
        f"failed {url}/000000000005.jpg: the server says 404 Not Found; "
        f"check the name\nFetched 2 of 3 images with any of car: {instances}\n"
    ) in shown.out
    (line,) = shown.err.splitlines()
    assert line.endswith(
        f"{url}: 1 images could not be fetched; the rest is saved; run again "
        "for them"
    )
    assert len(json.loads(instances.read_text())["images"]) == 2


def test_from_a_folder(tmp_path: Path) -> None:
    folder = write_coco_folder(tmp_path / "coco")
    output = tmp_path / "part"
    assert main(["--from-folder", str(folder), "--output", str(output)]) == 0
    assert len(list((output / "images").iterdir())) == 8


def test_a_folder_is_not_cut_down_in_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(write_coco_folder(tmp_path / "coco"))
    assert main(["--from-folder", folder, "--output", folder]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{folder}: is the output too; name another --output" in line


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--split", "test"], id="split"),
        pytest.param(["--max-images", "0"], id="no image"),
        pytest.param(["--year", "2015"], id="year"),
        pytest.param(["--having", "some"], id="having"),
        pytest.param(["--ratio", "0.5"], id="ratio"),
        pytest.param(["--balance", "oversample"], id="no repeats in COCO"),
    ],
)
def test_a_bad_command_line_ends_with_2(options: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(options)
    assert end.value.code == 2


def test_from_the_real_folder(tmp_path: Path) -> None:
    folder = require_shared("coco")
    options = ["--classes", "motorcycle", "--max-images", "5"]
    where = ["--from-folder", str(folder), "--output", str(tmp_path)]
    assert main([*options, *where]) == 0
    assert len(list((tmp_path / "images").iterdir())) == 5


def test_a_balanced_part_of_the_real_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = require_shared("coco")
    options = ["--classes", "person", "motorcycle", "--balance", "undersample"]
    where = ["--from-folder", str(folder), "--output", str(tmp_path)]
    assert main([*options, *where]) == 0
    assert (
        "motorcycle         16      29     12      21\n"
        "(none of them)      0       0      0       0\n"
        "(in all)          249    1019     24      52\n"
        "Most to least frequent class: 34.14 : 1 before, 1.48 : 1 after.\n"
    ) in capsys.readouterr().out
    part = json.loads((tmp_path / "instances.json").read_text())
    whole = json.loads((folder / "instances.json").read_text())
    known = {item["id"]: item for item in whole["annotations"]}
    assert all(item == known[item["id"]] for item in part["annotations"])
