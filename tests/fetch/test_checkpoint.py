"""A zoo checkpoint from the net, an archive or a folder, checked."""

import io
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from crossline.errors import InputError
from crossline.fetch.checkpoint import fetch_checkpoint, require_checkpoint
from tests.annotations.rows import require_shared
from tests.fetch.server import Fault, FileServer

NAME = "ssd_tiny"
INDEX = "checkpoint/ckpt-0.index"
SHARD = "checkpoint/ckpt-0.data-00000-of-00001"
FILES = {
    "pipeline.config": b"model {}",
    "checkpoint/checkpoint": b"ckpt-0",
    INDEX: b"index",
    SHARD: os.urandom(3000),
}


def packed(files: Mapping[str, bytes], root: str = f"{NAME}/") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{root}{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def unpacked(folder: Path, files: Mapping[str, bytes] = FILES) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def without(*names: str) -> dict[str, bytes]:
    return {name: text for name, text in FILES.items() if name not in names}


def content_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_model_of_the_zoo_is_fetched_once(
    server: FileServer, tmp_path: Path
) -> None:
    server.files[f"/zoo/{NAME}.tar.gz"] = packed(FILES)
    for _ in range(2):
        folder = fetch_checkpoint(NAME, tmp_path, f"{server.url}/zoo/")
        assert folder == tmp_path / NAME
        assert content_of(folder) == FILES
    assert len(server.requests) == 1
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_an_archive_that_arrives_cut_or_damaged_is_mended(
    server: FileServer, tmp_path: Path
) -> None:
    path = f"/{NAME}.tar.gz"
    server.files[path] = packed(FILES)
    server.faults[path] = [
        Fault(cut_after=1000),
        Fault(content=packed(FILES)[:-900]),
    ]
    folder = fetch_checkpoint(NAME, tmp_path, server.url)
    assert content_of(folder) == FILES


def test_a_name_that_the_zoo_does_not_have(
    server: FileServer, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"ssd_tiny\.tar\.gz: .* 404"):
        fetch_checkpoint(NAME, tmp_path / "zoo", server.url)
    assert not (tmp_path / "zoo" / NAME).exists()


@pytest.mark.parametrize(
    ("archive", "root", "expected"),
    [
        pytest.param("any.tar.gz", f"{NAME}/", NAME, id="its folder's name"),
        pytest.param("own.tar.gz", "", "own", id="without a folder"),
        pytest.param("own.tar.gz", "./", "own", id="with a dot"),
        pytest.param("any.tgz", "a/b/", "b", id="deeper"),
    ],
)
def test_an_archive_on_disk(
    archive: str, root: str, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / archive
    path.write_bytes(packed(FILES, root))
    folder = fetch_checkpoint(str(path), tmp_path / "zoo", "http://unused")
    assert folder == tmp_path / "zoo" / expected
    assert content_of(folder) == FILES
    assert path.exists()
    assert [path.name for path in (tmp_path / "zoo").iterdir()] == [expected]


def test_a_folder_is_copied_and_replaces_an_older_copy(tmp_path: Path) -> None:
    source = unpacked(tmp_path / "mine" / NAME)
    (source / INDEX).chmod(0o400)
    (source / "checkpoint").chmod(0o500)
    for _ in range(2):
        folder = fetch_checkpoint(str(source), tmp_path / "zoo", "")
        assert content_of(folder) == FILES
        assert os.access(folder / INDEX, os.W_OK)
    assert fetch_checkpoint(str(folder), tmp_path / "zoo", "") == folder
    assert content_of(folder) == FILES


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        pytest.param(without("pipeline.config"), "pipeline.config", id="cfg"),
        pytest.param(without(INDEX), INDEX, id="index"),
        pytest.param(without(SHARD), SHARD, id="data"),
        pytest.param(
            {**without(SHARD), SHARD.replace("-00001", "-00002"): b"x"},
            SHARD.replace("00000-of-00001", "00001-of-00002"),
            id="second of two data files",
        ),
        pytest.param({**FILES, INDEX: b""}, INDEX, id="empty index"),
    ],
)
def test_what_lacks_a_part_is_refused(
    files: dict[str, bytes], missing: str, tmp_path: Path
) -> None:
    source = unpacked(tmp_path / NAME, files)
    with pytest.raises(InputError) as error:
        fetch_checkpoint(str(source), tmp_path / "zoo", "")
    assert str(error.value).startswith(f"{source / missing}: ")
    assert not (tmp_path / "zoo" / NAME).exists()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(b"no archive", "cannot be unpacked", id="no archive"),
        pytest.param(packed(FILES)[:-900], "cannot be unpacked", id="cut"),
        pytest.param(
            packed({"a.txt": b"x"}), "holds no pipeline.config", id="other"
        ),
        pytest.param(
            packed({"../../out.txt": b"x"}, root=""),
            "cannot be unpacked",
            id="leads out",
        ),
    ],
)
def test_a_bad_archive_leaves_nothing(
    content: bytes, complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "deep" / "bad.tar.gz"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        fetch_checkpoint(str(path), tmp_path / "deep" / "zoo", "")
    assert str(error.value).startswith(f"{path}: ")
    assert complaint in str(error.value)
    assert list((tmp_path / "deep" / "zoo").iterdir()) == []
    assert not (tmp_path / "deep" / "out.txt").exists()


@pytest.mark.parametrize("source", ["models/ssd", "my.tar.gz", "../x"])
def test_a_path_that_is_not_there(source: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder; name one"):
        fetch_checkpoint(source, tmp_path, "http://unused")


def test_the_real_zoo_layout_passes() -> None:
    folder = require_shared("zoo/ssd_mobilenet_v1_300x300_coco")
    assert require_checkpoint(folder) == folder
