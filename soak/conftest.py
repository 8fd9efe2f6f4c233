"""What the soak set shares: a small real model, and a way to tell figures."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import tiny_detector

# A shell's background job ignores Ctrl-C, and so would what is interrupted.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def tell(
    record_property: Callable[[str, object], None],
) -> Callable[[str], None]:
    """Puts a sentence into the results."""
    return lambda text: record_property("told", text)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An int8 TFLite detector of red and green that costs little."""
    folder = tmp_path_factory.mktemp("model")
    return tiny_detector.write_tflite(folder / "tiny.tflite", True)
