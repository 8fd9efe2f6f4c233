"""Where a YOLO data set has its images and labels, as Ultralytics looks.

Source: https://docs.ultralytics.com/datasets/detect/ and ``check_det_dataset``
of the ``ultralytics`` package, 8.3.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, TypeVar

import yaml

from crossline.annotations.image_paths import SPLITS, is_image
from crossline.errors import InputError
from crossline.files import require_file

AnyPath = TypeVar("AnyPath", bound=PurePath)

NAMES_FILES = ("classes.txt", "obj.names")
"""Of a data set without ``data.yaml``: a class name per line, as labelImg,
Label Studio and CVAT write it."""
_CVAT_FOLDER = re.compile(r"obj_(\w+)_data/")


@dataclass
class Layout:
    """The files of a data set.

    Attributes:
        root: what names of images are relative to.
        names: class number to name.
        splits: image to its part; empty where the parts are the same.
        missing: images and parts that are named but not there, by reason.
    """

    root: Path
    names: dict[int, str]
    splits: dict[Path, str] = field(default_factory=dict)
    missing: Counter[str] = field(default_factory=Counter)

    def filename(self, image: Path) -> str:
        """Returns an image's name relative to the root."""
        return Path(os.path.relpath(image, self.root)).as_posix()


def find_layout(source: Path, images: Path | None = None) -> Layout:
    """Finds the images and classes of a data set.

    Args:
        source: ``data.yaml`` or its folder, or a folder with one of
            `NAMES_FILES`.
        images: where to look first for what ``data.yaml`` names.

    Raises:
        InputError: there is none, it is malformed, or no image is there.
    """
    description = find_description(source)
    if description is None:
        raise InputError(
            source,
            "holds no data.yaml with names",
            remedy=f"expected that, or {' or '.join(NAMES_FILES)}",
        )
    if description.name in NAMES_FILES:
        names = dict(enumerate(_lines(description)))
        layout = Layout(images or source, names)
        layout.splits = {
            image: _split_of(layout.filename(image))
            for image in _images_in(layout.root)
        }
        if len(set(layout.splits.values())) == 1:
            layout.splits = dict.fromkeys(layout.splits, "")
    else:
        layout = _described(description, images)
    if not layout.splits:
        raise InputError(
            description,
            "names no image that is there"
            + "".join(f" ({reason})" for reason in layout.missing),
            remedy="name the folder of the images by --images",
        )
    return layout


def _split_of(filename: str) -> str:
    """Returns the part whose folder CVAT has put an image in, or ""."""
    match = _CVAT_FOLDER.match(filename)
    return SPLITS.get(match[1], "") if match else ""


def find_description(source: Path) -> Path | None:
    """Returns the file that names a data set's classes, if there is one."""
    if not source.is_dir():
        return source
    yamls = sorted([*source.glob("*.yaml"), *source.glob("*.yml")])
    # data.yaml goes first, whatever else is beside it.
    yamls.sort(key=lambda path: path.stem != "data")
    named = [path for path in yamls if path.is_file() and names_classes(path)]
    named += [
        source / name for name in NAMES_FILES if (source / name).is_file()
    ]
    return next(iter(named), None)


def names_classes(path: Path) -> bool:
    """Tells whether a file has a key ``names``, as ``data.yaml`` has."""
    with path.open("rb") as file:
        head = file.read(100_000)
    return (
        re.search(rb"^(names|\"names\")\s*:", head, re.MULTILINE) is not None
    )


def label_of(image: AnyPath) -> AnyPath:
    """Returns where Ultralytics looks for an image's label file.

    The last folder ``images`` becomes ``labels``; without, it is beside.
    """
    parts = list(image.parts)
    folders = parts[:-1]
    if "images" in folders:
        last = len(folders) - 1 - folders[::-1].index("images")
        parts[last] = "labels"
    return type(image)(*parts).with_suffix(".txt")


def _described(path: Path, images: Path | None) -> Layout:
    document = _read_yaml(path)
    roots = _roots(document, path, images)
    layout = Layout(roots[0], _names(document.get("names"), path))
    entries = {
        SPLITS[key]: _texts(value)
        for key, value in document.items()
        if key in SPLITS and value
    }
    # A folder may be named by an absolute and by a relative path.
    path_of: dict[str, Path] = {}
    are_parts = len(set(map(tuple, entries.values()))) == len(entries)
    for split, folders in entries.items():
        for entry in folders:
            found = _find(entry, roots)
            if found is None:
                reason = f"{split}: {entry}, which is not there"
                layout.missing[reason] += 1
                continue
            for image in _listed(found, roots, layout.missing):
                part = split if are_parts else ""
                known = path_of.setdefault(layout.filename(image), image)
                earlier = layout.splits.setdefault(known, part)
                if earlier != part:
                    reason = f"image of {split} that is in {earlier}, too"
                    layout.missing[reason] += 1
    return layout


def _read_yaml(path: Path) -> dict[Any, Any]:
    try:
        document = yaml.safe_load(require_file(path).read_bytes())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}" if mark else None
        raise InputError(
            path, f"is not YAML ({error.problem})", place=place
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(path, f"is not YAML ({error})") from error
    if not isinstance(document, dict):
        raise InputError(path, "is not as Ultralytics writes data.yaml")
    return document


def _names(names: Any, path: Path) -> dict[int, str]:
    if isinstance(names, list):
        names = dict(enumerate(names))
    try:
        numbered = {
            int(number): str(name).strip() for number, name in names.items()
        }
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise InputError(
            path,
            "names is neither a list nor numbered names",
            remedy="expected such as names: [person, car]",
        ) from error
    if not numbered or not all(numbered.values()):
        raise InputError(path, "names has no class, or one without a name")
    return numbered


def _roots(
    document: Mapping[Any, Any], path: Path, images: Path | None
) -> list[Path]:
    """Returns where to look for what a description names, best first.

    Its ``path`` may be of another machine.
    """
    told = path.parent / _slashes(document.get("path") or "")
    places = [images, told, path.parent]
    return [place for place in places if place and place.is_dir()]


def _find(entry: str, roots: Sequence[Path]) -> Path | None:
    """Returns the first that is there; ``../train`` may mean ``train``.

    Roboflow writes it so, and Ultralytics reads it so.
    """
    for root in roots:
        for place in (root / entry, root / entry.removeprefix("../")):
            if place.exists():
                return Path(os.path.normpath(place))
    return None


def _listed(
    found: Path, roots: Sequence[Path], missing: Counter[str]
) -> Iterator[Path]:
    """Yields the images of a folder, or those that a text file lists."""
    if found.is_dir():
        yield from _images_in(found)
        return
    for line in _lines(found):
        image = _find(_slashes(line), [found.parent, *roots])
        if image is None:
            missing[f"image of {found.name} that is not there"] += 1
        else:
            yield image


def _images_in(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if is_image(path))


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(path, f"is not UTF-8 ({error.reason})") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [_slashes(each) for each in values]


def _slashes(path: Any) -> str:
    """Returns a path as it is written here; on Windows it may be otherwise."""
    return str(path).replace("\\", "/")
