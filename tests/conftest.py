"""Fixtures that several rooms' tests share."""

import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import tiny_detector

# Test modules import TensorFlow before a script could quieten it.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# A shell's background job ignores Ctrl-C, and so would what tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# First calls import and compile; a busy machine makes any call slow.
settings.register_profile("crossline", deadline=None)
settings.load_profile("crossline")


@pytest.fixture(autouse=True)
def _log_reaches_caplog() -> Iterator[None]:
    """Undoes what scripts that run in the tests' process do to the log."""
    yield
    logging.getLogger("crossline").propagate = True
    logging.getLogger("crossline").handlers = []


@pytest.fixture(scope="session")
def tiny_fp32(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fp32")
    return tiny_detector.write_tflite(folder / "tiny.tflite", False)


@pytest.fixture(scope="session")
def tiny_int8(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("int8")
    return tiny_detector.write_tflite(folder / "tiny.tflite", True)


@pytest.fixture(scope="session")
def tiny_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    return tiny_detector.write_export_folder(folder)


@pytest.fixture(scope="session")
def shared_videos() -> Path:
    """The folder of real videos; tests that need it skip without."""
    folder = Path(__file__).parents[2] / "shared" / "videos"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    return folder


@pytest.fixture(scope="session")
def zoo_checkpoint() -> Path:
    """A COCO checkpoint in the zoo's layout; tests skip without."""
    zoo = Path(__file__).parents[2] / "shared" / "zoo"
    folder = zoo / "ssd_mobilenet_v1_300x300_coco"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    return folder
