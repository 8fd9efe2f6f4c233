"""Balance: within the ratio whenever that can be, at the least cost."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossline.annotations.balance import Ints, cap, oversample, undersample


def tables(most_images: int, largest: int) -> st.SearchStrategy[Ints]:
    """Counts of a few images of one to three classes."""

    def of_width(classes: int) -> st.SearchStrategy[list[list[int]]]:
        counts = st.integers(0, largest)
        row = st.lists(counts, min_size=classes, max_size=classes)
        return st.lists(row, min_size=1, max_size=most_images)

    return st.integers(1, 3).flatmap(of_width).map(lambda c: np.array(c))


def is_within(objects: Ints, ratio: float) -> bool:
    return bool(objects.min() > 0 and objects.max() <= ratio * objects.min())


def worth(repeats: Ints, counts: Ints) -> float:
    """Images, and a tenth of the objects of the rarest class."""
    rarest = int((repeats @ counts).min())
    return round(int(repeats.sum()) + rarest / 10, 6)


def of(*rows: tuple[int, ...]) -> Ints:
    return np.array(rows, np.int64)


@given(tables(8, 5), st.sampled_from([1.0, 1.5, 2.0, 3.2]))
def test_leaves_out_no_image_more_than_it_must(
    counts: Ints, ratio: float
) -> None:
    possible = [
        np.array(choice)
        for choice in itertools.product((0, 1), repeat=len(counts))
        if is_within(np.array(choice) @ counts, ratio)
    ]
    repeats = undersample(counts, ratio)
    if not possible:
        assert repeats is None
        return
    assert repeats is not None
    assert set(repeats.tolist()) <= {0, 1}
    assert is_within(repeats @ counts, ratio)
    assert worth(repeats, counts) == max(worth(c, counts) for c in possible)
    assert repeats.sum() >= max(choice.sum() for choice in possible) - 1


@given(tables(4, 4), st.sampled_from([1.0, 1.5, 2.0]))
def test_repeats_no_image_twice_as_often_as_it_must(
    counts: Ints, ratio: float
) -> None:
    possible = [
        max(choice)
        for choice in itertools.product((1, 2, 3, 4), repeat=len(counts))
        if is_within(np.array(choice) @ counts, ratio)
    ]
    repeats = oversample(counts, ratio)
    if possible:
        assert repeats is not None
        assert repeats.max() < 2 * min(possible)
    if repeats is not None:
        assert repeats.min() >= 1
        assert is_within(repeats @ counts, ratio)


@pytest.mark.parametrize(
    ("counts", "options", "expected"),
    [
        pytest.param(
            of((1, 0), (1, 0), (1, 0), (0, 2)),
            {},
            [1, 1, 1, 1],
            id="balanced as it is",
        ),
        pytest.param(
            of((1, 0), (1, 0), (1, 0), (0, 1), (0, 1)),
            {"ratio": 1},
            [1, 1, 0, 1, 1],
            id="the first of those that are alike stay",
        ),
        pytest.param(
            of((9, 0), (1, 0), (1, 0), (1, 0), (0, 2)),
            {},
            [0, 1, 1, 1, 1],
            id="one crowded image costs less than three",
        ),
        pytest.param(
            of((4, 1), (1, 1), (2, 2)),
            {},
            [0, 1, 1],
            id="an image of both may be too one-sided",
        ),
        pytest.param(
            of((3, 0), (0, 2), (0, 4)),
            {},
            [1, 0, 1],
            id="rather more rare ones",
        ),
        pytest.param(
            of((9, 0), (0, 0), (1, 1)),
            {},
            [0, 1, 1],
            id="an empty image weighs nothing",
        ),
        pytest.param(of((3, 0), (5, 1)), {}, None, id="cannot be"),
        pytest.param(of((3, 0), (5, 0)), {}, None, id="no object of one"),
        pytest.param(of((3,), (0,)), {}, [1, 1], id="one class"),
    ],
)
def test_undersamples(
    counts: Ints, options: dict[str, Any], expected: list[int] | None
) -> None:
    repeats = undersample(counts, **{"ratio": 1.5, **options})
    assert (None if repeats is None else repeats.tolist()) == expected


@pytest.mark.parametrize(
    ("counts", "ratio", "expected"),
    [
        pytest.param(of((6, 0), (0, 1)), 1.5, [1, 4], id="the rare one"),
        pytest.param(
            of((6, 0), (0, 1), (0, 1), (0, 1)),
            1.5,
            [1, 2, 1, 1],
            id="evenly, the first ones once more",
        ),
        pytest.param(
            of((9, 0), (1, 2)), 1.0, [1, 9], id="what comes along counts"
        ),
        pytest.param(
            of((9, 0), (0, 5), (0, 1)),
            1.5,
            [1, 1, 1],
            id="enough as it is",
        ),
        pytest.param(
            of((40, 0), (0, 5), (0, 2)),
            1.0,
            [1, 6, 5],
            id="shared",
        ),
        pytest.param(of((9, 0), (2, 1)), 1.5, None, id="cannot be"),
    ],
)
def test_oversamples(
    counts: Ints, ratio: float, expected: list[int] | None
) -> None:
    repeats = oversample(counts, ratio)
    assert (None if repeats is None else repeats.tolist()) == expected


def street(images: int = 20_000) -> Ints:
    """Persons in most images, motorcycles in one of twelve, often both."""
    generator = np.random.default_rng(1)
    crowds = generator.poisson(generator.gamma(0.5, 5, images))
    rides = generator.poisson(0.08 * generator.gamma(0.5, 4, images))
    return np.stack([crowds, rides], axis=1)


@pytest.mark.parametrize("most", [50, 1000, 10_000])
def test_a_cap_is_met_by_a_part_that_is_like_the_whole(most: int) -> None:
    counts = street()
    every = undersample(counts, 1.5)
    part = undersample(counts, 1.5, most)
    assert every is not None
    assert part is not None
    assert part.sum() == min(most, every.sum())
    assert is_within(part @ counts, 1.5)
    if most == 1000:
        empty = ~counts.any(axis=1)
        shares = [r[empty].sum() / r.sum() for r in (every, part)]
        assert shares[0] == pytest.approx(shares[1], abs=0.05)


@given(tables(7, 1), st.integers(1, 4))
def test_capped_classes_are_as_full_as_can_be(counts: Ints, most: int) -> None:
    taken = cap(counts, most)
    assert (taken @ counts).max() <= most
    assert taken[~counts.any(axis=1)].all()
    possible = [
        np.array(choice) @ counts
        for choice in itertools.product((0, 1), repeat=len(counts))
    ]
    fullest = max(shown.sum() for shown in possible if shown.max() <= most)
    assert (taken @ counts).sum() == fullest
