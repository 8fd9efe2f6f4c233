"""A chip that is not there, or not meant, is not silently done without."""

from pathlib import Path
from typing import Any

import pytest

from crossline.detect import delegates
from crossline.detect.delegates import load_delegate
from crossline.errors import InputError


class _Runtime:
    """Stands in for LiteRT; takes any library for a delegate's."""

    def __init__(self, has_device: bool) -> None:
        self._has_device = has_device

    def load_delegate(self, library: str) -> Any:
        if not self._has_device:
            raise ValueError(f"Failed to load delegate from {library}\nnone")
        return object()


@pytest.fixture(autouse=True)
def _any_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(delegates.LIBRARIES, "edgetpu", "libc.so.6")


def load(has_device: bool, model: bytes) -> Any:
    runtime = _Runtime(has_device)
    return load_delegate(runtime, "edgetpu", model, Path("m.tflite"))


def test_the_library_is_there_and_the_chip_is_not() -> None:
    with pytest.raises(InputError) as refused:
        load(False, b"edgetpu-custom-op")
    assert str(refused.value).startswith(
        "--delegate edgetpu: libc.so.6 cannot be loaded (Failed to load "
        "delegate from libc.so.6 none); plug in the Coral"
    )


def test_a_model_for_the_processor_is_not_left_to_it() -> None:
    with pytest.raises(InputError) as refused:
        load(True, b"CONV_2D")
    assert str(refused.value) == (
        "m.tflite: is not compiled for the Edge TPU; compile it with "
        "edgetpu_compiler: docs/edge_devices.md"
    )


def test_all_is_there() -> None:
    assert load(True, b"... edgetpu-custom-op ...")
