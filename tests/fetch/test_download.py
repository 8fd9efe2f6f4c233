"""One file arrives checked, whole or not at all, and is resumed."""

import re
from pathlib import Path

import pytest

from crossline.errors import InputError
from crossline.fetch.download import ATTEMPTS, download
from tests.fetch.server import Fault, FileServer

CHUNK = 1 << 16
CONTENT = bytes(range(256)) * 1000
PATH = "/folder/model.bin"


def require_content(path: Path) -> None:
    if path.read_bytes() != CONTENT:
        raise InputError(path, "is not the content")


@pytest.fixture
def target(server: FileServer, tmp_path: Path) -> Path:
    server.files[PATH] = CONTENT
    return tmp_path / "new" / "model.bin"


def fetch(server: FileServer, target: Path) -> None:
    download(f"{server.url}{PATH}", target, require_content)


def ranges(server: FileServer) -> list[str]:
    return [wanted for _, wanted in server.requests]


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_arrives_and_nothing_else(
    server: FileServer, target: Path
) -> None:
    fetch(server, target)
    assert target.read_bytes() == CONTENT
    assert files_in(target.parent) == ["model.bin"]
    assert ranges(server) == [""]


def test_a_broken_connection_goes_on_where_it_broke(
    server: FileServer, target: Path
) -> None:
    server.faults[PATH] = [Fault(cut_after=CHUNK), Fault(cut_after=3 * CHUNK)]
    fetch(server, target)
    assert target.read_bytes() == CONTENT
    assert ranges(server) == ["", "bytes=65536-", "bytes=196608-"]
    assert files_in(target.parent) == ["model.bin"]


def test_the_next_run_goes_on_where_the_last_gave_up(
    server: FileServer, target: Path
) -> None:
    server.faults[PATH] = [
        Fault(cut_after=CHUNK + 9),
        *[Fault(status=500)] * (ATTEMPTS - 1),
    ]
    with pytest.raises(InputError, match="run again to go on"):
        fetch(server, target)
    assert not target.exists()
    server.requests.clear()
    fetch(server, target)
    assert target.read_bytes() == CONTENT
    assert ranges(server) == ["bytes=65536-"]


@pytest.mark.parametrize(
    ("etag", "knows_ranges", "expected"),
    [
        pytest.param('"v2"', True, "bytes=65536-", id="another file"),
        pytest.param('"v1"', False, "bytes=65536-", id="no ranges"),
        pytest.param('W/"v1"', True, "bytes=65536-", id="weak from now on"),
    ],
)
def test_starts_over_where_it_cannot_go_on(
    etag: str,
    knows_ranges: bool,
    expected: str,
    server: FileServer,
    target: Path,
) -> None:
    server.files[PATH] = CONTENT[::-1]
    faults = [
        Fault(cut_after=CHUNK + 9),
        *[Fault(status=500)] * (ATTEMPTS - 1),
    ]
    server.faults[PATH] = faults
    with pytest.raises(InputError):
        fetch(server, target)
    server.requests.clear()
    server.files[PATH] = CONTENT
    server.etag, server.knows_ranges = etag, knows_ranges
    fetch(server, target)
    assert target.read_bytes() == CONTENT
    assert ranges(server) == [expected]


@pytest.mark.parametrize("etag", ["", 'W/"v1"'])
def test_without_a_version_nothing_is_resumed(
    etag: str, server: FileServer, target: Path
) -> None:
    server.etag = etag
    server.faults[PATH] = [Fault(cut_after=CHUNK + 9)]
    fetch(server, target)
    assert target.read_bytes() == CONTENT
    assert ranges(server) == ["", ""]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(
    status: int, server: FileServer, target: Path, pauses: list[float]
) -> None:
    server.faults[PATH] = [Fault(status=status)] * 3
    fetch(server, target)
    assert target.read_bytes() == CONTENT
    assert pauses == [0.5, 1, 2]


def test_a_damaged_file_is_fetched_again_from_the_start(
    server: FileServer, target: Path
) -> None:
    server.faults[PATH] = [
        Fault(content=b"damage"),
        Fault(cut_after=CHUNK + 9),
    ]
    fetch(server, target)
    assert target.read_bytes() == CONTENT
    assert ranges(server) == ["", "", "bytes=65536-"]


def test_a_part_that_is_complete_already_is_no_dead_end(
    server: FileServer, target: Path
) -> None:
    target.parent.mkdir()
    target.with_name(".model.bin.part").write_bytes(CONTENT)
    target.with_name(".model.bin.version").write_text(server.etag)
    fetch(server, target)
    assert target.read_bytes() == CONTENT


def test_what_was_there_stays_until_the_new_one_is_whole(
    server: FileServer, target: Path
) -> None:
    target.parent.mkdir()
    target.write_bytes(b"old")
    server.faults[PATH] = [Fault(content=b"damage")] * ATTEMPTS
    with pytest.raises(
        InputError, match="it arrived damaged: is not the content"
    ):
        fetch(server, target)
    assert target.read_bytes() == b"old"
    assert files_in(target.parent) == ["model.bin"]


def test_a_missing_file_is_told_at_once(
    server: FileServer, tmp_path: Path, pauses: list[float]
) -> None:
    url = f"{server.url}/nothing"
    problem = f"{url}: the server says 404 Not Found; check the name"
    with pytest.raises(InputError, match=re.escape(problem)):
        download(url, tmp_path / "x", require_content)
    assert len(server.requests) == 1
    assert pauses == []


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        pytest.param("http://127.0.0.1:9/x", "Connection refused", id="down"),
        pytest.param("model.bin", "is no URL", id="no URL"),
        pytest.param("ftp://host/x", "is no URL", id="no HTTP"),
    ],
)
def test_a_bad_url_ends_in_one_plain_line(
    url: str, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as error:
        download(url, tmp_path / "x", require_content)
    assert complaint in str(error.value)
    assert str(error.value).count("url") == 0
