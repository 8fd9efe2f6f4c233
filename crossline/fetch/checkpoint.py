"""Checkpoints of the TF2 Object Detection API's model zoo.

An archive holds a folder of the model's name with ``pipeline.config`` and
``checkpoint/ckpt-0.*``. The names:
https://github.com/tensorflow/models/blob/master/research/object_detection/g3doc/tf2_detection_zoo.md
"""

import gzip
import re
import shutil
import stat
import tarfile
import zlib
from pathlib import Path

from crossline.errors import InputError
from crossline.fetch.download import download
from crossline.files import replacing, require_file, scratch
from crossline.run_folders import only_run_in

_CONFIG = "pipeline.config"
_SHARD = f"ckpt-0.data-{'[0-9]' * 5}-of-{'[0-9]' * 5}"
_SUFFIX = ".tar.gz"
_IS_DAMAGE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError)


def fetch_checkpoint(source: str, output: Path, base_url: str) -> Path:
    """Puts a checkpoint of the zoo into ``OUTPUT/NAME``.

    Args:
        source: a folder or an archive, or a name in the zoo. One of the zoo
            that is there already is not fetched again.
        output: folder of the checkpoints.
        base_url: what stands before ``/NAME.tar.gz``.

    Returns:
        The folder, which holds all that `require_checkpoint` asks for.

    Raises:
        InputError: there is no such thing, it is damaged, or no checkpoint;
            or another run is fetching into `output`.
    """
    path = Path(source)
    if path.is_dir():
        return _install(path, output / path.resolve().name)
    if path.is_file():
        return _unpack(path, output)
    if not re.fullmatch(r"\w[\w.-]*", source) or source.endswith(_SUFFIX):
        raise InputError(
            source,
            "no such file or folder",
            remedy="name one, or a model of the zoo",
        )
    folder = output / source
    if folder.is_dir():
        return require_checkpoint(folder)
    archive = output / f"{source}{_SUFFIX}"
    url = f"{base_url.rstrip('/')}/{archive.name}"
    with only_run_in(output):
        download(url, archive, _check_archive)
        folder = _unpack(archive, output)
        archive.unlink()
    return folder


def require_checkpoint(folder: Path) -> Path:
    """Returns `folder`.

    Raises:
        InputError: its ``pipeline.config``, ``checkpoint/ckpt-0.index`` or
            one of the data files that belong to it is missing or empty.
    """
    remedy = "expected the layout of a TF2 model zoo archive"
    require_file(folder / _CONFIG, remedy)
    require_file(folder / "checkpoint" / "ckpt-0.index", remedy)
    shards = sorted((folder / "checkpoint").glob(_SHARD))
    count = int(shards[0].name.rpartition("-")[2]) if shards else 1
    for number in range(count):
        name = f"ckpt-0.data-{number:05d}-of-{count:05d}"
        require_file(folder / "checkpoint" / name, remedy)
    return folder


def _unpack(archive: Path, output: Path) -> Path:
    with scratch(output / archive.name) as folder:
        try:
            with tarfile.open(archive) as file:
                # Refuses what would be written outside the folder.
                file.extractall(folder, filter="data")
        except _IS_DAMAGE as error:
            raise InputError(
                archive, f"cannot be unpacked ({error})"
            ) from error
        configs = list(folder.rglob(_CONFIG))
        if not configs:
            raise InputError(archive, f"holds no {_CONFIG}")
        root = min(configs, key=lambda path: len(path.parts)).parent
        name = archive.name.removesuffix(_SUFFIX)
        if root != folder:
            name = root.name
        return _install(root, output / name)


def _install(folder: Path, target: Path) -> Path:
    """Copies a checkpoint's folder, unless it is there already.

    Raises:
        InputError: it is no checkpoint, or the disk is full.
    """
    require_checkpoint(folder)
    if folder.resolve() != target.resolve():
        with replacing(target) as draft:
            try:
                shutil.copytree(folder, draft)
            except shutil.Error as error:
                _, _, reason = error.args[0][0]
                raise InputError(
                    target, f"cannot be copied ({reason})"
                ) from error
            # A copy of what was read-only could never be replaced.
            for path in (draft, *draft.rglob("*")):
                path.chmod(path.stat().st_mode | stat.S_IWUSR)
    return target


def _check_archive(path: Path) -> None:
    try:
        with tarfile.open(path) as archive:
            archive.getmembers()
    except _IS_DAMAGE as error:
        raise InputError(path, f"is damaged ({error})") from error
