"""One HTML page that carries its pictures with it.

Reports are made of a few kinds of blocks, so that all of them look alike and
none writes HTML. The page is one file, needs no network, and can be mailed.
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from crossline.files import write_text
from crossline.geometry import Image

_JPEG_QUALITY = 88


@dataclass(frozen=True)
class Mark:
    """A value that is judged: drawn in green or in red.

    Attributes:
        text: what is shown.
        good: how it is judged.
    """

    text: str
    good: bool


Cell = str | int | float | Mark
"""Of a table; numbers are set to the right, and shown as they are."""


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Code:
    """Lines as they are: a command, a file's beginning."""

    text: str


@dataclass(frozen=True)
class Figures:
    """The few values that one looks for first, large, with what they are."""

    values: Sequence[tuple[str, Cell]]


@dataclass(frozen=True)
class Table:
    """Rows of cells under their columns' names."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture inside the page; see `picture` and `plot`.

    Attributes:
        uri: the picture itself, as a data URI.
        caption: stands below it.
    """

    uri: str
    caption: str = ""


@dataclass(frozen=True)
class Gallery:
    """Pictures beside each other, as many in a row as the window holds.

    Attributes:
        pictures: in their order.
        width: of each, CSS pixels; they shrink with the window.
    """

    pictures: Sequence[Picture]
    width: int = 320


Block = Text | Code | Figures | Table | Picture | Gallery


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: Sequence[Block]


def picture(image: Image, caption: str = "") -> Picture:
    """Returns an RGB image as a JPEG."""
    _, encoded = cv2.imencode(
        ".jpg",
        cv2.cvtColor(image, cv2.COLOR_RGB2BGR),
        [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY],
    )
    return Picture(_data_uri("image/jpeg", encoded.tobytes()), caption)


def plot(figure: Figure, caption: str = "") -> Picture:
    """Returns a matplotlib figure as SVG.

    Make it as ``Figure(...)``, not by pyplot, which keeps every figure.
    """
    drawing = io.BytesIO()
    figure.savefig(drawing, format="svg", bbox_inches="tight")
    return Picture(_data_uri("image/svg+xml", drawing.getvalue()), caption)


def write_page(
    path: Path, title: str, lead: str, sections: Sequence[Section]
) -> None:
    """Writes the page, whole or not at all.

    Args:
        path: where; by convention it ends in ``.html``.
        title: of the window and the page.
        lead: one or two sentences below the title: what this is about.
        sections: in their order.
    """
    templates = Environment(
        loader=PackageLoader("crossline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = templates.get_template("page.html")
    write_text(path, template.render(title=title, lead=lead, parts=sections))


def _data_uri(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
