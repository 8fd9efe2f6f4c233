"""Reading JSON with an error that tells where it breaks."""

import json
import re
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

from crossline.errors import InputError
from crossline.files import require_file

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""Two of them are a character; one could not be written again."""


def read_json(path: Path, *, unread: Collection[str] = ()) -> Any:
    """Returns the parsed file.

    Args:
        path: of the file.
        unread: keys of which only whether there is something is kept; the
            outlines of COCO are most of a file, and more in memory.

    Raises:
        InputError: missing, empty, not UTF-8, malformed, or a key is there
            twice in an object.
    """
    return parse_json(require_file(path).read_bytes(), path, unread=unread)


def parse_json(
    data: bytes, source: str | Path, *, unread: Collection[str] = ()
) -> Any:
    """Returns parsed UTF-8 JSON, with or without a byte order mark.

    See `read_json`.

    Raises:
        InputError: not UTF-8, malformed, or a key is there twice in an
            object; `source` names it.
    """
    try:
        text = data.decode("utf-8-sig")
        document = json.loads(
            text, object_pairs_hook=partial(_object, unread=unread)
        )
        if _SURROGATE.search(text):
            json.dumps(document, ensure_ascii=False).encode()
        return document
    except json.JSONDecodeError as error:
        raise InputError(
            source,
            f"is not JSON ({error.msg})",
            place=f"line {error.lineno} column {error.colno}",
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(source, f"is not UTF-8 ({error.reason})") from error
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits; brackets thousands deep; half of
        # a character.
        raise InputError(source, f"is not JSON ({error})") from error


def _object(
    pairs: list[tuple[str, Any]], unread: Collection[str]
) -> dict[str, Any]:
    """Refuses what Python would drop: the first of two values of a key."""
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"an object has two values of {twice!r}")
    for key in unread:
        if key in values:
            values[key] = bool(values[key])
    return values
