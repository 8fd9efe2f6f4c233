"""The local page: what the camera sees, a button per class, the counts."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, abort, render_template, request

from crossline.capture.collection import Collection
from crossline.capture.triggers import Requests
from crossline.live.view import LiveView


def capture_page(
    collection: Collection, requests: Requests, view: LiveView
) -> Flask:
    """Returns the app.

    ``/`` is the page, ``/live`` its moving picture, ``/status`` the counts;
    ``POST /capture`` with the JSON ``{"class": NAME}`` asks for a frame. It
    has to be JSON, which a stranger's page cannot post here.

    Args:
        collection: is shown, and not changed.
        requests: take the presses of buttons.
        view: of the camera.
    """
    app = Flask(__name__)

    @app.get("/")
    def page() -> str:
        return render_template("capture.html", names=list(collection.targets))

    @app.get("/live")
    def live() -> Response:
        return view.response()

    @app.get("/status")
    def status() -> Mapping[str, Any]:
        return {
            "counts": collection.counts,
            "targets": collection.targets,
            "left_out": dict(collection.left_out),
            "last": collection.last,
        }

    @app.post("/capture")
    def capture() -> tuple[str, int]:
        asked = request.get_json()
        name = asked.get("class") if isinstance(asked, dict) else None
        if not isinstance(name, str) or name not in collection.targets:
            abort(404, f"no class {name!r}")
        requests.ask(name)
        return "", 202

    return app
