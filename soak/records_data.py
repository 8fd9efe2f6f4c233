"""Images and annotations that take a while to be written as records."""

from pathlib import Path

import numpy as np
from PIL import Image

from crossline.annotations.table import Annotation, table_of, write_csv
from crossline.records.label_map import LabelMap, write_label_map
from soak.processes import Script

SIDE = 160


def prepare_records(folder: Path, images: int) -> None:
    """Makes noise as PNG, which has to be encoded again: that takes long."""
    (folder / "images").mkdir()
    noise = np.random.default_rng(1)
    rows = []
    for number in range(images):
        name = f"{number}.png"
        pixels = noise.integers(0, 256, (SIDE, SIDE, 3), np.uint8)
        Image.fromarray(pixels).save(folder / "images" / name)
        edges = (10.0, 20.0, 30.0 + number % 100, 50.0)
        rows.append(Annotation(name, SIDE, SIDE, "car", 0, *edges))
    write_csv(table_of(rows), folder / "train.csv")
    write_label_map(LabelMap.from_names(["car"]), folder / "map.pbtxt")


def records_command(data: Path, output: Path) -> Script:
    """Returns what writes them."""
    return Script(
        "csv_to_tfrecord",
        (
            *(data / "train.csv", "--images", data / "images"),
            *("--label-map", data / "map.pbtxt", "--output", output),
        ),
    )
