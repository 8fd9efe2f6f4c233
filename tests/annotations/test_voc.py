"""Pascal VOC XML to the annotation table and back."""

from pathlib import Path

import pandas as pd
import pytest
from lxml import etree
from PIL import Image as Pillow

from crossline.annotations.table import has_box, rows_of
from crossline.annotations.voc import read_voc, write_voc
from crossline.errors import InputError
from tests.annotations.rows import empty, require_shared, row, table

SIZE = "<size><width>100</width><height>80</height></size>"
BOX = "<xmin>10</xmin><ymin>20</ymin><xmax>30</xmax><ymax>50</ymax>"
CAR = f"<object><name>car</name><bndbox>{BOX}</bndbox></object>"


def saved(folder: Path, *parts: str, name: str = "a", image: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    filename = f"<filename>{image or f'{name}.jpg'}</filename>"
    path = folder / f"{name}.xml"
    path.write_text(f"<annotation>\n{filename}\n{''.join(parts)}</annotation>")
    return path


def test_reads_edges_without_an_offset(tmp_path: Path) -> None:
    box = BOX.replace("30", "30.25")
    plate = f"<part><name>plate</name><bndbox>{BOX}</bndbox></part>"
    saved(
        tmp_path,
        SIZE,
        f"<object><name> bus </name><difficult>1</difficult>{plate}"
        f"<bndbox>{box}</bndbox></object>",
        CAR,
    )
    saved(tmp_path, SIZE, name="b", image=r"C:\pictures\b.png")
    found, left_out = read_voc(tmp_path)
    expected = table(
        row("a.jpg", "bus", (10, 20, 30.25, 50), difficult=True),
        row("a.jpg", "car", (10, 20, 30, 50)),
        empty("b.png"),
    )
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert left_out == {"<part> of an object": 1}


def test_counts_what_it_leaves_out(tmp_path: Path) -> None:
    saved(tmp_path, SIZE, CAR, CAR.replace("30", "300"))
    found, left_out = read_voc(tmp_path)
    assert len(found) == 1
    assert left_out == {"box outside the image": 1}


@pytest.mark.parametrize(
    "size",
    [
        pytest.param("", id="none"),
        pytest.param("<size/>", id="empty"),
        pytest.param(SIZE.replace("100", "0"), id="0"),
        pytest.param(SIZE.replace("80", ""), id="no height"),
    ],
)
@pytest.mark.parametrize("place", ["beside the XML", "elsewhere"])
def test_a_missing_size_is_the_image_s(
    size: str, place: str, tmp_path: Path
) -> None:
    saved(tmp_path / "xml", size, CAR)
    images = tmp_path / ("xml" if place == "beside the XML" else "jpg")
    images.mkdir(exist_ok=True)
    Pillow.new("L", (64, 60)).save(images / "a.jpg")
    found, _ = read_voc(
        tmp_path / "xml", None if place == "beside the XML" else images
    )
    assert found[["width", "height"]].to_numpy().tolist() == [[64, 60]]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(
            "<annotation>\n<filename>a.jpg",
            "line 2 column 16: is not XML",
            id="cut",
        ),
        pytest.param(
            f"<annotation>\n{SIZE}</annotation>",
            "line 1: <annotation> has no filename",
            id="no filename",
        ),
        pytest.param(
            "<annotation>\n<filename>a.jpg</filename></annotation>",
            "tells no size, and there is no image",
            id="no size",
        ),
        pytest.param(
            "<annotation>\n<filename>a.jpg</filename>"
            f"{SIZE.replace('80', 'tall')}</annotation>",
            "size/height is 'tall', not a number",
            id="size as text",
        ),
        pytest.param(
            f"<annotation>\n<filename>a.jpg</filename>{SIZE}\n"
            f"<object><bndbox>{BOX}</bndbox></object></annotation>",
            "line 3: <object> has no name",
            id="no class",
        ),
        pytest.param(
            f"<annotation>\n<filename>a.jpg</filename>{SIZE}\n"
            "<object><name>car</name></object></annotation>",
            "line 3: <object> has no bndbox/xmin",
            id="no box",
        ),
        pytest.param(
            f"<annotation>\n<filename>a.jpg</filename>{SIZE}\n"
            f"{CAR.replace('30', 'wide')}</annotation>",
            "line 3: bndbox/xmax is 'wide', not a number",
            id="text for a number",
        ),
        pytest.param("", "is empty", id="empty"),
    ],
)
def test_refuses_with_place_and_reason(
    content: str, complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(content)
    with pytest.raises(InputError) as error:
        read_voc(tmp_path)
    assert str(error.value).startswith(str(path))
    assert complaint in str(error.value)


def test_refuses_a_folder_without_xml_and_an_image_twice(
    tmp_path: Path,
) -> None:
    with pytest.raises(InputError, match=r"holds no \.xml files"):
        read_voc(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        read_voc(tmp_path / "nowhere")
    saved(tmp_path, SIZE)
    saved(tmp_path, SIZE, name="b", image="a.jpg")
    with pytest.raises(InputError, match=r"b\.xml: annotates a\.jpg as"):
        read_voc(tmp_path)


def test_an_entity_does_not_reach_other_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("car")
    (tmp_path / "a.xml").write_text(
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "{tmp_path}/secret">]>'
        f"<annotation><filename>&x;</filename>{SIZE}</annotation>"
    )
    with pytest.raises(InputError, match="has no filename"):
        read_voc(tmp_path)


def test_a_table_survives_the_way_to_voc_and_back(tmp_path: Path) -> None:
    rows = table(
        row("a.jpg", "car", (0.5, 2, 30.25, 50)),
        row("a.jpg", "traffic light", difficult=True),
        empty("b & c.jpg"),
    )
    write_voc(rows, tmp_path / "xml")
    found, _ = read_voc(tmp_path / "xml")
    pd.testing.assert_frame_equal(found, rows, check_dtype=False)
    root = etree.parse(str(tmp_path / "xml" / "a.xml")).getroot()
    assert root.findtext("object/bndbox/xmin") == "0.5"
    assert root.findtext("object/bndbox/ymin") == "2"


def test_parts_stand_in_lists_as_in_voc_s_archives(tmp_path: Path) -> None:
    rows = table(row("a.jpg"), empty("b/c d.jpg"), empty("e.jpg"))
    rows = rows.assign(split=["train", "valid", ""])
    write_voc(rows, tmp_path / "set")
    found = {
        path.relative_to(tmp_path / "set").as_posix(): path.read_text()
        for path in (tmp_path / "set").rglob("*.*")
    }
    assert sorted(found) == [
        "Annotations/a.xml",
        "Annotations/b/c d.xml",
        "Annotations/e.xml",
        "ImageSets/Main/train.txt",
        "ImageSets/Main/val.txt",
    ]
    assert found["ImageSets/Main/train.txt"] == "a\n"
    assert found["ImageSets/Main/val.txt"] == "b/c d\n"
    again, left_out = read_voc(tmp_path / "set")
    assert again["filename"].tolist() == ["a.jpg", "b/c d.jpg", "e.jpg"]
    assert again["split"].tolist() == ["train", "val", ""]
    assert not left_out


def test_a_folder_annotations_is_entered_where_it_holds_all(
    tmp_path: Path,
) -> None:
    saved(tmp_path / "annotations", SIZE)
    found, _ = read_voc(tmp_path)
    assert found["filename"].tolist() == ["a.jpg"]
    saved(tmp_path, SIZE, name="b")
    found, _ = read_voc(tmp_path)
    assert found["filename"].tolist() == ["annotations/a.jpg", "b.jpg"]


def test_two_images_of_one_name_are_not_written_over_each_other(
    tmp_path: Path,
) -> None:
    with pytest.raises(InputError, match=r"a\.xml: belongs to a\.png and to"):
        write_voc(table(row("a.jpg"), row("a.png")), tmp_path / "xml")
    assert not (tmp_path / "xml").exists()


def test_reads_what_label_img_wrote() -> None:
    found, left_out = read_voc(require_shared("voc/raccoon/annotations"))
    assert found["filename"].nunique() == 200
    assert has_box(found).sum() == 217
    assert not left_out
    (first,) = (r for r in rows_of(found) if r.filename == "raccoon-54.jpg")
    assert (first.xmin, first.ymin, first.xmax, first.ymax) == (
        (78, 5, 517, 333)
    )
