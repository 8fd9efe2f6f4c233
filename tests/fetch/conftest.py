"""A loopback server, and retries that do not wait."""

import time
from collections.abc import Iterator

import pytest

from tests.fetch.server import FileServer, serving


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving() as files:
        yield files


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, in seconds; none is waited for."""
    made: list[float] = []
    monkeypatch.setattr(time, "sleep", made.append)
    return made
