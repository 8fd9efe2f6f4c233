"""Progress bars of long work: on a terminal only, always on stderr."""

from collections.abc import Iterable
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def progress(
    items: Iterable[T],
    description: str,
    total: int | None = None,
    unit: str = "it",
) -> "tqdm[T]":
    """Wraps `items` in a bar that is silent where stderr is no terminal.

    Bytes, of unit ``B``, are told in kB and MB.
    """
    return tqdm(
        items,
        desc=description,
        total=total,
        unit=unit,
        unit_scale=unit == "B",
        disable=None,
    )
