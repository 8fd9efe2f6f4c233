"""Valid annotations with some bytes cut out, exchanged or put in.

Whatever becomes of them: a whole CSV, or one line, status 1 and nothing.
"""

import contextlib
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crossline.annotations.formats import FORMATS
from crossline.annotations.table import read_csv
from scripts.convert_annotations import main
from tests.annotations.data_sets import picture
from tests.annotations.rows import empty, row, table
from tests.folders import contents

SOUND = table(
    row("a.png", "car", class_id=1, image_id="1"),
    row("a.png", "bus", (0, 0.5, 99.5, 80), class_id=2, image_id="1"),
    empty("b.png", image_id="2"),
).assign(split=["train", "train", "val"])
EVIL = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"nan",
    b"-1e999",
    b"9" * 5000,
    b"null",
    b'"',
    b"{}",
    b"[[",
    b"<!DOCTYPE x>",
    b"&x;",
    b"\n",
    b"\xef\xbb\xbf",
    b": !!",
    b"&a *a",
    b",",
    b"../",
]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("coco", ""),
        ("csv", ""),
        ("linkedai", ""),
        ("voc", "Annotations/a.xml"),
        ("voc", "ImageSets/Main/train.txt"),
        ("yolo", "data.yaml"),
        ("yolo", "labels/train/a.txt"),
        ("yolo", "images/train/a.png"),
    ],
)
@given(
    begin=st.integers(0, 2000),
    length=st.just(10_000) | st.integers(0, 40),
    inserted=st.sampled_from(EVIL) | st.binary(max_size=4),
    is_told=st.booleans(),
)
@settings(max_examples=30)
@example(begin=0, length=10_000, inserted=b"", is_told=False)
def test_a_damaged_file_is_read_or_refused(
    name: str,
    place: str,
    begin: int,
    length: int,
    inserted: bytes,
    is_told: bool,
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for image in ("a.png", "b.png"):
            picture(folder / "photos" / image)
        FORMATS[name].write(SOUND, folder / "set", folder / "photos")
        path = folder / "set" / place
        sound = path.read_bytes()
        at = begin % (len(sound) + 1)
        path.unlink()  # It may be a link to the photo.
        path.write_bytes(sound[:at] + inserted + sound[at + length :])
        before = contents(folder)
        command = [str(folder / "set"), "--to", "csv"]
        command += ["--from", name] if is_told else []
        complained = io.StringIO()
        with (
            contextlib.redirect_stderr(complained),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            status = main([*command, "--output", str(folder / "out.csv")])
        if status == 0:
            read_csv(folder / "out.csv")
            return
        assert status == 1
        assert len(complained.getvalue().splitlines()) == 1
        assert contents(folder) == before
