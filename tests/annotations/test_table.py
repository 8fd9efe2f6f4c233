"""The annotations CSV: what it holds, what it takes, what it refuses."""

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossline.annotations.table import (
    COLUMNS,
    Annotation,
    class_names,
    read_csv,
    rows_of,
    table_of,
    write_csv,
)
from crossline.errors import InputError
from tests.annotations.rows import empty, row, table

HEADER = "filename,width,height,class,class_id,xmin,ymin,xmax,ymax"


def written(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "all.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_the_columns_stand_in_the_contract_s_order() -> None:
    assert ",".join(COLUMNS).startswith(HEADER)


def test_writes_a_row_per_box_and_one_per_empty_image(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    write_csv(table(row(box=(1.08, 2, 30, 50.5)), empty()), path)
    assert path.read_text() == (
        f"{HEADER},image_id,is_crowd,difficult,area,repeats\n"
        "a.jpg,100,80,car,0,1.08,2,30,50.5,,False,False,,1\n"
        "none.jpg,100,80,,0,,,,,,False,False,,1\n"
    )


names = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1
).filter(lambda text: text == text.strip() and text)


@st.composite
def annotations(draw: st.DrawFn) -> list[Annotation]:
    rows = []
    for filename in draw(st.sets(names, max_size=4)):
        width, height = draw(st.tuples(*[st.integers(1, 4000)] * 2))
        fields = {"width": width, "height": height, "image_id": "007"}
        count = draw(st.integers(0, 3))
        rows += [empty(filename, **fields)] * (count == 0)
        for _ in range(count):
            xmin = draw(st.floats(0, width * 0.9))
            ymin = draw(st.floats(0, height * 0.9))
            rows.append(
                row(
                    filename,
                    draw(names),
                    (xmin, ymin, width, height),
                    is_crowd=draw(st.booleans()),
                    difficult=draw(st.booleans()),
                    area=draw(st.none() | st.floats(0, 1e9)) or math.nan,
                    class_id=draw(st.integers(0, 90)),
                    **fields,
                )
            )
    return rows


@given(annotations())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_reads_what_it_writes(tmp_path: Path, rows: list[Annotation]) -> None:
    path = tmp_path / "all.csv"
    write_csv(table_of(rows), path)
    pd.testing.assert_frame_equal(
        read_csv(path), table_of(rows), check_dtype=False, rtol=1e-9
    )


def test_a_line_break_in_a_name_stays_in_its_cell(tmp_path: Path) -> None:
    rows = [row("a\rb.jpg"), row("c\nd.jpg", "x\r\ny"), empty("e.jpg")]
    write_csv(table_of(rows), tmp_path / "all.csv")
    found = list(rows_of(read_csv(tmp_path / "all.csv")))
    assert [each.filename for each in found] == [
        each.filename for each in rows
    ]
    assert found[1].class_name == "x\r\ny"


def test_rows_and_table_are_inverse() -> None:
    rows = [row(area=3.0), row(is_crowd=True, area=1.5, image_id="7")]
    assert list(rows_of(table_of(rows))) == rows


def test_other_people_s_columns_are_found_by_name(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "car,a.jpg,30,10,20,50,80,100,whatever",
        header="class, filename,xmax,xmin,ymin,ymax,height,width,confidence",
    )
    pd.testing.assert_frame_equal(
        read_csv(path), table(row()), check_dtype=False
    )


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("Filename,Width,Height,Class,Xmin,Ymin,Xmax,Ymax"),
        pytest.param("image,image_width,image_height,label,x1,y1,x2,y2"),
        pytest.param("file_name,width,height,class_name,x_min,ymin,x_max,y2"),
    ],
)
def test_columns_may_be_called_as_tutorials_do(
    header: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "a.jpg,100,80,car,10,20,30,50", header=header)
    pd.testing.assert_frame_equal(
        read_csv(path), table(row()), check_dtype=False
    )


def test_our_names_go_before_tutorials_ones(tmp_path: Path) -> None:
    line = "1,a.jpg,100,80,car,7,10,20,30,50"
    header = "image,filename,width,height,class,label,xmin,ymin,xmax,ymax"
    found = read_csv(written(tmp_path, line, header=header))
    assert found["filename"].tolist() == ["a.jpg"]
    assert found["class"].tolist() == ["car"]


def test_what_only_some_sources_tell_is_kept(tmp_path: Path) -> None:
    told = {"split": ["train", ""], "pose": ["Left", ""]}
    rows = table(row(), empty()).assign(**told)
    write_csv(rows, tmp_path / "all.csv")
    header = (tmp_path / "all.csv").read_text().splitlines()[0]
    assert header.endswith(",area,repeats,split,pose")
    found = read_csv(tmp_path / "all.csv")
    pd.testing.assert_frame_equal(found, rows, check_dtype=False)


