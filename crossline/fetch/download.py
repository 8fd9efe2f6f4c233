"""One file from the net: checked, resumed, there whole or not at all."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter

from crossline.errors import InputError
from crossline.progress import progress

ATTEMPTS = 5
_FIRST_PAUSE_S = 0.5
_TIMEOUT_S = (10, 60)  # to connect, between two packets
_CHUNK = 1 << 16
"""Bytes; of a broken connection, up to so many that arrived are lost."""
_BAR_FROM = 1 << 24
"""Images come by the thousand; only big files get a bar of their own."""
_WORTH_RETRYING = (408, 416, 429, 500, 502, 503, 504)
_NO_URL = (
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
)


def new_session(connections: int = 1) -> requests.Session:
    """Returns a session that keeps so many connections open."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=connections))
    return session


def download(
    url: str,
    path: Path,
    check: Callable[[Path], object],
    session: requests.Session | None = None,
) -> None:
    """Fetches a URL into a file.

    What has arrived stays in ``.NAME.part`` when a connection or the program
    breaks, and the next attempt, or the next call, goes on from there as long
    as the server says that the file is still the same one.

    Args:
        url: HTTP or HTTPS.
        path: of the file; appears when it has its full length and passed.
        check: raises `InputError` where what has arrived is damaged.
        session: shared by many downloads; one of its own when None.

    Raises:
        InputError: the server refuses, or `ATTEMPTS` attempts have failed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    session = session or new_session()
    problem = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(_FIRST_PAUSE_S * 2 ** (attempt - 1))
        try:
            _receive(url, part, session)
            check(part)
        except _NO_URL as error:
            raise InputError(url, f"is no URL ({error})") from error
        except requests.RequestException as error:
            _require_hope(url, error)
            problem = _reason(error)
        except InputError as error:
            _forget(part)
            problem = f"it arrived damaged: {error.problem}"
        else:
            # First, or a kill in between would leave it for ever.
            _version_file(part).unlink(missing_ok=True)
            part.replace(path)
            return
    raise InputError(
        url,
        f"cannot be downloaded ({problem})",
        remedy="check the network; run again to go on",
    )


def _receive(url: str, part: Path, session: requests.Session) -> None:
    """Makes one attempt to complete `part`."""
    have, headers = _what_is_there(part)
    # A packed transfer would make lengths and ranges mean something else.
    headers["Accept-Encoding"] = "identity"
    with session.get(
        url, headers=headers, stream=True, timeout=_TIMEOUT_S
    ) as response:
        if response.status_code == 416:
            _forget(part)
        response.raise_for_status()
        if response.status_code != requests.codes.partial_content:
            have = 0
            _start_over(part, response)
        length = response.headers.get("Content-Length", "")
        total = have + int(length) if length.isdecimal() else None
        _write(response, part, have, total)
    size = part.stat().st_size
    if total is not None and size != total:
        raise requests.ConnectionError(f"{size} of {total} bytes arrived")


def _write(
    response: requests.Response, part: Path, have: int, total: int | None
) -> None:
    chunks = response.iter_content(_CHUNK)
    if total and total >= _BAR_FROM:
        chunks = _counted(chunks, part.name[1:-5], have, total)
    with part.open("ab" if have else "wb") as file:
        for chunk in chunks:
            file.write(chunk)


def _counted(
    chunks: Iterable[bytes], name: str, have: int, total: int
) -> Iterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    with progress(nothing, name, total, "B") as bar:
        bar.update(have)
        for chunk in chunks:
            yield chunk
            bar.update(len(chunk))


def _what_is_there(part: Path) -> tuple[int, dict[str, str | bytes]]:
    """Returns the bytes of an earlier attempt, and how to ask for more."""
    version = _version_file(part)
    if not (part.is_file() and version.is_file()):
        return 0, {}
    have = part.stat().st_size
    if not have:
        return 0, {}
    return have, {
        "Range": f"bytes={have}-",
        "If-Range": version.read_text(encoding="utf-8"),
    }


def _start_over(part: Path, response: requests.Response) -> None:
    """Keeps only what tells the server's file from a later one (RFC 9110)."""
    _forget(part)
    etag = response.headers.get("ETag", "W/")
    changed = response.headers.get("Last-Modified", "")
    version = changed if etag.startswith("W/") else etag
    if version:
        _version_file(part).write_text(version, encoding="utf-8")


def _require_hope(url: str, error: requests.RequestException) -> None:
    response = error.response
    if response is None or response.status_code in _WORTH_RETRYING:
        return
    raise InputError(
        url,
        f"the server says {response.status_code} {response.reason}",
        remedy="check the name",
    ) from error


def _reason(error: requests.RequestException) -> str:
    """Returns the innermost of the errors that requests wraps."""
    inner = error.args[0] if error.args else error
    return str(getattr(inner, "reason", inner))


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _version_file(part).unlink(missing_ok=True)


def _version_file(part: Path) -> Path:
    return part.with_suffix(".version")
