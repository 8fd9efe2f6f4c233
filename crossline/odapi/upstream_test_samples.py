"""The sample files that the API's tests read and its package does not carry.

They are stand-ins of our own, under the names and with the classes that the
tests ask for: a label map, the pipeline.config of an SSD MobileNet V2, an
image, and a record of it.
"""

import shutil
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image

from crossline.annotations.table import Annotation
from crossline.records.example import serialize_example
from crossline.records.images import encode_image
from crossline.records.label_map import LabelMap, write_label_map

SAMPLES = Path(__file__).with_name("upstream_tests_data")

_BREEDS = 37
"""Classes of Oxford-IIIT Pet, which the API's samples are about."""
_LABEL_MAP = LabelMap.from_names(
    ["Abyssinian", "american_bulldog"]
    + [f"breed {number}" for number in range(3, _BREEDS + 1)]
)


def lay_out_package(folder: Path, package: Path) -> None:
    """Makes ``folder/object_detection``: the package and the samples.

    The tests look for samples beside their own modules, and nothing may be
    written into the installed package: its parts are linked.

    Raises:
        FileExistsError: the package carries samples of its own by now.
    """
    root = folder / package.name
    root.mkdir()
    for part in package.iterdir():
        (root / part.name).symlink_to(part)
    for name in ("data", "samples/configs", "test_data", "test_images"):
        (root / name).mkdir(parents=True)
    write_label_map(_LABEL_MAP, root / "data/pet_label_map.pbtxt")
    shutil.copy(
        SAMPLES / "ssd_mobilenet_v2_pets_keras.config",
        root / "samples/configs",
    )
    image = root / "test_images/image1.jpg"
    _write_image(image)
    _write_record(image, root / "test_data/pets_examples.record")


def _write_image(path: Path) -> None:
    height, width = 640, 512
    ramp = np.linspace(0, 255, width, dtype=np.uint8)
    Image.fromarray(np.tile(ramp, (height, 1))).convert("RGB").save(path)


def _write_record(image: Path, path: Path) -> None:
    encoded = encode_image(image)
    box = Annotation(
        image.name, *encoded.size, "Abyssinian", 1, 100, 120, 300, 400
    )
    with tf.io.TFRecordWriter(str(path)) as writer:
        parts = serialize_example([box], encoded, _LABEL_MAP)
        writer.write(b"".join(parts))
