"""Images in; annotated images and their detections out."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crossline.detect.detector import Detector
from crossline.detect.select import select
from crossline.errors import InputError
from crossline.files import write_text
from crossline.geometry import Detections, Image
from crossline.progress import progress
from crossline.video.draw import Painter
from crossline.video.images import read_image, write_image

DETECTIONS_NAME = "detections.json"


@dataclass
class Found:
    """What ``detections.json`` holds.

    Attributes:
        model: the file or folder that detected.
        min_score: of a detection.
        images: per image its ``file``, ``width`` and ``height`` in pixels,
            upright, and ``detections``: ``class``, ``class_id``, ``score``
            and ``box`` as xmin, ymin, xmax, ymax in pixels; best first.
        unreadable: file to what is wrong with it.
    """

    model: str
    min_score: float
    images: list[dict[str, Any]] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)


def detect_images(
    images: Mapping[str, Path],
    detector: Detector,
    folder: Path,
    *,
    class_ids: Iterable[int],
    min_score: float,
    model: str,
) -> Found:
    """Detects in images; draws and lists what it found.

    Images that cannot be read are skipped and listed.

    Args:
        images: name to path, see `find_images`.
        detector: finds the objects.
        folder: for the annotated images, by name, and the list.
        class_ids: of the label map; others are left out.
        min_score: detections below it are left out.
        model: names the detector in the list.

    Raises:
        InputError: an output would replace its own input.
    """
    _refuse_to_replace(images, folder)
    class_ids = list(class_ids)
    found = Found(model, min_score)
    for name, path in progress(images.items(), "images", unit="image"):
        try:
            image = read_image(path)
        except InputError as error:
            found.unreadable[name] = str(error)
            continue
        detections = select(detector.detect(image), class_ids, min_score)
        names = detector.class_names
        found.images.append(_entry(name, image, detections, names))
        height, width = image.shape[:2]
        Painter(names, width, height).detections(image, detections)
        write_image(folder / name, image)
    text = json.dumps(vars(found), indent=2, ensure_ascii=False)
    write_text(folder / DETECTIONS_NAME, text + "\n")
    return found


def _entry(
    name: str,
    image: Image,
    detections: Detections,
    class_names: Mapping[int, str],
) -> dict[str, Any]:
    return {
        "file": name,
        "width": image.shape[1],
        "height": image.shape[0],
        "detections": [
            {
                "class": class_names[class_id],
                "class_id": class_id,
                "score": round(score, 4),
                "box": [round(float(edge), 2) for edge in box],
            }
            for box, score, class_id in detections
        ],
    }


def _refuse_to_replace(images: Mapping[str, Path], folder: Path) -> None:
    for name, path in images.items():
        if (folder / name).resolve() == path.resolve():
            raise InputError(
                path,
                "would be replaced by its annotated copy",
                remedy="name another --output",
            )
