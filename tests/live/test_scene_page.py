"""The page on which lines and zones are drawn: what it shows and takes."""

from typing import Any

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient

from crossline.count.lines import Line
from crossline.count.scene import Scene
from crossline.count.zones import Zone
from crossline.live.scene_page import scene_page

GATE = Line("gate", (20, 0), (20, 60), ("in", "out"))
YARD = Zone("yard", ((0, 0), (40, 0), (40, 30)))
DRAWN = {
    "lines": [
        {
            "name": "gate",
            "points": [[20, 0], [20, 60]],
            "directions": ["in", "out"],
        }
    ],
    "zones": [{"name": "yard", "points": [[0, 0], [40, 0], [40, 30]]}],
}


@pytest.fixture
def saved() -> list[Scene]:
    return []


@pytest.fixture
def client(saved: list[Scene]) -> FlaskClient:
    def save(scene: Scene) -> str:
        saved.append(scene)
        return "Saved."

    frame = np.full((60, 80, 3), (250, 0, 0), np.uint8)
    page = scene_page(frame, "<b>street</b>.mp4", Scene((GATE,)), save)
    return page.test_client()


def test_shows_the_frame_and_what_is_there(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "&lt;b&gt;street" in page
    assert 'data-width="80" data-height="60"' in page
    assert client.get("/static/scene.js").status_code == 200
    shown = client.get("/frame.jpg").data
    image = cv2.imdecode(np.frombuffer(shown, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert image is not None
    assert image.shape == (60, 80, 3)
    assert image[30, 40, 0] > 240, "red stays red"
    assert client.get("/scene").json == {
        "lines": DRAWN["lines"],
        "zones": [],
    }


def test_saves_what_is_drawn(client: FlaskClient, saved: list[Scene]) -> None:
    answer = client.post("/scene", json=DRAWN)
    assert (answer.status_code, answer.json) == (200, {"message": "Saved."})
    assert saved == [Scene((GATE,), (YARD,))]
    assert client.get("/scene").json == DRAWN, "there after a reload"


def line(**values: object) -> dict[str, Any]:
    given = {"name": "a", "points": [[1, 2], [3, 9]], "directions": ["b", "c"]}
    return {"lines": [{**given, **values}]}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({}, "is empty; draw a line or a zone", id="nothing"),
        pytest.param([], "no list of objects", id="a list"),
        pytest.param({"lines": [5]}, "no list of objects", id="a number"),
        pytest.param({"zones": "a"}, "no list of objects", id="a text"),
        pytest.param(line(name=" "), "has the name ' '", id="no name"),
        pytest.param(line(name=None), "has the name None", id="null"),
        pytest.param(line(points=None), "points are pairs", id="no points"),
        pytest.param(
            line(points=[[5, 5], [5, 5]]), "'a': has no length", id="a point"
        ),
        pytest.param(
            line(directions=["in", "in"]), "of one name, 'in'", id="alike"
        ),
        pytest.param(
            line(directions=["in", ""]), "has the name ''", id="one blank"
        ),
        pytest.param(
            {**DRAWN, "zones": [{**DRAWN["zones"][0], "name": "gate"}]},
            "'gate': is given 2 times",
            id="one name",
        ),
        pytest.param(
            {
                "zones": [
                    {"name": "z", "points": [[0, 0], [9, 9], [9, 0], [0, 9]]}
                ]
            },
            "zone 'z': crosses itself",
            id="a bow tie",
        ),
    ],
)
def test_tells_what_is_wrong(
    given: object, message: str, client: FlaskClient, saved: list[Scene]
) -> None:
    answer = client.post("/scene", json=given)
    assert answer.status_code == 400
    assert answer.json is not None
    assert message in answer.json["message"]
    assert saved == []


def test_a_stranger_s_form_is_refused(client: FlaskClient) -> None:
    assert client.post("/scene", data={"lines": "[]"}).status_code == 415
