"""Label maps: which id stands for which class, as the API's pbtxt has it.

Ids start at 1, 0 being the background. Maps with gaps are read, since COCO
has them; none are written. The text is protobuf's, of the message
``StringIntLabelMap``; it is declared here again, because the device's side
and the converters read label maps without the Object Detection API.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    message_factory,
    text_format,
)

from crossline.errors import InputError
from crossline.files import require_file, write_text


@dataclass(frozen=True)
class LabelMap:
    """Ids to names and back.

    Attributes:
        names: id, from 1, to unique name, in the order of the ids.
    """

    names: Mapping[int, str]

    @classmethod
    def from_names(cls, names: Iterable[str]) -> "LabelMap":
        """Numbers the names from 1."""
        return cls(dict(enumerate(names, 1)))

    @functools.cached_property
    def _ids(self) -> dict[str, int]:
        return {name: id_ for id_, name in self.names.items()}

    def id_of(self, name: str) -> int:
        """Returns the id of a class.

        Raises:
            KeyError: there is none of this name; its message lists the
                known ones and suggests the nearest.
        """
        if name in self._ids:
            return self._ids[name]
        known_names = list(self.names.values())
        near = get_close_matches(name, known_names, n=1)
        hint = f", did you mean {near[0]!r}?" if near else ""
        raise KeyError(
            f"unknown class {name!r}{hint} (known: {', '.join(known_names)})"
        )


def read_label_map(path: Path) -> LabelMap:
    """Reads a pbtxt; a ``display_name`` goes before a ``name``.

    Raises:
        InputError: missing or empty, not of the format, an id below 1, or a
            double id or name.
    """
    require_file(path, remedy="make one with scripts/make_label_map.py")
    names: dict[int, str] = {}
    for item in _parse(path).item:
        name = item.display_name or item.name
        problem = _problem(item.id, name, names)
        if problem:
            raise InputError(
                path, problem, remedy="ids count from 1, once each"
            )
        names[item.id] = name
    if not names:
        raise InputError(path, "has no item")
    return LabelMap(dict(sorted(names.items())))


def write_label_map(label_map: LabelMap, path: Path) -> None:
    """Writes a pbtxt.

    Raises:
        ValueError: the ids are not 1 to n.
    """
    if sorted(label_map.names) != list(range(1, len(label_map.names) + 1)):
        raise ValueError(f"ids with gaps: {sorted(label_map.names)}")
    message = _label_map_message()
    for id_, name in label_map.names.items():
        message.item.add(id=id_, name=name)
    write_text(path, text_format.MessageToString(message, as_utf8=True))


def _parse(path: Path) -> Any:
    message = _label_map_message()
    try:
        text = path.read_text(encoding="utf-8-sig")
        # The API's items have fields that no detector of ours needs.
        text_format.Parse(text, message, allow_unknown_field=True)
    except UnicodeDecodeError as error:
        raise InputError(path, f"is not UTF-8 ({error.reason})") from error
    except text_format.ParseError as error:
        line, column = error.GetLine(), error.GetColumn()
        raise InputError(
            path,
            f"is not a label map ({str(error).partition(' : ')[2]})",
            place=f"line {line} column {column}" if line else None,
            remedy='expected item { id: 1 name: "person" } ...',
        ) from error
    return message


def _problem(id_: int, name: str, names: Mapping[int, str]) -> str | None:
    if id_ < 1:
        return f"id {id_} of {name!r} is below 1"
    if not name:
        return f"id {id_} has no name"
    if id_ in names:
        return f"id {id_} stands for {names[id_]!r} and {name!r}"
    if name in names.values():
        return f"{name!r} has two ids"
    return None


def _label_map_message() -> Any:
    """Returns an empty StringIntLabelMap.

    In a pool of its own: the API registers the same names in the default
    one when it is imported.
    """
    types = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="label_map.proto")
    item = file.message_type.add(name="StringIntLabelMapItem")
    optional = types.LABEL_OPTIONAL
    for number, name, kind in (
        (1, "name", types.TYPE_STRING),
        (2, "id", types.TYPE_INT32),
        (3, "display_name", types.TYPE_STRING),
    ):
        item.field.add(name=name, number=number, type=kind, label=optional)
    file.message_type.add(name="StringIntLabelMap").field.add(
        name="item",
        number=1,
        type=types.TYPE_MESSAGE,
        type_name="StringIntLabelMapItem",
        label=types.LABEL_REPEATED,
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    descriptor = pool.FindMessageTypeByName("StringIntLabelMap")
    return message_factory.GetMessageClass(descriptor)()
