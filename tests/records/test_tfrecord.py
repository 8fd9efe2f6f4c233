"""The file format: TensorFlow's to the byte, and no damage goes unseen."""

from pathlib import Path

import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from crossline.errors import InputError
from crossline.records.tfrecord import read_tfrecord, write_record

RECORDS = [b"", b"a", bytes(1000)]


def write(path: Path) -> bytes:
    with path.open("wb") as file:
        for data in RECORDS:
            write_record(file, data)
    return path.read_bytes()


def test_the_bytes_are_tensorflows(tmp_path: Path) -> None:
    ours = write(tmp_path / "ours")
    with tf.io.TFRecordWriter(str(tmp_path / "theirs")) as writer:
        for data in RECORDS:
            writer.write(data)
    assert (tmp_path / "theirs").read_bytes() == ours
    assert list(read_tfrecord(tmp_path / "theirs")) == RECORDS


@given(st.data())
def test_damage_is_refused_with_the_record(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged"
    whole = write(path)
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        flipped = whole[place] ^ data.draw(st.integers(1, 255))
        path.write_bytes(whole[:place] + bytes([flipped]) + whole[place + 1 :])
        ends: tuple[int, ...] = ()
    else:
        path.write_bytes(whole[:place])
        ends = (0, 16, 33)  # Between two records nothing is missing.
    if place in ends:
        assert list(read_tfrecord(path)) == RECORDS[: ends.index(place)]
        return
    number = 1 + (place >= 16) + (place >= 33)
    with pytest.raises(InputError, match=f"damaged record {number}: is "):
        list(read_tfrecord(path))
