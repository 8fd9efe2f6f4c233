"""Which images of a table are taken, and what of them."""

import itertools
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crossline.annotations.coco import read_coco
from crossline.annotations.subset import ImageRules, select_images
from crossline.annotations.table import check_table
from crossline.errors import InputError
from tests.annotations.rows import (
    classes_of,
    empty,
    require_shared,
    row,
    table,
)

SOURCE = Path("all.csv")
STREET = table(
    row("both.jpg", "person", class_id=1),
    row("both.jpg", "car", class_id=3),
    row("person.jpg", "person", class_id=1),
    row("person.jpg", "person", class_id=1),
    row("crowd.jpg", "person", class_id=1, is_crowd=True),
    row("bus.jpg", "bus", class_id=6),
    row("bus.jpg", "person", class_id=1, is_crowd=True),
    empty("none.jpg"),
)


def taken(annotations: pd.DataFrame = STREET, **rules: Any) -> list[str]:
    rows, _ = select_images(annotations, SOURCE, ImageRules(**rules))
    check_table(rows, SOURCE)
    return list(rows["filename"].unique())


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param(
            {},
            ["both.jpg", "person.jpg", "crowd.jpg", "bus.jpg", "none.jpg"],
            id="every image",
        ),
        pytest.param(
            {"classes": ["person"]},
            ["both.jpg", "person.jpg"],
            id="a crowd alone does not show its class",
        ),
        pytest.param(
            {"classes": ["vehicle", "1"]},
            ["both.jpg", "person.jpg", "bus.jpg"],
            id="supercategory and id",
        ),
        pytest.param(
            {"classes": ["person", "car"], "having": "all"},
            ["both.jpg"],
            id="all",
        ),
        pytest.param(
            {"classes": ["person"], "having": "none"},
            ["none.jpg"],
            id="a crowd is not nothing",
        ),
        pytest.param(
            {"classes": ["car"], "having": "none"},
            ["person.jpg", "crowd.jpg", "bus.jpg", "none.jpg"],
            id="none",
        ),
        pytest.param({"having": "none"}, ["none.jpg"], id="none of any"),
    ],
)
def test_takes_images_by_what_they_show(
    rules: dict[str, Any], expected: list[str]
) -> None:
    before = STREET.copy()
    assert taken(**rules) == expected
    assert STREET.equals(before)


def test_boxes_of_the_classes_stay_and_crowds_stay_crowds() -> None:
    rules = ImageRules(["person", "bus"])
    rows, _ = select_images(STREET, SOURCE, rules)
    assert classes_of(rows) == [
        ("both.jpg", "person"),
        ("person.jpg", "person"),
        ("person.jpg", "person"),
        ("bus.jpg", "bus"),
        ("bus.jpg", "person"),
    ]
    assert rows["is_crowd"].tolist() == [False] * 4 + [True]


def test_images_without_the_classes_are_negatives() -> None:
    rules = ImageRules(["car"], having="none")
    rows, _ = select_images(STREET, SOURCE, rules)
    assert classes_of(rows) == [
        (name, "")
        for name in ("person.jpg", "crowd.jpg", "bus.jpg", "none.jpg")
    ]


def many(count: int = 60) -> pd.DataFrame:
    """Two persons in each image, a motorcycle too in every sixth."""
    rows = [row(f"{number:02}.jpg", "person") for number in range(count)] * 2
    rows += [
        row(f"{number:02}.jpg", "motorcycle") for number in range(0, count, 6)
    ]
    rows += [row(f"m{number}.jpg", "motorcycle") for number in range(4)]
    return table(*rows)


def test_a_higher_cap_adds_to_what_a_lower_one_drew() -> None:
    by_cap = [set(taken(many(), max_images=cap)) for cap in range(4, 65, 12)]
    for fewer, more in itertools.pairwise(by_cap):
        assert fewer < more
    assert len(by_cap[-1]) == 64


def test_the_seed_decides_which_and_nothing_else_does() -> None:
    draws = [taken(many(), max_images=9, seed=seed) for seed in range(5)]
    assert len(set(map(tuple, draws))) == 5
    assert taken(many(), max_images=9, seed=3) == draws[3]


