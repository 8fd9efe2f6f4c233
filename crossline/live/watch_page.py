"""A local page that shows what is being watched."""

from flask import Flask, Response, render_template

from crossline.live.view import LiveView


def watch_page(view: LiveView, title: str) -> Flask:
    """Returns the app: ``/`` is the page, ``/live`` its moving picture.

    Args:
        view: of what is watched.
        title: of the page.
    """
    app = Flask(__name__)

    @app.get("/")
    def page() -> str:
        return render_template("watch.html", title=title)

    @app.get("/live")
    def live() -> Response:
        return view.response()

    return app
