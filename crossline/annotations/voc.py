"""Pascal VOC XML, a file per image, both ways.

Boxes are ``xmin, ymin, xmax, ymax`` in pixels. VOC's own files count pixels
from 1 and mean the last one inclusively; labelImg and the TensorFlow tools
write edges from 0. Ours are read and written as those, without an offset.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from lxml import etree

from crossline.annotations.boxes import usable_boxes
from crossline.annotations.image_paths import inner_path, is_image
from crossline.annotations.image_splits import splits_by_image
from crossline.annotations.table import (
    BOX_COLUMNS,
    OBJECT_COLUMNS,
    OPTIONAL_COLUMNS,
    Annotation,
    check_table,
    rows_by_image,
    table_of,
)
from crossline.annotations.voc_layout import (
    Layout,
    find_layout,
    with_suffix,
    write_lists,
)
from crossline.annotations.voc_xml import (
    TRUE,
    further_parts,
    image_element,
    number_of,
    parse,
    text_of,
    told_of,
)
from crossline.errors import InputError
from crossline.files import replacing
from crossline.image_files import image_size
from crossline.progress import progress

_ANNOTATIONS = "Annotations"


def read_voc(
    source: Path, images: Path | None = None
) -> tuple[pd.DataFrame, Counter[str]]:
    """Reads the XML files of a folder, or one.

    An image is taken to lie in the images' folder as its XML lies in its
    own: ``train/a.xml`` is of ``train/a.jpg``, which is to train with.

    Args:
        source: an XML file, a folder of them, or one with a folder
            ``Annotations``, as VOC's own archives have it; their lists in
            ``ImageSets`` tell the parts.
        images: where to look for the size of an image whose XML does not
            tell, and for the suffix of a name without (Label Studio's);
            beside the XML, ``JPEGImages`` and ``images`` when None.

    Returns:
        The annotation table, and how many boxes, and elements that a table
        does not hold, were left out.

    Raises:
        InputError: there is none; one is malformed or lacks a part; or two
            annotate one image.
    """
    layout = find_layout(source, images)
    read_from: dict[str, Path] = {}
    rows: list[Annotation] = []
    told: dict[str, list[str]] = {name: [] for name in OPTIONAL_COLUMNS}
    left_out: Counter[str] = Counter()
    for path in progress(layout.files, "reading XML", unit="file"):
        root = parse(path)
        empty = _image(root, path, layout)
        image = empty.filename
        if image in read_from:
            raise InputError(
                path, f"annotates {image} as {read_from[image]} does"
            )
        read_from[image] = path
        elements = root.findall("object")
        rows += [_object(each, empty, path) for each in elements] or [empty]
        left_out.update(further_parts(elements))
        split = layout.split_of(PurePosixPath(image))
        for element in elements or [etree.Element("object")]:
            told["split"].append(split)
            for name in OBJECT_COLUMNS:
                told[name].append(told_of(element, name))
    table = table_of(rows).assign(
        **{name: values for name, values in told.items() if any(values)}
    )
    table, bad_boxes = usable_boxes(table)
    check_table(table, source)
    return table, left_out + bad_boxes


def write_voc(table: pd.DataFrame, folder: Path) -> None:
    """Writes an XML per image, named like it; `folder` is replaced whole.

    Where the table tells the images' parts they stand in lists, as VOC's
    archives have them, and the XML files in a folder ``Annotations``.

    Raises:
        InputError: two images would share an XML, a name would leave the
            folder, XML cannot hold it, or a split is unknown.
    """
    columns = {name: table[name].to_numpy() for name in table.columns}
    splits = splits_by_image(table, folder)
    is_parted = any(splits.values())
    inside = Path(_ANNOTATIONS if is_parted else "")
    split_of_place: dict[PurePosixPath, str] = {}
    with replacing(folder) as draft:
        draft.mkdir()
        for filename, rows in rows_by_image(table):
            image = _inner(filename, folder)
            place = image.with_suffix("")
            path = inside / f"{place}.xml"
            if place in split_of_place:
                raise InputError(
                    folder / path,
                    f"belongs to {filename} and to another image",
                    remedy="rename one of them",
                )
            split_of_place[place] = splits[filename]
            _write(draft / path, image.name, columns, rows, folder / path)
        if is_parted:
            write_lists(draft, split_of_place)


def _inner(filename: str, folder: Path) -> PurePosixPath:
    """Returns a file name, without what XML and lists hold otherwise."""
    if any(character in filename for character in "\\\n\r"):
        raise InputError(
            folder,
            f"cannot hold an image of the name {filename!r}",
            remedy="write folders with /, and names without a backslash or "
            "line break",
        )
    return inner_path(filename, folder)


def _write(
    path: Path,
    image: str,
    columns: Mapping[str, npt.NDArray[Any]],
    rows: npt.NDArray[np.intp],
    final: Path,
) -> None:
    """Writes the XML of an image; errors name its `final` path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        tree = etree.ElementTree(image_element(image, columns, rows))
    except ValueError as error:
        raise InputError(final, f"cannot be written ({error})") from error
    tree.write(str(path), pretty_print=True, encoding="utf-8")


def _image(root: etree._Element, path: Path, layout: Layout) -> Annotation:
    """Returns the image of a file, without objects."""
    told = root.findtext("filename") or root.findtext("path")
    if not (told and told.strip()):
        told = text_of(root, "filename", path)
    # Tools on Windows write whole paths with backslashes.
    name = PurePosixPath(told.strip().replace("\\", "/")).name
    inside = path.parent.relative_to(layout.folder)
    folders = [folder / inside for folder in layout.images]
    if not is_image(Path(name)):
        name = with_suffix(name, folders)
    size = _size(root, [folder / name for folder in folders], path)
    return Annotation((PurePosixPath(inside) / name).as_posix(), *size)


def _size(
    root: etree._Element, images: Sequence[Path], path: Path
) -> tuple[int, int]:
    """Returns width and height; those of the image where there are none."""
    sizes = [
        number_of(root, name, path) if root.findtext(name) else 0
        for name in ("size/width", "size/height")
    ]
    if all(math.isfinite(size) and size >= 1 for size in sizes):
        return round(sizes[0]), round(sizes[1])
    for image in images:
        if image.is_file():
            return image_size(image)
    raise InputError(
        path,
        f"tells no size, and there is no image {images[0]}",
        remedy="name the folder of the images by --images",
    )


def _object(
    element: etree._Element, empty: Annotation, path: Path
) -> Annotation:
    xmin, ymin, xmax, ymax = (
        number_of(element, f"bndbox/{name}", path) for name in BOX_COLUMNS
    )
    difficult = (element.findtext("difficult") or "").strip()
    return replace(
        empty,
        class_name=text_of(element, "name", path),
        xmin=xmin,
        ymin=ymin,
        xmax=xmax,
        ymax=ymax,
        difficult=difficult.lower() in TRUE,
    )
