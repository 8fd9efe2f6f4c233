"""The sample's images on disk, labelled as COCO and as Pascal VOC."""

from pathlib import Path

from PIL import Image as Pillow

from crossline.annotations.coco import write_coco
from crossline.annotations.table import table_of
from crossline.annotations.voc import write_voc
from crossline.progress import progress
from crossline.sample.images import draw_images

_JPEG_QUALITY = 90


def write_data_set(folder: Path, count: int, seed: int) -> None:
    """Writes ``images/``, ``instances.json`` and ``annotations_voc/``.

    Args:
        folder: made if there is none.
        count: of images.
        seed: see `draw_images`.
    """
    images = folder / "images"
    images.mkdir(parents=True)
    rows = []
    drawn = draw_images(count, seed)
    for filename, labelled in progress(drawn, "drawing images", count):
        picture = Pillow.fromarray(labelled.image)
        picture.save(images / filename, quality=_JPEG_QUALITY)
        rows += labelled.rows
    table = table_of(rows)
    write_coco(table, folder / "instances.json")
    write_voc(table, folder / "annotations_voc")
