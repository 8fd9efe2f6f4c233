"""The running totals in a corner of the frame."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from crossline.count.lines import Totals
from crossline.geometry import Image
from crossline.video.text import WHITE, Color, Lettering

_GROUND_SHARE = 0.35
"""Of the picture that shines through the panel."""
_MOST_OF_HEIGHT = 0.4
"""Of the frame: a higher panel leaves its classes out."""
_HEADER: Color = (255, 214, 0)


@dataclass(frozen=True)
class Row:
    """A row of the panel.

    Attributes:
        kind: what it holds.
        cells: name first, then a column per direction.
        class_id: of a class's row.
    """

    kind: Literal["line", "class", "sum"]
    cells: tuple[str, ...]
    class_id: int = 0


def totals_table(totals: Totals, class_names: Mapping[int, str]) -> list[Row]:
    """Returns per line: its name and directions, its classes, their sum."""
    rows = []
    for line, directions in totals.items():
        counts = list(directions.values())
        rows.append(Row("line", (line, *directions)))
        for class_id in sorted(set().union(*counts)):
            cells = (
                class_names[class_id],
                *(str(of[class_id]) for of in counts),
            )
            rows.append(Row("class", cells, class_id))
        sums = (str(of.total()) for of in counts)
        rows.append(Row("sum", ("all", *sums)))
    return rows


def draw_panel(
    image: Image,
    rows: Sequence[Row],
    color_of: Callable[[int], Color],
    lettering: Lettering,
) -> None:
    """Draws a table, darkened picture behind, into the top left corner."""
    if lettering.row * len(rows) > _MOST_OF_HEIGHT * image.shape[0]:
        rows = [row for row in rows if row.kind != "class"]
    if not rows:
        return
    gap = lettering.size
    columns = list(zip(*(row.cells for row in rows), strict=True))
    widths = [max(map(lettering.width_of, column)) for column in columns]
    inset = 2 * lettering.margin
    right = inset + gap + sum(widths) + gap * (len(widths) - 1) + inset
    bottom = lettering.row * len(rows) + 2 * inset
    ground = image[:bottom, :right]
    ground[:] = ground * _GROUND_SHARE
    for number, row in enumerate(rows):
        top = inset + number * lettering.row
        _draw_row(image, row, (inset, top), widths, color_of, lettering)


def _draw_row(
    image: Image,
    row: Row,
    corner: tuple[int, int],
    widths: Sequence[int],
    color_of: Callable[[int], Color],
    lettering: Lettering,
) -> None:
    left, top = corner
    gap = lettering.size
    if row.kind == "class":
        side = round(0.6 * lettering.size)
        middle = top + (lettering.row - side) // 2
        image[middle : middle + side, left : left + side] = color_of(
            row.class_id
        )
    left += gap
    color = _HEADER if row.kind == "line" else WHITE
    for column, (text, width) in enumerate(
        zip(row.cells, widths, strict=True)
    ):
        # Names begin, numbers end at the edge of their column.
        spare = width - lettering.width_of(text) if column else 0
        lettering.write(image, text, left + spare, top, color)
        left += width + gap
