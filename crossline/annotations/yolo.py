"""YOLO's label files and ``data.yaml``, both ways.

A text file per image, a line per object: ``class x y width height``, the
class a number from 0, the box its centre and size in fractions of the
upright image. Source: https://docs.ultralytics.com/datasets/detect/
"""

import os
import shutil
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

from crossline.annotations.annotation import DEFAULTS
from crossline.annotations.boxes import usable_boxes
from crossline.annotations.categories import (
    Category,
    all_categories,
    remember_categories,
)
from crossline.annotations.image_paths import SPLITS, inner_path
from crossline.annotations.image_splits import PARTS, splits_by_image
from crossline.annotations.table import (
    BOX_COLUMNS,
    COLUMNS,
    NO_CLASS,
    check_table,
    has_box,
    rows_by_image,
)
from crossline.annotations.yolo_labels import (
    Row,
    label_file,
    labels_beside,
    read_label,
)
from crossline.annotations.yolo_layout import (
    Layout,
    find_layout,
    label_of,
)
from crossline.errors import InputError
from crossline.files import replacing
from crossline.image_files import image_size
from crossline.progress import progress


def read_yolo(
    source: Path, images: Path | None = None
) -> tuple[pd.DataFrame, Counter[str]]:
    """Reads a YOLO data set; sizes are those of the images.

    A file name is the image's path in the data set's folder. An outline
    (segmentation, oriented boxes) is taken as the box around it.

    Args:
        source: ``data.yaml`` or its folder; or a folder with
            ``classes.txt`` or ``obj.names``.
        images: where to look first for the images.

    Returns:
        The annotation table, and how many boxes, labels and images were left
        out by reason.

    Raises:
        InputError: a file is malformed, no image is there, or one is
            damaged.
    """
    layout = find_layout(source, images)
    left_out: Counter[str] = Counter()
    of_image: list[tuple[str, int, int, str]] = []
    rows: list[Row] = []
    numbers: list[int] = []
    labels = set()
    found = progress(layout.splits.items(), "reading labels", unit="image")
    for number, (image, split) in enumerate(found):
        label = label_file(image)
        labels.add(label)
        of_label = read_label(label, layout.names, left_out)
        rows += of_label
        numbers += [number] * len(of_label)
        of_image.append((layout.filename(image), *image_size(image), split))
    if strays := labels_beside(labels) - labels:
        left_out["label file without an image"] = len(strays)
    table = _table(of_image, numbers, rows, layout)
    table, bad_boxes = usable_boxes(table)
    check_table(table, source)
    remember_categories(
        table, [Category(name, id_) for id_, name in layout.names.items()]
    )
    return table, left_out + bad_boxes + layout.missing


def write_yolo(
    table: pd.DataFrame, folder: Path, images: Path | None = None
) -> None:
    """Writes ``data.yaml``, ``labels/`` and ``images/``; replaces `folder`.

    Images go into their parts' folders, as the column ``split`` says;
    without, ``data.yaml`` names all of them for both training and
    validation. Classes are numbered in the order of their ids.

    Args:
        table: of boxes within their images.
        folder: to write.
        images: of the file names; they become hard links where that can
            be, else copies. None to write no images.

    Raises:
        InputError: an image is missing or would leave the folder, two would
            share a label file, a split is unknown, or there is no class.
    """
    places = _places(table, folder)
    names = [category.name for category in all_categories(table)]
    if not names:
        raise InputError(
            folder,
            "cannot hold images without any class",
            remedy="data.yaml names at least one",
        )
    lines = _lines(table, names)
    if images is not None:
        _require_images(places, images)
    with replacing(folder) as draft:
        for filename, rows in rows_by_image(table):
            label = draft / label_of(places[filename])
            label.parent.mkdir(parents=True, exist_ok=True)
            label.write_text("".join(lines[rows]), encoding="utf-8")
            if images is not None:
                _link(images / filename, draft / places[filename])
        description = {
            **_parts(splits_by_image(table, folder).values()),
            "names": dict(enumerate(names)),
        }
        # What yaml does not escape may be a line break to its reader.
        is_plain = all(name.isprintable() for name in names)
        (draft / "data.yaml").write_text(
            yaml.safe_dump(
                description, sort_keys=False, allow_unicode=is_plain
            ),
            encoding="utf-8",
        )


