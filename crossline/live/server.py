"""A local page that is there while a program runs."""

import contextlib
import socket
import threading
from collections.abc import Iterator

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from crossline.errors import InputError

LOCAL_HOST = "127.0.0.1"

_POLL_S = 0.05


@contextlib.contextmanager
def serving(app: Flask, host: str, port: int) -> Iterator[str]:
    """Serves an app from threads of its own, until the body ends.

    Args:
        app: any.
        host: ``127.0.0.1`` for this machine alone, ``0.0.0.0`` for whoever
            can reach it.
        port: 0 for any that is free.

    Yields:
        The address to open.

    Raises:
        InputError: the port is taken or not ours to take.
    """
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        raise InputError(
            f"{host}:{port}",
            f"no page can be served there ({error.strerror})",
            remedy="name another port",
        ) from error
    with listening:
        # Given a port, it would end the process where that is taken.
        server = make_server(
            host,
            port,
            app,
            threaded=True,
            request_handler=_Silent,
            fd=listening.fileno(),
        )
        thread = threading.Thread(
            target=server.serve_forever, args=[_POLL_S], daemon=True
        )
        thread.start()
        try:
            yield f"http://{host}:{listening.getsockname()[1]}/"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Silent(WSGIRequestHandler):
    """Writes no line per request on stderr."""

    def log_request(self, *_: object) -> None:
        """Does nothing."""
