"""A file server on loopback that can be told to misbehave."""

import contextlib
import functools
import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_BLOCK = 1 << 16
"""Bytes."""


@dataclass(frozen=True)
class Fault:
    """How one answer goes wrong.

    Attributes:
        status: answered instead of the file, if not 0.
        cut_after: bytes after which the connection breaks.
        content: sent instead of the file's.
    """

    status: int = 0
    cut_after: int | None = None
    content: bytes | None = None


@dataclass
class FileServer:
    """What is served, and what was asked for.

    Attributes:
        url: without a slash at its end.
        files: path (with its slash) to content.
        faults: path to the faults of its next answers, in order.
        etag: of every file; none is sent when empty.
        knows_ranges: whether it resumes.
        pause_s: before each `_BLOCK` bytes, as a slow line makes.
        requests: path and ``Range`` header, in order.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    etag: str = '"v1"'
    knows_ranges: bool = True
    pause_s: float = 0.0
    requests: list[tuple[str, str]] = field(default_factory=list)


@contextlib.contextmanager
def serving() -> Iterator[FileServer]:
    files = FileServer()
    handler = functools.partial(_Handler, files)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        files.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield files
        finally:
            server.shutdown()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, files: FileServer, *arguments: Any) -> None:
        self._files = files
        super().__init__(*arguments)

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self._files.requests.append((self.path, wanted))
        faults = self._files.faults.get(self.path, [])
        fault = faults.pop(0) if faults else Fault()
        content = fault.content or self._files.files.get(self.path)
        if fault.status or content is None:
            self.send_error(fault.status or 404)
            return
        start = self._start(wanted)
        if start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            span = f"bytes {start}-{len(content) - 1}/{len(content)}"
            self.send_header("Content-Range", span)
        if self._files.etag:
            self.send_header("ETag", self._files.etag)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        stop = len(content) if fault.cut_after is None else fault.cut_after
        # Who asked may be gone.
        with contextlib.suppress(ConnectionError):
            for at in range(start, stop, _BLOCK):
                if self._files.pause_s:
                    time.sleep(self._files.pause_s)
                self.wfile.write(content[at : min(at + _BLOCK, stop)])

    def _start(self, wanted: str) -> int:
        is_same = self.headers.get("If-Range") == self._files.etag
        if not (wanted and is_same and self._files.knows_ranges):
            return 0
        return int(wanted.removeprefix("bytes=").rstrip("-"))

    def log_message(self, *arguments: Any) -> None:
        """Says nothing."""