def _table(
    of_image: list[tuple[str, int, int, str]],
    numbers: list[int],
    rows: list[Row],
    layout: Layout,
) -> pd.DataFrame:
    """Joins images, numbered in their order, and their objects."""
    images = pd.DataFrame(
        of_image, columns=["filename", "width", "height", "split"]
    )
    objects = pd.DataFrame(
        rows, columns=["class_id", "x", "y", "w", "h"], index=numbers
    )
    table = images.join(objects).reset_index(drop=True)
    centre = table[["x", "y"]].to_numpy(float)
    half = table[["w", "h"]].to_numpy(float) / 2
    edges = np.hstack([centre - half, centre + half])
    edges *= table[["width", "height"] * 2].to_numpy(float)
    table[BOX_COLUMNS] = edges
    table["class"] = table["class_id"].map(layout.names).fillna(NO_CLASS)
    table["class_id"] = table["class_id"].fillna(0).astype(np.int64)
    rest = {name: DEFAULTS[name] for name in COLUMNS if name not in table}
    table = table.assign(**rest)
    split = ["split"] if table["split"].any() else []
    return table[[*COLUMNS, *split]]


def _places(table: pd.DataFrame, folder: Path) -> dict[str, PurePosixPath]:
    """Returns where each image goes, relative to the folder."""
    splits = splits_by_image(table, folder)
    is_parted = any(splits.values())
    places: dict[str, PurePosixPath] = {}
    image_of: dict[PurePosixPath, str] = {}
    for filename, split in splits.items():
        if is_parted and not split:
            raise InputError(
                folder,
                f"has no place for {filename}, which is in no part",
                remedy="fill its cell in the column split, or remove the "
                "column",
            )
        place = PurePosixPath("images", split, _inner(filename, split, folder))
        label = label_of(place)
        other = image_of.setdefault(label, filename)
        if other != filename:
            raise InputError(
                folder / label,
                f"belongs to {other} and to {filename}",
                remedy="rename one of them",
            )
        places[filename] = place
    return places


def _inner(filename: str, split: str, folder: Path) -> PurePosixPath:
    """Returns a name without folders of a layout that is written anew."""
    parts = list(inner_path(filename, folder).parts)
    while len(parts) > 1 and (
        parts[0] == "images" or (split and parts[0] in SPLITS)
    ):
        parts.pop(0)
    return PurePosixPath(*parts)


def _lines(table: pd.DataFrame, names: list[str]) -> npt.NDArray[np.object_]:
    """Returns each row's line; empty where there is no box."""
    class_ids = {name: id_ for id_, name in enumerate(names)}
    filled = has_box(table).to_numpy(bool)
    boxes = table[filled]
    edges = boxes[BOX_COLUMNS].to_numpy(float)
    edges = edges / boxes[["width", "height"] * 2].to_numpy(float)
    centre = (edges[:, :2] + edges[:, 2:]) / 2
    fractions = np.hstack([centre, edges[:, 2:] - edges[:, :2]])
    lines = np.full(len(table), "", object)
    lines[filled] = [
        f"{class_ids[name]} {x:.12g} {y:.12g} {width:.12g} {height:.12g}\n"
        for name, (x, y, width, height) in zip(
            boxes["class"], fractions.tolist(), strict=True
        )
    ]
    return lines


def _require_images(places: Mapping[str, PurePosixPath], images: Path) -> None:
    missing = [name for name in places if not (images / name).is_file()]
    if missing:
        raise InputError(
            images / missing[0],
            f"no such image ({len(missing)} of {len(places)} are missing)",
            remedy="name their folder, or leave --images away to write labels "
            "alone",
        )


def _link(image: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(image.resolve(), place)
    except OSError:
        # Another file system, or one without links.
        shutil.copyfile(image, place)


def _parts(splits: Collection[str]) -> dict[str, str]:
    """Returns what ``data.yaml`` says of where the images are."""
    if not any(splits):
        return {"train": "images", "val": "images"}
    return {split: f"images/{split}" for split in PARTS if split in splits}
