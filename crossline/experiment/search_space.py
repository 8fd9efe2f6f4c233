"""What a sweep varies: keys of the YAML and the values they may take."""

import json
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from crossline.errors import InputError
from crossline.experiment.settings_file import Override

SearchSpace = Mapping[str, BaseDistribution]
"""Distribution by dotted key."""

_RANGE_KEYS = {"low", "high", "log", "step"}
_SOURCE = "--vary"


def search_space(varied: Sequence[Override]) -> SearchSpace:
    """Returns the distributions of what somebody wants varied.

    Args:
        varied: dotted key, and a list of values or a range: ``{low: 1e-4,
            high: 1e-2, log: true}``, whole numbers where both ends are.

    Raises:
        InputError: it is neither, or the range is none.
    """
    return {key: _distribution(key, values) for key, values in varied}


def grid_of(space: SearchSpace) -> list[dict[str, Any]]:
    """Returns every combination.

    Raises:
        InputError: a key has a range, which has no end of values.
    """
    choices = []
    for key, distribution in space.items():
        if not isinstance(distribution, CategoricalDistribution):
            raise InputError(
                _SOURCE,
                "a grid takes lists, not ranges",
                place=key,
                remedy=f"write {key}=[...] or take another --sampler",
            )
        choices.append(distribution.choices)
    return [
        dict(zip(space, values, strict=True)) for values in product(*choices)
    ]


def suggest(trial: optuna.Trial, space: SearchSpace) -> dict[str, Any]:
    """Returns a trial's values; the same however often it is asked."""
    return {
        key: _suggest(trial, key, distribution)
        for key, distribution in space.items()
    }


def overrides_of(values: Mapping[str, Any]) -> list[Override]:
    """Returns Optuna's values as they stand in the YAML."""
    return [
        (key, json.loads(value) if isinstance(value, str) else value)
        for key, value in values.items()
    ]


def _distribution(key: str, values: Any) -> BaseDistribution:
    if isinstance(values, list) and values:
        return CategoricalDistribution([_choice(each) for each in values])
    is_range = isinstance(values, Mapping) and values.keys() <= _RANGE_KEYS
    if not is_range or not {"low", "high"} <= values.keys():
        raise InputError(
            _SOURCE,
            f"{values!r} is no values",
            place=key,
            remedy="write [a, b, c] or {low: 1e-4, high: 1e-2, log: true}",
        )
    ends = (values["low"], values["high"])
    is_whole = all(type(end) is int for end in ends)
    kind = IntDistribution if is_whole else FloatDistribution
    try:
        distribution: BaseDistribution = kind(**values)
    except (ValueError, TypeError) as error:
        raise InputError(_SOURCE, str(error), place=key) from error
    return distribution


def _choice(value: Any) -> Any:
    """Optuna's choices are scalars; text is JSON, to tell it from them."""
    is_plain = value is None or isinstance(value, bool | int | float)
    return value if is_plain else json.dumps(value)


def _suggest(trial: optuna.Trial, key: str, values: BaseDistribution) -> Any:
    if isinstance(values, CategoricalDistribution):
        return trial.suggest_categorical(key, values.choices)
    if isinstance(values, IntDistribution):
        return trial.suggest_int(
            key, values.low, values.high, step=values.step, log=values.log
        )
    assert isinstance(values, FloatDistribution)
    return trial.suggest_float(
        key, values.low, values.high, step=values.step, log=values.log
    )
