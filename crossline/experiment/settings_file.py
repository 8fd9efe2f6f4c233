"""Reading and writing an experiment's YAML; every fault is one line."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from crossline.errors import InputError
from crossline.experiment.settings import Experiment
from crossline.files import require_file, write_text

Override = tuple[str, Any]
"""A dotted key and its value."""


def read_experiment(
    path: Path, overrides: Sequence[Override] = ()
) -> Experiment:
    """Reads a YAML and checks it.

    Args:
        path: of the YAML.
        overrides: keys to set, in their order; see `parse_override`.

    Raises:
        InputError: it is no YAML, or a key or a value is wrong. The line
            names the key, and the nearest one that there is.
    """
    require_file(path)
    return _checked(_load(path), path, overrides, "--set")


def changed(
    experiment: Experiment, overrides: Sequence[Override], given_by: str
) -> Experiment:
    """Returns an experiment with other values for some keys.

    Args:
        experiment: stays as it is.
        overrides: as in `read_experiment`.
        given_by: what a fault of them is told of.

    Raises:
        InputError: a key or a value is wrong.
    """
    values = experiment.model_dump(mode="json")
    return _checked(values, given_by, overrides, given_by)


def write_experiment(experiment: Experiment, path: Path) -> None:
    """Writes every key, defaults included, whole or not at all."""
    write_text(path, to_yaml(experiment))


def to_yaml(experiment: Experiment) -> str:
    """Returns the text of every key, defaults included."""
    return yaml.safe_dump(experiment.model_dump(mode="json"), sort_keys=False)


def parse_override(text: str) -> Override:
    """Parses ``a.b=c``; the value is YAML.

    Raises:
        ValueError: it is something else.
    """
    key, equals, value = text.partition("=")
    if not (key.strip() and equals):
        raise ValueError(f"{text!r} is not KEY=VALUE")
    try:
        return key.strip(), yaml.load(value, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ValueError(f"{value!r} is no YAML ({_reason(error)})") from error


def known_keys(model: type[BaseModel] = Experiment) -> Iterator[str]:
    """Yields every dotted key that has a value."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (f"{name}.{key}" for key in known_keys(kind))
        else:
            yield name


class _Loader(yaml.SafeLoader):
    """YAML 1.2's scalars: ``1e-3`` is a number, ``no`` is a word."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key} is there twice", node.start_mark
                )
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:float")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)


def _load(path: Path) -> dict[str, Any]:
    try:
        values = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            path,
            f"is no YAML ({_reason(error)})",
            place=f"line {mark.line + 1}" if mark else None,
        ) from error
    if not isinstance(values, dict):
        raise InputError(
            path, "holds no keys", remedy="see docs/experiments.md"
        )
    return values


def _checked(
    values: dict[str, Any],
    source: str | Path,
    overrides: Sequence[Override],
    given_by: str,
) -> Experiment:
    for key, value in overrides:
        _set(values, key, value)
    try:
        return Experiment.model_validate(values)
    except ValidationError as error:
        given = {key for key, _ in overrides}
        raise _input_error(error, source, given, given_by) from error


def _set(values: dict[str, Any], key: str, value: Any) -> None:
    *sections, name = key.split(".")
    for section in sections:
        inner = values.get(section)
        values[section] = dict(inner) if isinstance(inner, Mapping) else {}
        values = values[section]
    values[name] = value


def _reason(error: Exception) -> str:
    return getattr(error, "problem", None) or str(error).partition("\n")[0]


def _input_error(
    error: ValidationError,
    path: str | Path,
    given: Iterable[str],
    given_by: str,
) -> InputError:
    first, *others = error.errors(include_url=False)
    key = ".".join(map(str, first["loc"]))
    more = f" ({len(others)} more such faults)" if others else ""
    if first["type"] == "extra_forbidden":
        problem, remedy = "is no key", _suggestion(key)
    elif first["type"] == "missing":
        problem, remedy = "is missing", "write it"
    else:
        message = first["msg"].removeprefix("Value error, ")
        message = message[0].lower() + message[1:]
        is_section = isinstance(first["input"], Mapping)
        found = "" if is_section else f"{first['input']!r}: "
        problem, remedy = f"{found}{message}", None
    is_given = any(f"{key}.".startswith(f"{name}.") for name in given)
    source = given_by if is_given else path
    return InputError(source, f"{problem}{more}", place=key, remedy=remedy)


def _suggestion(key: str) -> str:
    """Names the nearest key: of the section, else of all."""
    section, _, name = key.rpartition(".")
    known = [*known_keys(), *Experiment.model_fields]
    beside = {
        each.removeprefix(f"{section}.").partition(".")[0]: None
        for each in known
        if each.startswith(f"{section}." if section else "")
    }
    if near := get_close_matches(name, beside, n=1):
        return f"did you mean {near[0]}?"
    elsewhere = {each.rpartition(".")[2]: each for each in known}
    if near := get_close_matches(name, elsewhere, n=1):
        return f"did you mean {elsewhere[near[0]]}?"
    return f"the keys here are {', '.join(beside)}"