def test_no_class_has_more_images_than_its_cap() -> None:
    rules = ImageRules(max_per_class=8)
    _, choice = select_images(many(), SOURCE, rules)
    assert choice.after["images"].to_dict() == {
        "motorcycle": 8,
        "person": 8,
        "(none of them)": 0,
        "(in all)": 12,
    }


@pytest.mark.parametrize("seed", range(3))
def test_undersampled_classes_are_within_the_ratio(seed: int) -> None:
    rules = ImageRules(balance="undersample", seed=seed)
    rows, choice = select_images(many(), SOURCE, rules)
    objects = rows["class"].value_counts()
    assert objects.max() <= 1.5 * objects.min()
    assert objects.to_dict() == choice.after["objects"][:2].to_dict()
    assert rows["repeats"].eq(1).all()
    assert choice.before["objects"].tolist() == [14, 120, 0, 134]


def test_balance_and_cap_hold_together() -> None:
    rules = ImageRules(balance="undersample", max_images=5)
    rows, _ = select_images(many(), SOURCE, rules)
    objects = rows["class"].value_counts()
    assert rows["filename"].nunique() == 5
    assert objects.max() <= 1.5 * objects.min()


def test_oversampled_images_keep_their_boxes_once_and_say_how_often() -> None:
    persons = [row(f"{number}.jpg", "person") for number in range(6)]
    rare = [row("rare.jpg", "car"), row("rare.jpg", "car")]
    rows, choice = select_images(
        table(*persons, *rare), SOURCE, ImageRules(balance="oversample")
    )
    assert len(rows) == 8
    assert rows["repeats"].tolist() == [1] * 6 + [2] * 2
    assert choice.after["objects"].tolist() == [4, 6, 0, 10]
    assert choice.after["images"].tolist() == [2, 6, 0, 8]


def test_reports_before_and_after() -> None:
    rules = ImageRules(["person", "motorcycle"], max_images=1, seed=2)
    _, choice = select_images(many(6), SOURCE, rules)
    assert choice.report().splitlines() == [
        "               before          after        ",
        "               images objects images objects",
        "motorcycle          5       5      0       0",
        "person              6      12      1       2",
        "(none of them)      0       0      0       0",
        "(in all)           10      17      1       2",
        "Most to least frequent class: 2.40 : 1 before, 2 : 0 after.",
    ]


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        pytest.param(
            {"classes": ["persn"]}, "did you mean 'person'", id="class"
        ),
        pytest.param(
            {"classes": ["car", "bus"], "having": "all"},
            "all.csv: has no image that shows all of these classes",
            id="no image",
        ),
        pytest.param(
            {
                "classes": ["person"],
                "having": "none",
                "balance": "undersample",
            },
            "has no person to balance with",
            id="nothing to balance",
        ),
        pytest.param(
            {
                "classes": ["person", "car"],
                "having": "all",
                "balance": "oversample",
                "ratio": 1.5,
            },
            "no repeating images brings its 2 classes within 1.5 : 1; allow a "
            "larger --ratio",
            id="cannot be balanced",
        ),
    ],
)
def test_refuses(rules: dict[str, Any], complaint: str) -> None:
    more = table(row("both.jpg", "person"), row("both.jpg", "person"))
    with pytest.raises(InputError) as error:
        taken(pd.concat([STREET, more], ignore_index=True), **rules)
    assert complaint in str(error.value)


@pytest.mark.parametrize("balance", ["undersample", "oversample"])
def test_coco_s_persons_and_motorcycles_come_out_even(balance: Any) -> None:
    path = require_shared("coco/instances.json")
    table, _ = read_coco(path)
    rules = ImageRules(["person", "motorcycle"], balance=balance)
    _, choice = select_images(table, path, rules)
    assert choice.before["objects"].tolist() == [29, 990, 0, 1019]
    motorcycles, persons = choice.after["objects"][:2]
    assert persons <= 1.5 * motorcycles
    assert motorcycles >= 20
