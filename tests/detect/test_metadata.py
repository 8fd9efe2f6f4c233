"""A .tflite file carries its labels, and a checksum that guards its model."""

import contextlib
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossline.detect.detector import open_detector
from crossline.detect.interpreter import load_interpreter
from crossline.detect.metadata import (
    LABELS_NAME,
    METADATA_NAME,
    append_metadata,
    split_model,
)
from crossline.errors import InputError
from tests.tiny_detector import METADATA

MODEL = bytes(range(250))
DAMAGED = (
    "m.tflite: is damaged: its model does not fit its checksum; "
    "copy it again, or export it again"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "m.tflite"
    path.write_bytes(MODEL)
    append_metadata(path, METADATA)
    return path


def test_the_model_stays_as_it_was_and_its_metadata_follow(file: Path) -> None:
    data = file.read_bytes()
    assert data.startswith(MODEL)
    model, metadata = split_model(data, file)
    assert model == MODEL
    assert replace(metadata, sha256="") == METADATA


def test_tflites_tools_find_the_labels(file: Path) -> None:
    # As their MetadataDisplayer does; their C++ side maps what is stored.
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        assert archive.namelist() == [LABELS_NAME, METADATA_NAME]
        assert archive.read(LABELS_NAME) == b"red\ngreen\n"
        types = {entry.compress_type for entry in archive.infolist()}
    assert types == {zipfile.ZIP_STORED}


def test_the_checksum_is_that_of_sha256sum(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        values = json.loads(archive.read(METADATA_NAME))
    # printf "$(printf '\\x%02x' {0..249})" | sha256sum
    assert values["sha256"] == (
        "369d7da16156c5e2c0d519cdbab3996a7249e20d3e48c36a3a873e987190bd89"
    )


def test_the_same_model_makes_the_same_file(file: Path) -> None:
    again = file.with_name("again.tflite")
    again.write_bytes(MODEL)
    append_metadata(again, METADATA)
    assert again.read_bytes() == file.read_bytes()


def test_appended_again_it_takes_the_place_of_the_former(file: Path) -> None:
    before = file.read_bytes()
    append_metadata(file, METADATA)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(
            lambda data: b"\1" + data[1:], DAMAGED, id="another byte"
        ),
        pytest.param(lambda data: b"\0" + data, DAMAGED, id="a byte more"),
        pytest.param(lambda data: data[1:], "m.tflite: ", id="a byte less"),
        pytest.param(
            lambda data: data[:-30],
            "m.tflite: carries no metadata.json; copy it again, or export "
            "it with "
            "scripts/export.py",
            id="cut short",
        ),
        pytest.param(
            lambda data: data.replace(b'"red"', b'"rad"'),
            "m.tflite: carries no metadata.json; ",
            id="metadata altered",
        ),
    ],
)
def test_a_damaged_file_is_refused(
    damage: mock.Mock, message: str, file: Path
) -> None:
    with pytest.raises(InputError) as refused:
        split_model(damage(file.read_bytes()), Path("m.tflite"))
    assert str(refused.value).startswith(message)


def test_labels_and_metadata_that_disagree_are_refused(file: Path) -> None:
    checksum = hashlib.sha256(MODEL).hexdigest()
    other = replace(METADATA, classes={1: "blue", 2: "green"}, sha256=checksum)
    file.write_bytes(MODEL)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(LABELS_NAME, "red\ngreen\n")
        archive.writestr(METADATA_NAME, other.to_json())
    with pytest.raises(InputError, match="name other classes"):
        split_model(file.read_bytes(), file)


def test_a_file_without_a_checksum_is_refused(file: Path) -> None:
    file.write_bytes(MODEL)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(METADATA_NAME, METADATA.to_json())
    with pytest.raises(InputError, match=r"m.tflite: carries no checksum; "):
        split_model(file.read_bytes(), file)


@st.composite
def _damage(draw: st.DrawFn) -> tuple[int, int, bytes]:
    """Draws what to replace: from where, how much, by what.

    From the end, too, where the metadata are.
    """
    start = draw(st.integers(-3000, 3000))
    length = draw(st.one_of(st.integers(0, 40), st.just(1 << 30)))
    return start, length, draw(st.binary(max_size=40))


@given(damages=st.lists(_damage(), min_size=1, max_size=4))
def test_the_interpreter_sees_no_model_but_the_one_that_was_written(
    tiny_fp32: Path,
    tmp_path_factory: pytest.TempPathFactory,
    damages: list[tuple[int, int, bytes]],
) -> None:
    data = tiny_fp32.read_bytes()
    original, _ = split_model(data, tiny_fp32)
    for start, length, replacement in damages:
        start = start % (len(data) + 1)
        data = data[:start] + replacement + data[start + length :]
    path = tmp_path_factory.getbasetemp() / "fuzzed.tflite"
    path.write_bytes(data)
    with (
        mock.patch(
            "crossline.detect.tflite.load_interpreter", wraps=load_interpreter
        ) as load,
        # Whatever else it raises has no message for the user.
        contextlib.suppress(InputError),
    ):
        open_detector(path)
    assert all(call.args[0] == original for call in load.mock_calls)
