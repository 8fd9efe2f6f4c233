"""Annotation tables as nobody writes them by hand, for hypothesis."""

from typing import Any

import pandas as pd
from hypothesis import strategies as st

from crossline.annotations.annotation import OBJECT_COLUMNS
from crossline.annotations.table import has_box
from tests.annotations.rows import empty, row, table

_SMALLEST = 0.01
"""Pixels of a box's side: what is left of less is a matter of rounding."""

_words = (
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
    .map(str.strip)
    .filter(bool)
)
_stems = _words.filter(
    lambda word: "/" not in word and not word.startswith(".")
)
_filenames = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "day 1/", "images/", "ä/images/", "labels/"]),
    _stems,
    st.sampled_from([".jpg", ".PNG", ".b.jpeg"]),
)
_class_ids = st.integers(0, 3) | st.integers(0, 99)
_flags = st.booleans()


@st.composite
def _spans(draw: st.DrawFn, length: int) -> tuple[float, float]:
    """Two edges within an image of a length."""
    low = draw(st.floats(0, length - _SMALLEST))
    high = draw(st.floats(low + _SMALLEST, length))
    return low, min(high, length)


@st.composite
def _rows_of_image(
    draw: st.DrawFn, filename: str, class_ids: dict[str, int]
) -> list[Any]:
    width, height = draw(st.tuples(st.integers(1, 400), st.integers(1, 400)))
    of_image = {
        "width": width,
        "height": height,
        "image_id": draw(st.sampled_from(["", "x y", "7", "8", "007"])),
        "repeats": draw(st.sampled_from([1, 1, 3])),
    }
    rows = []
    for name in draw(st.lists(st.sampled_from(sorted(class_ids)), max_size=3)):
        xmin, xmax = draw(_spans(width))
        ymin, ymax = draw(_spans(height))
        box = (xmin, ymin, xmax, ymax)
        of_object = {
            "class_id": class_ids[name],
            "is_crowd": draw(_flags),
            "difficult": draw(_flags),
            "area": draw(st.sampled_from([float("nan"), 1.5, 1e5])),
        }
        rows.append(row(filename, name, box, **of_image, **of_object))
    return rows or [empty(filename, **of_image)]


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """One to three images of up to three boxes each, in any words."""
    class_ids = draw(
        st.dictionaries(_words, _class_ids, min_size=1, max_size=3)
    )
    filenames = draw(st.lists(_filenames, min_size=1, max_size=3, unique=True))
    found = table(
        *(
            row
            for name in filenames
            for row in draw(_rows_of_image(name, class_ids))
        )
    )
    if draw(_flags):
        parts = st.sampled_from(["train", "val", "test"])
        of_image = {name: draw(parts) for name in filenames}
        found["split"] = found["filename"].map(of_image)
    filled = has_box(found)
    for name in OBJECT_COLUMNS:
        if draw(_flags):
            told = draw(st.sampled_from(["1", "Left"]))
            found[name] = filled.map({True: told, False: ""})
    return found
