"""Reading JSON with an error that tells where it breaks."""

import json
import re
from pathlib import Path
from typing import Any

from crossline.errors import InputError
from crossline.files import require_file

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""Two of them are a character; one could not be written again."""


def read_json(path: Path) -> Any:
    """Returns the parsed file.

    Raises:
        InputError: missing, empty, not UTF-8, malformed, or a key is there
            twice in an object.
    """
    return parse_json(require_file(path).read_bytes(), path)


def parse_json(data: bytes, source: str | Path) -> Any:
    """Returns parsed UTF-8 JSON, with or without a byte order mark.

    Raises:
        InputError: not UTF-8, malformed, or a key is there twice in an
            object; `source` names it.
    """
    try:
        text = data.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_object)
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


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuses what Python would drop: the first of two values of a key."""
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"an object has two values of {twice!r}")
    return values
