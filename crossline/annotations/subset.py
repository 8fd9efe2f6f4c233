"""Which images of a data set to take: by classes, capped, balanced."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from crossline.annotations.balance import Ints, cap, oversample, undersample
from crossline.annotations.categories import find_classes, table_categories
from crossline.annotations.select import without_boxes
from crossline.annotations.table import has_box
from crossline.errors import InputError

Having = Literal["all", "any", "none"]
Balance = Literal["undersample", "oversample"]

_SUMS = ("(none of them)", "(in all)")
"""Rows below those of the classes."""


@dataclass(frozen=True)
class ImageRules:
    """Which images to take of those that there are.

    Attributes:
        classes: names, ids or supercategories; all classes when empty.
        having: images that show all of the classes, any, or none. A crowd
            neither shows its class nor lets it be missing. With no `classes`,
            "any" is every image, those without objects too.
        max_images: in all, not counting repeats; without `balance`, a higher
            number adds to what a lower one drew.
        max_per_class: images that show a class, for each.
        balance: bring the classes' objects within `ratio`, by leaving images
            out or by repeating images.
        ratio: of the most to the least frequent class.
        seed: of the draw.
    """

    classes: Sequence[str] = ()
    having: Having = "any"
    max_images: int | None = None
    max_per_class: int | None = None
    balance: Balance | None = None
    ratio: float = 1.5
    seed: int = 1


@dataclass(frozen=True)
class Choice:
    """Images that were taken.

    Attributes:
        repeats: ``(images,)``, how often each is taken; 0 is left out.
        candidates: how many show the classes as wanted.
        before: images and objects per class, of the candidates.
        after: the same of what is taken, repeats included.
    """

    repeats: Ints
    candidates: int
    before: pd.DataFrame
    after: pd.DataFrame

    def report(self) -> str:
        """Returns a table, before and after, and what it is to one."""
        both = {"before": self.before, "after": self.after}
        lines = [pd.concat(both, axis=1).to_string()]
        classes = len(self.before) - len(_SUMS)
        if classes > 1 and self.before["objects"].any():
            ratios = " before, ".join(map(_ratio, both.values()))
            lines.append(f"Most to least frequent class: {ratios} after.")
        return "\n".join(lines)


def choose_images(
    objects: Ints,
    crowds: Ints,
    names: Sequence[str],
    rules: ImageRules,
    source: str | Path,
) -> Choice:
    """Chooses images by what they show.

    Args:
        objects: of each class, crowds apart, ``(images, classes)``.
        crowds: of each class, ``(images, classes)``.
        names: of the classes, those of the rules alone.
        rules: what to take.
        source: named in errors.

    Raises:
        InputError: no image shows the classes as wanted, or they cannot be
            balanced.
    """
    candidates = _candidates(objects, crowds, rules)
    if not len(candidates):
        raise InputError(
            source, f"has no image that shows {rules.having} of these classes"
        )
    order = np.random.default_rng(rules.seed).permutation(len(candidates))
    drawn = candidates[order]
    if rules.max_per_class is not None:
        shown = (objects[drawn] > 0).astype(np.int64)
        drawn = drawn[cap(shown, rules.max_per_class) > 0]
    repeats = np.zeros(len(objects), np.int64)
    if rules.balance is None:
        repeats[drawn[: rules.max_images]] = 1
    else:
        repeats[drawn] = _balanced(objects[drawn], names, rules, source)
    once = np.bincount(candidates, minlength=len(objects))
    return Choice(
        repeats,
        len(candidates),
        before=_count(objects, once, names),
        after=_count(objects, repeats, names),
    )


def select_images(
    table: pd.DataFrame, source: Path, rules: ImageRules
) -> tuple[pd.DataFrame, Choice]:
    """Takes images of a table, with their boxes of the rules' classes.

    Args:
        table: stays as it is.
        source: named in errors.
        rules: which classes and images.

    Returns:
        The table of what is taken, with its ``repeats``; and the choice,
        images in the order of the table.

    Raises:
        InputError: a class is not there; see also `choose_images`.
    """
    names = find_classes(rules.classes, table_categories(table), source)
    unwanted = has_box(table) & ~table["class"].isin(names)
    wanted = without_boxes(table, unwanted)
    filenames = wanted["filename"].unique()
    objects, crowds = (
        pd.crosstab(boxes["filename"], boxes["class"])
        .reindex(index=filenames, columns=names, fill_value=0)
        .to_numpy(np.int64)
        for boxes in (
            wanted[~wanted["is_crowd"]],
            wanted[wanted["is_crowd"]],
        )
    )
    choice = choose_images(objects, crowds, names, rules, source)
    repeats = wanted["filename"].map(pd.Series(choice.repeats, filenames))
    taken = wanted.assign(repeats=repeats)[repeats > 0]
    return taken.reset_index(drop=True), choice


def _candidates(objects: Ints, crowds: Ints, rules: ImageRules) -> Ints:
    """Returns the places of the images that show the classes as wanted."""
    shown = objects > 0
    if rules.having == "none":
        fitting = ~(shown | (crowds > 0)).any(axis=1)
    elif rules.having == "all":
        fitting = shown.all(axis=1)
    elif rules.classes:
        fitting = shown.any(axis=1)
    else:
        fitting = np.ones(len(shown), bool)
    return np.flatnonzero(fitting)


def _balanced(
    objects: Ints, names: Sequence[str], rules: ImageRules, source: str | Path
) -> Ints:
    for name, count in zip(names, objects.sum(axis=0), strict=True):
        if not count:
            raise InputError(source, f"has no {name} to balance with")
    if rules.balance == "undersample":
        repeats = undersample(objects, rules.ratio, rules.max_images)
        way = "leaving images out"
    else:
        repeats = oversample(objects[: rules.max_images], rules.ratio)
        way = "repeating images"
    if repeats is None:
        raise InputError(
            source,
            f"no {way} brings its {len(names)} classes within "
            f"{rules.ratio:g} : 1",
            remedy="allow a larger --ratio, or balance fewer --classes",
        )
    return np.pad(repeats, (0, len(objects) - len(repeats)))


def _count(objects: Ints, repeats: Ints, names: Sequence[str]) -> pd.DataFrame:
    """Returns images and objects (columns) per class, of none, and in all."""
    shown = objects > 0
    empty = repeats[~shown.any(axis=1)].sum()
    of_class = repeats @ objects
    return pd.DataFrame(
        {
            "images": [*(repeats @ shown), empty, repeats.sum()],
            "objects": [*of_class, 0, of_class.sum()],
        },
        index=[*names, *_SUMS],
    )


def _ratio(counts: pd.DataFrame) -> str:
    objects = counts["objects"].to_numpy()[: -len(_SUMS)]
    if not objects.min():
        return f"{objects.max()} : 0"
    return f"{objects.max() / objects.min():.2f} : 1"
