"""The lines and zones of a scene in a YAML file.

lines:
  gate:
    points: [[0.5, 0], [0.5, 1]]
    directions: [in, out]
zones:
  yard:
    points: [[0.1, 0.2], [0.6, 0.2], [0.6, 0.9]]
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from crossline.count.lines import Line
from crossline.count.scene import (
    Refusal,
    Scene,
    Size,
    build_line,
    build_zone,
    parse_line,
    parse_zone,
)
from crossline.count.zones import Zone
from crossline.errors import InputError
from crossline.files import require_file, write_text
from crossline.track.tracker import Point

_DECIMALS = 4
"""Of a fraction: a tenth of a pixel of a frame of 1,000."""
_KEYS = {
    "lines": {"points": True, "directions": False},
    "zones": {"points": True},
}
"""Of each kind; whether they must be there."""


def read_scene(path: Path, width: int, height: int) -> Scene:
    """Reads a YAML file, see the module.

    Args:
        path: the file.
        width: of the frame, pixels.
        height: of the frame, pixels.

    Raises:
        InputError: no such file, no YAML, or a line or zone that is none;
            with the number of the line in the file.
    """
    data = require_file(path).read_bytes()
    try:
        # The base loader takes all for text: a direction may be called "on".
        loader = yaml.BaseLoader(data.decode("utf-8-sig"))
        shapes = list(_read_shapes(loader, path, (width, height)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise InputError(
            path,
            f"is not YAML ({error.problem})",
            place=_line(mark) if mark else None,
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(path, f"is not YAML ({error})") from error
    if not shapes:
        raise InputError(path, "holds neither lines nor zones")
    return Scene(
        tuple(shape for shape in shapes if isinstance(shape, Line)),
        tuple(shape for shape in shapes if isinstance(shape, Zone)),
    )


def scene_of(
    lines: Sequence[str],
    zones: Sequence[str],
    path: Path | None,
    width: int,
    height: int,
) -> Scene:
    """Returns what the texts of a command line and a YAML file name.

    Args:
        lines: see `parse_line`.
        zones: see `parse_zone`.
        path: see `read_scene`; None for no file.
        width: of the frame, pixels.
        height: of the frame, pixels.

    Raises:
        InputError: one of them is not what it should be.
    """
    named = Scene(
        tuple(parse_line(text, width, height) for text in lines),
        tuple(parse_zone(text, width, height) for text in zones),
    )
    return named + read_scene(path, width, height) if path else named


def write_scene(path: Path, scene: Scene, width: int, height: int) -> None:
    """Writes a YAML file that `read_scene` reads, see `scene_text`."""
    write_text(path, scene_text(scene, width, height))


def scene_text(scene: Scene, width: int, height: int) -> str:
    """Returns the YAML of a scene, in fractions of the frame.

    What leaves the frame is in pixels: no fraction is below 0 or above 1.
    """

    def numbers(points: Sequence[Point]) -> list[list[float]]:
        if not all(0 <= x <= width and 0 <= y <= height for x, y in points):
            return [[float(x), float(y)] for x, y in points]
        return [
            [round(x / width, _DECIMALS), round(y / height, _DECIMALS)]
            for x, y in points
        ]

    lines = {
        line.name: {
            "points": numbers((line.start, line.end)),
            "directions": [*line.directions],
        }
        for line in scene.lines
    }
    zones = {
        zone.name: {"points": numbers(zone.corners)} for zone in scene.zones
    }
    document = {"lines": lines, "zones": zones}
    return yaml.safe_dump(
        {kind: shapes for kind, shapes in document.items() if shapes},
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
    )


def _read_shapes(
    loader: yaml.BaseLoader, path: Path, size: Size
) -> Iterator[Line | Zone]:
    places: dict[str, str] = {}
    root = loader.get_single_node()
    for kind, shapes in _entries(root, path) if root else ():
        if kind.value not in _KEYS:
            raise InputError(
                path,
                f"knows no {kind.value!r}",
                place=_line(kind.start_mark),
                remedy=f"there may be {' and '.join(_KEYS)}",
            )
        for name, node in _entries(shapes, path):
            place = _line(name.start_mark)
            if name.value in places:
                raise InputError(
                    path,
                    f"name {name.value!r} is taken by {places[name.value]}",
                    place=place,
                    remedy="give each line and zone a name of its own",
                )
            places[name.value] = place
            refuse = partial(InputError, path, place=f"{place} ({name.value})")
            values = loader.construct_object(node, deep=True)
            _check_keys(values, _KEYS[kind.value], refuse)
            yield (
                build_line(
                    name.value,
                    values["points"],
                    values.get("directions"),
                    size,
                    refuse,
                )
                if kind.value == "lines"
                else build_zone(name.value, values["points"], size, refuse)
            )


def _entries(
    node: Any, path: Path
) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """Yields key and value of a mapping; nothing of an empty place."""
    if isinstance(node, yaml.ScalarNode) and not node.value:
        return
    is_mapping = isinstance(node, yaml.MappingNode)
    for key, value in node.value if is_mapping else [(node, node)]:
        if not is_mapping or not isinstance(key, yaml.ScalarNode):
            raise InputError(
                path,
                "is no mapping of names",
                place=_line(key.start_mark),
                remedy="write NAME: and what belongs to it below",
            )
        yield key, value


def _check_keys(values: Any, keys: dict[str, bool], refuse: Refusal) -> None:
    expected = f"it has {' and '.join(keys)}"
    if not isinstance(values, dict):
        raise refuse(f"is {values!r}", remedy=expected)
    for key in values:
        if key not in keys:
            raise refuse(f"knows no {key!r}", remedy=expected)
    for key, is_needed in keys.items():
        if is_needed and key not in values:
            raise refuse(f"has no {key}", remedy=expected)


def _line(mark: yaml.Mark) -> str:
    return f"line {mark.line + 1}"
