"""A live picture over HTTP: the latest frame, for whoever looks."""

import http.client
import socket
import threading
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest
from flask import Flask, Response

from crossline.errors import InputError
from crossline.geometry import Image
from crossline.live.server import LOCAL_HOST, serving
from crossline.live.view import LiveView


def grey(level: int) -> Image:
    return np.full((24, 32, 3), level, np.uint8)


def app_of(view: LiveView) -> Flask:
    app = Flask(__name__)

    @app.get("/live")
    def live() -> Response:
        return view.response()

    return app


@pytest.fixture
def view() -> Iterator[LiveView]:
    with LiveView() as ours:
        yield ours


def connect(url: str) -> http.client.HTTPResponse:
    address = urlsplit(url)
    assert address.hostname
    connection = http.client.HTTPConnection(
        address.hostname, address.port, timeout=10
    )
    connection.request("GET", "/live")
    return connection.getresponse()


def read_part(response: http.client.HTTPResponse) -> Image:
    """Reads a picture as a browser does: up to the next boundary."""
    head = {}
    while line := response.readline().strip():
        name, _, value = line.decode().partition(": ")
        head[name] = value
    assert head["Content-Type"] == "image/jpeg"
    data = response.read(int(head["Content-Length"]))
    assert response.readline() == b"\r\n"
    assert response.readline() == b"--frame\r\n"
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(decoded, np.uint8)


def test_a_late_viewer_sees_the_latest_picture_first(view: LiveView) -> None:
    for level in (1, 2, 3):
        view.show(grey(level))
    images = view.images()
    assert next(images)[0, 0, 0] == 3
    view.show(grey(4))
    view.show(grey(5))
    assert next(images)[0, 0, 0] == 5


def test_each_viewer_sees_for_itself(view: LiveView) -> None:
    view.show(grey(1))
    assert [next(view.images())[0, 0, 0] for _ in range(2)] == [1, 1]


def test_viewers_wait_for_a_picture_and_stop_at_the_end() -> None:
    seen: list[int] = []

    def look(view: LiveView) -> None:
        seen.extend(int(image[0, 0, 0]) for image in view.images())

    with LiveView() as view:
        viewer = threading.Thread(target=look, args=[view])
        viewer.start()
        images = view.images()
        view.show(grey(7))
        list(islice(images, 1))
    viewer.join(timeout=10)
    assert not viewer.is_alive()
    assert seen in ([], [7])


def test_moves_in_a_browser(view: LiveView) -> None:
    with serving(app_of(view), LOCAL_HOST, 0) as url:
        view.show(grey(50))
        response = connect(url)
        assert response.getheader("Content-Type") == (
            "multipart/x-mixed-replace; boundary=frame"
        )
        assert response.readline() == b"--frame\r\n"
        assert abs(int(read_part(response)[0, 0, 0]) - 50) < 3
        view.show(grey(200))
        assert abs(int(read_part(response)[0, 0, 0]) - 200) < 3
        response.close()


def test_the_server_ends_while_somebody_looks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with LiveView() as view, serving(app_of(view), LOCAL_HOST, 0) as url:
        view.show(grey(1))
        response = connect(url)
        response.readline()
        read_part(response)
    assert response.read() == b""
    with pytest.raises(ConnectionRefusedError):
        connect(url)
    assert capsys.readouterr() == ("", "")


def test_a_taken_port_is_refused_in_a_line(view: LiveView) -> None:
    with socket.create_server((LOCAL_HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(InputError, match="no page can be served there"),
            serving(app_of(view), LOCAL_HOST, port),
        ):
            pass
