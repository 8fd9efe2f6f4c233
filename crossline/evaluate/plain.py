"""Dataclasses and arrays as plain values for JSON."""

import dataclasses
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

NOT_IN_JSON = {"json": False}
"""Metadata of a dataclass's field that is left out."""
_NUMBERS = re.compile(r'\[[^\[\]{}"]*\]')
_DIGITS = 6


def plain(value: Any) -> Any:
    """Returns what JSON can say; NaN, of an array, is null.

    Numbers in arrays are rounded to six digits after the point; single ones
    are kept to the last.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: plain(getattr(value, each.name))
            for each in dataclasses.fields(value)
            if each.metadata.get("json", True)
        }
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray):
        return _without_nan(value.round(_DIGITS).tolist())
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, Path) else value


def json_text(value: Any) -> str:
    """Returns indented JSON, lists of numbers on one line each."""
    text = json.dumps(
        plain(value), indent=2, ensure_ascii=False, allow_nan=False
    )
    return _NUMBERS.sub(lambda found: " ".join(found[0].split()), text) + "\n"


def _without_nan(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nan(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value
