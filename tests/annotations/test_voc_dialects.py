"""Pascal VOC's XML as tools write it, each in its own words.

labelImg is read from its own files in test_voc.py.
"""

from pathlib import Path

import pandas as pd
import pytest

from crossline.annotations.voc import read_voc
from tests.annotations.data_sets import picture, text
from tests.annotations.rows import row, table

SIZE = "<size><width>100</width><height>80</height><depth>3</depth></size>"

LABEL_IMG_ON_WINDOWS = f"""<annotation verified="yes">
\t<folder>photos</folder>
\t<filename>a.jpg</filename>
\t<path>C:\\Users\\Ana\\photos\\a.jpg</path>
\t<source><database>Unknown</database></source>
\t{SIZE}
\t<segmented>0</segmented>
\t<object>
\t\t<name>car</name>
\t\t<pose>Unspecified</pose>
\t\t<truncated>1</truncated>
\t\t<difficult>1</difficult>
\t\t<bndbox>
\t\t\t<xmin>10</xmin><ymin>20</ymin><xmax>30</xmax><ymax>50</ymax>
\t\t</bndbox>
\t</object>
</annotation>"""

CVAT = f"""<annotation>
  <folder/>
  <filename>day 1/a.jpg</filename>
  <source>
    <database>Unknown</database>
    <annotation>Unknown</annotation>
    <image>Unknown</image>
  </source>
  {SIZE}
  <segmented>0</segmented>
  <object>
    <name>car</name>
    <truncated>0</truncated>
    <occluded>1</occluded>
    <difficult>0</difficult>
    <bndbox>
      <xmin>10.04</xmin>
      <ymin>20.5</ymin>
      <xmax>30.0</xmax>
      <ymax>50.0</ymax>
    </bndbox>
    <attributes>
      <attribute><name>rotation</name><value>0.0</value></attribute>
    </attributes>
  </object>
</annotation>"""

ROBOFLOW = f"""<annotation>
	<folder></folder>
	<filename>a_jpg.rf.0123abcd.jpg</filename>
	<path>a_jpg.rf.0123abcd.jpg</path>
	<source><database>roboflow.com</database></source>
	{SIZE}
	<segmented>0</segmented>
	<object>
		<name>car</name>
		<pose>Unspecified</pose>
		<truncated>0</truncated>
		<difficult>0</difficult>
		<occluded>0</occluded>
		<bndbox>
			<xmin>10</xmin>
			<xmax>30</xmax>
			<ymin>20</ymin>
			<ymax>50</ymax>
		</bndbox>
	</object>
</annotation>"""

LABEL_STUDIO = f"""<?xml version="1.0" encoding="utf-8"?>
<annotation>
<folder>images</folder>
<filename>1a2b3c4d-a</filename>
<source>
<database>MyDatabase</database>
<annotation>COCO2017</annotation>
<image>flickr</image>
<flickrid>NULL</flickrid>
<annotator>1</annotator>
</source>
<owner><flickrid>NULL</flickrid><name>Label Studio</name></owner>
{SIZE}
<segmented>0</segmented>
<object>
<name>car</name>
<pose>Unspecified</pose>
<truncated>0</truncated>
<difficult>0</difficult>
<bndbox>
<xmin>10</xmin><ymin>20</ymin><xmax>30</xmax><ymax>50</ymax>
</bndbox>
</object>
</annotation>"""


@pytest.mark.parametrize(
    ("content", "place", "image", "expected", "left_out"),
    [
        pytest.param(
            LABEL_IMG_ON_WINDOWS,
            "a.xml",
            "a.jpg",
            table(row("a.jpg", difficult=True)).assign(truncated=["1"]),
            {},
            id="labelImg",
        ),
        pytest.param(
            CVAT,
            "Annotations/day 1/a.xml",
            "JPEGImages/day 1/a.jpg",
            table(row("day 1/a.jpg", box=(10.04, 20.5, 30, 50))).assign(
                occluded=["1"]
            ),
            {"<attributes> of an object": 1},
            id="CVAT",
        ),
        pytest.param(
            ROBOFLOW,
            "valid/a_jpg.rf.0123abcd.xml",
            "valid/a_jpg.rf.0123abcd.jpg",
            table(row("valid/a_jpg.rf.0123abcd.jpg")).assign(split=["val"]),
            {},
            id="Roboflow",
        ),
        pytest.param(
            LABEL_STUDIO,
            "Annotations/1a2b3c4d-a.xml",
            "images/1a2b3c4d-a.png",
            table(row("1a2b3c4d-a.png")),
            {},
            id="Label Studio",
        ),
    ],
)
def test_reads_what_tools_write(
    content: str,
    place: str,
    image: str,
    expected: pd.DataFrame,
    left_out: dict[str, int],
    tmp_path: Path,
) -> None:
    text(tmp_path / place, content)
    picture((tmp_path / image).with_suffix(".png"))
    found, reasons = read_voc(tmp_path)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert reasons == left_out