@pytest.mark.parametrize(
    ("line", "place", "complaint"),
    [
        pytest.param(
            "a.jpg,100,80,car,1,10,20,900,50",
            "line 3 ",
            "reaches outside the image: image a.jpg, width 100, height 80, "
            "xmin 10, ymin 20, xmax 900",
            id="outside",
        ),
        pytest.param(
            "a.jpg,100,80,car,1,-0.6,20,30,50", "line 3", "outside", id="left"
        ),
        pytest.param(
            "a.jpg,100,80,car,1,30,20,10,50",
            "line 3",
            "inside out or has no area",
            id="inside out",
        ),
        pytest.param(
            "a.jpg,100,80,car,1,10,20,10,50", "line 3", "no area", id="thin"
        ),
        pytest.param(
            "a.jpg,100,80,car,1,ten,20,30,50",
            "line 3",
            "xmin is 'ten', not a number",
            id="text for a number",
        ),
        pytest.param(
            "a.jpg,100,80,car,1,10,20,inf,50",
            "line 3",
            "xmax is 'inf', not a number",
            id="infinite",
        ),
        pytest.param(
            "a.jpg,100,80.5,car,1,10,20,30,50",
            "line 3",
            "height is '80.5', not a whole number",
            id="half a pixel high",
        ),
        pytest.param(
            "a.jpg,100,80,car,1e30,10,20,30,50",
            "line 3",
            "class_id is '1e30'",
            id="huge id",
        ),
        pytest.param(
            "a.jpg,100,80,car,1,,20,30,50",
            "line 3",
            "a coordinate is missing",
            id="no xmin",
        ),
        pytest.param(
            "a.jpg,100,80,,1,10,20,30,50",
            "line 3",
            "the class is empty but there is a box",
            id="no class",
        ),
        pytest.param(
            ",100,80,car,1,10,20,30,50",
            "line 3",
            "the file name is empty",
            id="no file name",
        ),
        pytest.param(
            "a.jpg,0,80,car,1,10,20,30,50",
            "line 3",
            "image size below 1 pixel",
            id="no width",
        ),
        pytest.param(
            "first.jpg,100,81,car,1,10,20,30,50",
            "line 3",
            "height differs from an earlier row",
            id="two sizes",
        ),
        pytest.param(
            "first.jpg,100,80,,,,,,",
            "line 3",
            "has boxes and also a row that says it has none",
            id="empty and not",
        ),
        pytest.param(
            "a.jpg,100,80,car,1,10,20,30,50,more",
            "",
            "is not a CSV file",
            id="too long",
        ),
    ],
)
def test_refuses_with_place_and_reason(
    line: str, place: str, complaint: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "first.jpg,100,80,car,1,10,20,30,50", line)
    with pytest.raises(InputError) as error:
        read_csv(path)
    assert str(error.value).startswith(f"{path} {place}".strip())
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(
            b"filename,class,xmin\n",
            "line 1: has no column width, height, ymin, xmax, ymax; "
            "expected filename,",
            id="columns missing",
        ),
        pytest.param(
            f"{HEADER}, class\n".encode(),
            "line 1: has two columns class",
            id="column twice",
        ),
        pytest.param(b"\xff\xfe\x00", "is not a CSV file", id="no text"),
        pytest.param(
            f"{HEADER}\na.jpg,100,80,car,1,10,20,30,50,,\n".encode(),
            "is not a CSV file",
            id="first row too long",
        ),
    ],
)
def test_refuses_what_is_no_annotations_csv(
    content: bytes, complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "all.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=complaint):
        read_csv(path)


def test_a_rounded_box_may_reach_half_a_pixel_outside(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jpg,100,80,car,1,-0.5,20,100.5,50")
    assert len(read_csv(path)) == 1


def test_a_byte_order_mark_and_short_rows_do_not_matter(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "none.jpg,100,80", header=f"\ufeff{HEADER}")
    assert list(read_csv(path)["filename"]) == ["none.jpg"]


@pytest.mark.parametrize(
    ("repeats", "complaint"),
    [
        pytest.param(("2", "3"), "repeats differs from an", id="two numbers"),
        pytest.param(("0", "0"), "repeats is below 1", id="never"),
    ],
)
def test_an_image_is_repeated_as_a_whole(
    repeats: tuple[str, str], complaint: str, tmp_path: Path
) -> None:
    boxes = [f"a.jpg,100,80,car,1,10,20,30,50,{count}" for count in repeats]
    path = written(tmp_path, *boxes, header=f"{HEADER},repeats")
    with pytest.raises(InputError, match=complaint):
        read_csv(path)


def test_an_image_is_taken_once_unless_said_otherwise(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "a.jpg,100,80,car,1,10,20,30,50,",
        "b.jpg,100,80,,,,,,,3",
        header=f"{HEADER},repeats",
    )
    assert read_csv(path)["repeats"].tolist() == [1, 3]


def test_class_names_are_sorted_and_leave_out_empty_images() -> None:
    rows = table(row(), row(class_name="bus"), row(), empty())
    assert class_names(rows) == ["bus", "car"]
