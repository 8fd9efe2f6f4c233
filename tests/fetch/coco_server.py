"""A small COCO: eight images, as its servers and its archives hold it."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from tests.fetch.server import FileServer

ARCHIVE = "/annotations/annotations_trainval2017.zip"
CATEGORIES = ["person", "car", "bus"]


def jpeg(shade: int = 0) -> bytes:
    buffer = io.BytesIO()
    Pillow.new("L", (32, 24), shade).save(buffer, "JPEG")
    return buffer.getvalue()


def document() -> dict[str, Any]:
    """Persons in 1 to 5, cars in 4 to 6, a crowd in 7, nothing in 8."""
    shows = [(n, 1, 0) for n in range(1, 6)] + [(n, 2, 0) for n in (4, 5, 6)]
    return {
        "info": {"year": 2017},
        "images": [
            {"id": n, "file_name": f"{n:012d}.jpg", "width": 32, "height": 24}
            for n in range(1, 9)
        ],
        "categories": [
            {
                "id": id_,
                "name": name,
                "supercategory": "person" if name == "person" else "vehicle",
            }
            for id_, name in enumerate(CATEGORIES, 1)
        ],
        "annotations": [
            {
                "id": number,
                "image_id": image,
                "category_id": category,
                "bbox": [1, 2, 3, 4],
                "iscrowd": crowd,
                "segmentation": [[0] * 8],
            }
            for number, (image, category, crowd) in enumerate(
                [*shows, (7, 1, 1)], 1
            )
        ],
    }


def archive(name: str = "annotations/instances_train2017.json") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, json.dumps(document()))
    return buffer.getvalue()


def image_path(number: int) -> str:
    return f"/train2017/{number:012d}.jpg"


def serve_coco(server: FileServer) -> None:
    server.files[ARCHIVE] = archive()
    for number in range(1, 9):
        server.files[image_path(number)] = jpeg(number)


def write_coco_folder(folder: Path) -> Path:
    """Writes it as COCO's archives unpack."""
    (folder / "annotations").mkdir(parents=True)
    instances = folder / "annotations" / "instances_train2017.json"
    instances.write_text(json.dumps(document()))
    (folder / "train2017").mkdir()
    for number in range(1, 9):
        name = f"{number:012d}.jpg"
        (folder / "train2017" / name).write_bytes(jpeg(number))
    return folder
