"""voc_to_csv.py: a folder of XML in, the annotations CSV out."""

from pathlib import Path

import pytest
from PIL import Image

from crossline.annotations.table import read_csv, rows_of
from scripts.voc_to_csv import main

SIZE = "<size><width>100</width><height>80</height><depth>3</depth></size>"


def write_xml(
    folder: Path, name: str, *classes: str, size: str = SIZE
) -> Path:
    """A box of 10, 20, 30, 50 for each class."""
    box = (
        "<bndbox><xmin>10</xmin><ymin>20</ymin>"
        "<xmax>30</xmax><ymax>50</ymax></bndbox>"
    )
    objects = "".join(
        f"<object><name>{class_name}</name>{box}</object>"
        for class_name in classes
    )
    path = folder / f"{name}.xml"
    path.write_text(
        f"<annotation><filename>{name}.jpg</filename>{size}{objects}"
        "</annotation>"
    )
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "labels"
    folder.mkdir()
    return folder


def test_renames_and_keeps_negatives(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_xml(folder, "a", "moto", "car")
    write_xml(folder, "b")
    options = ["--rename", "moto=motorcycle", "--keep-empty"]
    assert main([str(folder), *options]) == 0
    path = folder.with_suffix(".csv")
    motorcycle, car, negative = rows_of(read_csv(path))
    assert motorcycle.class_name == "motorcycle"
    assert (motorcycle.xmin, motorcycle.ymin) == (10, 20)
    assert (motorcycle.xmax, motorcycle.ymax) == (30, 50)
    assert (car.filename, car.class_name) == ("a.jpg", "car")
    assert (negative.filename, negative.class_name) == ("b.jpg", "")
    lines = capsys.readouterr().out.splitlines()
    assert "      1 images without objects" in lines
    assert lines[-2:] == [
        f"Wrote 2 boxes in 2 images to {path}.",
        f"Next: python scripts/split_csv.py {path}",
    ]


def test_asks_the_image_for_a_size_that_the_xml_does_not_tell(
    folder: Path, tmp_path: Path
) -> None:
    write_xml(folder, "a", "car", size="")
    images = tmp_path / "images"
    images.mkdir()
    Image.new("RGB", (64, 60)).save(images / "a.jpg")
    assert main([str(folder), "--images", str(images)]) == 0
    (car,) = rows_of(read_csv(folder.with_suffix(".csv")))
    assert (car.width, car.height) == (64, 60)


def test_bad_input_ends_with_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_xml(folder, "a", "car")
    bad = write_xml(folder, "b", "car")
    bad.write_text(bad.read_text().replace(">30<", ">wide<"))
    assert main([str(folder)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{bad} line 1: bndbox/xmax is 'wide', not a number" in line
    assert not folder.with_suffix(".csv").exists()


def test_a_folder_without_xml_ends_with_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{folder}: holds no .xml files" in line


def test_bad_command_line() -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["labels", "--rename", "=car"])
    assert leaving.value.code == 2
