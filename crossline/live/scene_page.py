"""The local page on which lines and zones are drawn with the mouse."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import cv2
from flask import Flask, Response, render_template, request

from crossline.count.scene import Scene, Size, build_line, build_zone
from crossline.errors import InputError
from crossline.geometry import Image

Save = Callable[[Scene], str]
"""Takes what was drawn; returns what to tell about it."""

_QUALITY = 90


def scene_page(frame: Image, name: str, scene: Scene, save: Save) -> Flask:
    """Returns the app.

    ``/`` is the page, ``/frame.jpg`` its picture, ``/scene`` what has been
    drawn; ``POST /scene`` saves, and answers with a message, with status 400
    what is wrong. What is posted has to be JSON, which a stranger's page
    cannot post here. Points are pixels of the frame.

    Args:
        frame: to draw on.
        name: of the source, for people.
        scene: that is there already.
        save: is called with each scene that is one.
    """
    app = Flask(__name__)
    height, width = frame.shape[:2]
    latest = [scene]

    @app.get("/")
    def page() -> str:
        return render_template(
            "scene.html", name=name, width=width, height=height
        )

    @app.get("/frame.jpg")
    def picture() -> Response:
        _, encoded = cv2.imencode(
            ".jpg",
            cv2.cvtColor(frame, cv2.COLOR_RGB2BGR),
            [cv2.IMWRITE_JPEG_QUALITY, _QUALITY],
        )
        return Response(encoded.tobytes(), mimetype="image/jpeg")

    @app.get("/scene")
    def drawn() -> Mapping[str, Any]:
        return _shapes(latest[0])

    @app.post("/scene")
    def store() -> tuple[Mapping[str, str], int]:
        try:
            latest[0] = _scene(request.get_json(), (width, height))
            return {"message": save(latest[0])}, 200
        except InputError as error:
            return {"message": str(error)}, 400
        except OSError as error:
            return {"message": f"{error.filename}: {error.strerror}"}, 400

    return app


def _shapes(scene: Scene) -> Mapping[str, Any]:
    return {
        "lines": [
            {
                "name": line.name,
                "points": [line.start, line.end],
                "directions": line.directions,
            }
            for line in scene.lines
        ],
        "zones": [
            {"name": zone.name, "points": zone.corners} for zone in scene.zones
        ],
    }


def _scene(given: object, size: Size) -> Scene:
    """Makes a scene of what was drawn.

    Raises:
        InputError: a line or a zone is none.
    """
    lines = [
        build_line(
            shape.get("name"),
            shape.get("points"),
            shape.get("directions"),
            size,
            partial(InputError, f"line {shape.get('name')!r}"),
        )
        for shape in _given(given, "lines")
    ]
    zones = [
        build_zone(
            shape.get("name"),
            shape.get("points"),
            size,
            partial(InputError, f"zone {shape.get('name')!r}"),
        )
        for shape in _given(given, "zones")
    ]
    scene = Scene(tuple(lines), tuple(zones))
    if not scene:
        raise InputError("scene", "is empty", remedy="draw a line or a zone")
    return scene


def _given(given: object, kind: str) -> Sequence[Mapping[str, object]]:
    shapes = given.get(kind, []) if isinstance(given, dict) else None
    if not isinstance(shapes, list) or not all(
        isinstance(shape, dict) for shape in shapes
    ):
        raise InputError("scene", f"its {kind} are no list of objects")
    return shapes
