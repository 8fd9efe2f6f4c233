"""The page: its buttons ask for frames, its status tells the counts."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from crossline.capture.collection import Collection
from crossline.capture.page import capture_page
from crossline.capture.triggers import Requests
from crossline.live.view import LiveView
from tests.capture.pictures import blurred, frame, picture


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    targets = {"person": 9, 'a "<b>van</b>"': None}
    return Collection(tmp_path, targets, min_sharpness=60, min_difference=4)


@pytest.fixture
def requests() -> Requests:
    return Requests()


@pytest.fixture
def client(collection: Collection, requests: Requests) -> FlaskClient:
    return capture_page(collection, requests, LiveView()).test_client()


def test_has_a_button_per_class(client: FlaskClient) -> None:
    page = client.get("/").text
    assert 'data-class="person"' in page
    assert 'data-class="a &#34;&lt;b&gt;van&lt;/b&gt;&#34;"' in page
    assert 'src="/live"' in page


def test_a_button_asks_for_the_next_frame(
    client: FlaskClient, requests: Requests
) -> None:
    pressed = client.post("/capture", json={"class": "person"})
    assert pressed.status_code == 202
    assert list(requests(frame(picture(1)))) == ["person"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"json": {"class": "car"}}, 404, id="unknown class"),
        pytest.param({"json": {"class": ["person"]}}, 404, id="a list"),
        pytest.param({"json": {}}, 404, id="no class"),
        pytest.param({"json": ["person"]}, 404, id="no object"),
        pytest.param({"data": {"class": "person"}}, 415, id="a form"),
        pytest.param(
            {"data": "{", "content_type": "application/json"}, 400, id="half"
        ),
    ],
)
def test_refuses(
    body: dict[str, Any],
    status: int,
    client: FlaskClient,
    requests: Requests,
) -> None:
    assert client.open("/capture", method="POST", **body).status_code == status
    assert list(requests(frame(picture(1)))) == []


def test_tells_the_counts(client: FlaskClient, collection: Collection) -> None:
    collection.offer(frame(picture(1)), "person")
    collection.offer(frame(blurred(1)), "person")
    assert client.get("/status").json == {
        "counts": {"person": 1, 'a "<b>van</b>"': 0},
        "targets": {"person": 9, 'a "<b>van</b>"': None},
        "left_out": {"blurred": 1},
        "last": "person: blurred",
    }
