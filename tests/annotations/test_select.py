"""Which classes stay, under which names, and which images with them."""

from pathlib import Path
from typing import Any

import pytest

from crossline.annotations.select import select_classes
from crossline.errors import InputError
from tests.annotations.rows import classes_of, empty, row, table

SOURCE = Path("street.json")
STREET = table(
    row("both.jpg", "car"),
    row("both.jpg", "person"),
    row("bus.jpg", "bus", class_id=6),
    row("bus.jpg", "bus"),
    empty("none.jpg"),
)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(
            {},
            [
                ("both.jpg", "car"),
                ("both.jpg", "person"),
                ("bus.jpg", "bus"),
                ("bus.jpg", "bus"),
            ],
            id="all classes, no empty image",
        ),
        pytest.param(
            {"classes": ["car"]}, [("both.jpg", "car")], id="one class"
        ),
        pytest.param(
            {"classes": ["car"], "keep_empty": True},
            [("both.jpg", "car"), ("bus.jpg", ""), ("none.jpg", "")],
            id="negatives, one row each",
        ),
        pytest.param(
            {"classes": ["car", "bus"], "rename": {"bus": "car"}},
            [("both.jpg", "car"), ("bus.jpg", "car"), ("bus.jpg", "car")],
            id="two become one",
        ),
        pytest.param(
            {
                "classes": ["car", "person"],
                "rename": {"car": "person", "person": "car"},
            },
            [("both.jpg", "person"), ("both.jpg", "car")],
            id="names are exchanged",
        ),
    ],
)
def test_selects(
    options: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    before = STREET.copy()
    assert classes_of(select_classes(STREET, SOURCE, **options)) == expected
    assert STREET.equals(before)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        pytest.param(
            {"classes": ["persn"]},
            "street.json: has no class 'persn', did you mean 'person'?; it "
            "has bus, car, person",
            id="unknown class",
        ),
        pytest.param(
            {"rename": {"moto": "motorcycle"}}, "no class 'moto'", id="rename"
        ),
    ],
)
def test_a_name_that_is_not_there_is_refused(
    options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(InputError) as error:
        select_classes(STREET, SOURCE, **options)
    assert complaint in str(error.value)


def test_a_table_without_boxes_is_refused() -> None:
    with pytest.raises(InputError, match="no box is left"):
        select_classes(table(empty()), SOURCE)


def test_negatives_alone_may_be_kept() -> None:
    kept = select_classes(table(empty()), SOURCE, keep_empty=True)
    assert classes_of(kept) == [("none.jpg", "")]
