"""voc_to_csv.py: from labelImg's XML to the annotations CSV."""

from pathlib import Path

import pytest
from PIL import Image as Pillow

from crossline.annotations.table import read_csv, write_csv
from crossline.annotations.voc import write_voc
from scripts.voc_to_csv import main
from tests.annotations.rows import empty, require_shared, row, table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = table(row("a.jpg", "moto"), row("a.jpg", "car"), empty("b.jpg"))
    write_voc(rows, tmp_path / "annotations")
    return tmp_path / "annotations"


def test_writes_beside_the_folder_and_says_what(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder), "--rename", "moto=motorcycle"]) == 0
    path = folder.with_suffix(".csv")
    assert read_csv(path)["class"].tolist() == ["motorcycle", "car"]
    assert capsys.readouterr().out.endswith(
        f"Wrote 2 boxes in 1 images to {path}.\n"
        f"Next: python scripts/split_csv.py {path}\n"
    )


def test_the_folder_may_be_the_one_where_we_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert main(["."]) == 0
    assert len(read_csv(folder / "annotations.csv")) == 2


def test_sizes_come_from_the_images_where_the_xml_has_none(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    xml = folder / "a.xml"
    xml.write_text(xml.read_text().replace("<width>100</width>", ""))
    assert main([str(folder)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{xml}: tells no size, and there is no image {folder}" in line
    (tmp_path / "images").mkdir()
    Pillow.new("RGB", (200, 90)).save(tmp_path / "images" / "a.jpg")
    assert main([str(folder), "--images", str(tmp_path / "images")]) == 0
    found = read_csv(folder.with_suffix(".csv"))
    assert set(found["width"]) == {200}


def test_bad_input_ends_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(f"{tmp_path}: holds no .xml files")


def test_a_bad_command_line_ends_with_2() -> None:
    with pytest.raises(SystemExit) as end:
        main([])
    assert end.value.code == 2


def test_the_raccoons(tmp_path: Path) -> None:
    source = require_shared("voc/raccoon/annotations")
    assert main([str(source), "--output", str(tmp_path / "all.csv")]) == 0
    found = read_csv(tmp_path / "all.csv")
    assert (len(found), found["filename"].nunique()) == (217, 200)
    write_csv(found, tmp_path / "again.csv")
    again = (tmp_path / "again.csv").read_bytes()
    assert again == (tmp_path / "all.csv").read_bytes()
