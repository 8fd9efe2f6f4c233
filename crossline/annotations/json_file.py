"""Reading JSON with an error that tells where it breaks."""

import json
from pathlib import Path
from typing import Any

from crossline.errors import InputError
from crossline.files import require_file


def read_json(path: Path) -> Any:
    """Returns the parsed file.

    Raises:
        InputError: missing, empty, not UTF-8, or malformed.
    """
    return parse_json(require_file(path).read_bytes(), path)


def parse_json(data: bytes, source: str | Path) -> Any:
    """Returns parsed UTF-8 JSON, with or without a byte order mark.

    Raises:
        InputError: not UTF-8, or malformed; `source` names it.
    """
    try:
        return json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise InputError(
            source,
            f"is not JSON ({error.msg})",
            place=f"line {error.lineno} column {error.colno}",
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(source, f"is not UTF-8 ({error.reason})") from error
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits; brackets thousands deep.
        raise InputError(source, f"is not JSON ({error})") from error
