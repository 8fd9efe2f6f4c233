from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from crossline.annotations.table import Annotation, table_of
from crossline.errors import InputError
from crossline.evaluate.images import annotated_images
from crossline.evaluate.records import recorded_images, recorded_table
from crossline.records.label_map import LabelMap
from crossline.records.write import write_records
from crossline.records.written import WrittenRecords

LABEL_MAP = LabelMap({1: "person", 3: "car"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two images, 40 x 30 pixels; the second is stored on its side."""
    pixels = np.zeros((30, 40, 3), np.uint8)
    pixels[:, :10] = 255
    Pillow.fromarray(pixels).save(tmp_path / "a.png")
    sideways = Pillow.fromarray(np.rot90(pixels))
    exif = sideways.getexif()
    exif[0x0112] = 6
    sideways.save(tmp_path / "b.jpg", exif=exif, quality=100)
    return tmp_path


ROWS = [
    Annotation("a.png", 40, 30, "car", 3, 0, 0, 10, 30, image_id="7"),
    Annotation(
        "a.png", 40, 30, "person", 1, 4, 3, 20, 15,
        image_id="7", is_crowd=True, area=100,
    ),
    Annotation("b.jpg", 40, 30, image_id="9"),
]  # fmt: skip


def test_each_image_once_and_upright(folder: Path) -> None:
    images = list(annotated_images(table_of(ROWS), folder))
    assert [name for name, _ in images] == ["a.png", "b.jpg"]
    for _, image in images:
        assert image.shape == (30, 40, 3)
        assert image[:, :8].min() > 200
        assert image[:, 12:].max() < 50


def test_missing_images_are_told_before_the_first_is_read(
    folder: Path,
) -> None:
    (folder / "b.jpg").unlink()
    with pytest.raises(InputError) as error:
        annotated_images(table_of(ROWS), folder)
    assert str(error.value) == (
        f"{folder}/b.jpg: no such file; 1 of 2 annotated images are missing; "
        "name the folder that the filenames are relative to"
    )


def test_an_image_of_another_size(folder: Path) -> None:
    table = table_of([Annotation("a.png", 30, 40)])
    with pytest.raises(InputError, match=r"is 40x30 pixels .* are 30x40"):
        list(annotated_images(table, folder))


def write_val(folder: Path) -> WrittenRecords:
    source, output = folder / "val.csv", folder / "records"
    return write_records(
        table_of(ROWS), source, folder, LABEL_MAP, output, "val"
    )


def test_records_tell_the_same_as_the_table(folder: Path) -> None:
    written = write_val(folder)
    table = recorded_table(written.shards, LABEL_MAP, Path("val-*"))
    back = table.sort_values("filename", kind="stable")
    expected = table_of(ROWS)
    # The area that the table left open is the box's.
    expected.loc[0, "area"] = 300.0
    for name in expected.columns:
        if expected[name].dtype.kind == "f":
            np.testing.assert_allclose(back[name], expected[name], rtol=1e-5)
        else:
            assert back[name].tolist() == expected[name].tolist()
    assert {
        name: image.shape for name, image in recorded_images(written.shards)
    } == {"a.png": (30, 40, 3), "b.jpg": (30, 40, 3)}


def test_records_need_their_own_label_map(folder: Path) -> None:
    written = write_val(folder)
    other = LabelMap({1: "person", 3: "bus"})
    with pytest.raises(InputError) as error:
        recorded_table(written.shards, other, Path("val-*"))
    assert str(error.value) == (
        "val-* image a.png: class 3 (car) is bus in the label map; "
        "give the label map that the records were written with"
    )


def test_an_image_twice(folder: Path) -> None:
    written = write_val(folder)
    with pytest.raises(InputError, match="is there twice"):
        recorded_table(written.shards * 2, LABEL_MAP, Path("val-*"))
