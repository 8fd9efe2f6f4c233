"""The TFRecord file format: framed, checksummed bytes, without TensorFlow.

Source: tensorflow/core/lib/io/record_writer.h. google-crc32c is as fast as
TensorFlow's checksum (4 GB/s), and imports in 2 ms instead of 4 s.
"""

import functools
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import google_crc32c

from crossline.errors import InputError

_LENGTH = struct.Struct("<Q")
_CHECKSUM = struct.Struct("<I")
_GZIP = b"\x1f\x8b"


def write_record(file: BinaryIO, *parts: bytes) -> None:
    """Appends a record, given in parts, to an open file."""
    length = _LENGTH.pack(sum(map(len, parts)))
    file.writelines([length, _checksum(length), *parts, _checksum(*parts)])


def read_tfrecord(path: Path) -> Iterator[bytes]:
    """Yields the records of a file; an empty file has none.

    Raises:
        InputError: it is damaged, cut short or no TFRecord.
    """
    number = 1
    with path.open("rb") as file:
        while head := file.read(_LENGTH.size + _CHECKSUM.size):
            problem, data = _read_record(file, head, path.stat().st_size)
            if problem and number == 1 and head.startswith(_GZIP):
                problem = "is compressed; the Object Detection API needs plain"
            if problem:
                raise InputError(
                    path,
                    problem,
                    place=f"record {number}",
                    remedy="write it again with scripts/csv_to_tfrecord.py",
                )
            yield data
            number += 1


def _read_record(
    file: BinaryIO, head: bytes, file_size: int
) -> tuple[str, bytes]:
    """Returns a problem, empty if there is none, and the record."""
    length = head[: _LENGTH.size]
    if len(head) < _LENGTH.size + _CHECKSUM.size:
        return "is cut short", b""
    if head[_LENGTH.size :] != _checksum(length):
        return "is damaged, or no TFRecord (checksum of the length)", b""
    (size,) = _LENGTH.unpack(length)
    if file.tell() + size + _CHECKSUM.size > file_size:
        return "is cut short", b""
    data = file.read(size)
    if file.read(_CHECKSUM.size) != _checksum(data):
        return "is damaged (checksum of the data)", b""
    return "", data


def _checksum(*parts: bytes) -> bytes:
    """Returns the masked CRC-32C that stands behind the data."""
    crc = functools.reduce(google_crc32c.extend, parts, 0)
    rotated = (crc >> 15 | crc << 17) + 0xA282EAD8
    return _CHECKSUM.pack(rotated & 0xFFFFFFFF)
