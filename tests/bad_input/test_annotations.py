"""Annotations that are malformed, contradictory, or of something else."""

import json
from typing import Any

import pytest

from tests.bad_input.conftest import Given, Lay, Refuses

HEADER = "filename,width,height,class,class_id,xmin,ymin,xmax,ymax"
CAR = "a.jpg,100,80,car,1,10,20,30,50"
SPLIT = "split_csv all.csv --output parts"


def csv(*lines: str, header: str = HEADER) -> Given:
    return {"all.csv": "\n".join([header, *lines]) + "\n"}


@pytest.mark.parametrize(
    ("given", "line"),
    [
        pytest.param({}, "all.csv: no such file", id="missing"),
        pytest.param({"all.csv": ""}, "all.csv: is empty", id="empty"),
        pytest.param({"all.csv/": ""}, "all.csv: is not a file", id="folder"),
        pytest.param(
            {"all.csv": "\n\n\n"},
            "all.csv: is not a CSV file (No columns to parse from file)",
            id="blank lines alone",
        ),
        pytest.param(
            {"all.csv": b"\x89PNG\r\n\x1a\n\xff\xfe"},
            "all.csv: is not a CSV file ...",
            id="an image",
        ),
        pytest.param(
            {"all.csv": b"filename,class\n\xe9t\xe9.jpg,car\n"},
            "all.csv: is not a CSV file ...",
            id="not UTF-8",
        ),
        pytest.param(
            csv(CAR.replace(",", ";"), header=HEADER.replace(",", ";")),
            "all.csv line 1: has no column filename, width, height, class, "
            "xmin, ymin, xmax, ymax; expected filename,width,height,...",
            id="semicolons",
        ),
        pytest.param(
            csv("a.jpg,car", header="filename,class"),
            "all.csv line 1: has no column width, height, xmin, ymin, xmax, "
            "ymax; expected filename,width,height,class,...",
            id="columns missing",
        ),
        pytest.param(
            csv(f"{CAR},bus", header=f"{HEADER},class"),
            "all.csv line 1: has two columns class",
            id="column twice",
        ),
        pytest.param(
            csv(),
            "all.csv: has too few images for a train part; label more "
            "images or change --val and --test",
            id="header alone",
        ),
        pytest.param(
            csv(CAR, f"{CAR},surplus"),
            "all.csv: is not a CSV file (...line 3...)",
            id="row too long",
        ),
        pytest.param(
            csv(CAR, "a.jpg,100,80,car,1,10,20"),
            "all.csv line 3: a coordinate is missing or not finite: ...",
            id="row too short",
        ),
        pytest.param(
            csv(CAR, 'b.jpg,100,80,"car,1,10,20,30,50'),
            "all.csv: is not a CSV file ...",
            id="quote that never closes",
        ),
        pytest.param(
            csv(CAR, "a.jpg,100,80,car,1,nan,20,30,50"),
            "all.csv line 3: xmin is 'nan', not a number",
            id="coordinate nan",
        ),
        pytest.param(
            csv(CAR, "a.jpg,100,80,car,1,1e999,20,30,50"),
            "all.csv line 3: xmin is '1e999', not a number",
            id="coordinate beyond float",
        ),
        pytest.param(
            csv(CAR, "a.jpg,100,80,car,1,10,20,900,50"),
            "all.csv line 3: the box reaches outside the image: image a.jpg, "
            "width 100, height 80, xmin 10, ymin 20, xmax 900, ymax 50; "
            "correct or remove it",
            id="box outside the image",
        ),
        pytest.param(
            csv(CAR, "a.jpg,100,80,car,1,30,20,10,50"),
            "all.csv line 3: the box is inside out or has no area: image "
            "a.jpg, width 100, height 80, xmin 30, ymin 20, xmax 10, "
            "ymax 50; correct or remove it",
            id="box inside out",
        ),
        pytest.param(
            csv(CAR, "a.jpg,-100,80,car,1,10,20,30,50"),
            "all.csv line 3: image size below 1 pixel: ...",
            id="width below 0",
        ),
        pytest.param(
            csv(CAR, "a.jpg,80,100,car,1,10,20,30,50"),
            "all.csv line 3: width differs from an earlier row of the "
            "image: ...",
            id="two sizes of one image",
        ),
        pytest.param(
            csv(CAR, ",100,80,car,1,10,20,30,50"),
            "all.csv line 3: the file name is empty: ...",
            id="no file name",
        ),
        pytest.param(
            csv(CAR),
            "all.csv: has too few images for a val part; label more images "
            "or change --val and --test",
            id="one image for three parts",
        ),
    ],
)
def test_csv(given: Given, line: str, lay: Lay, refuses: Refuses) -> None:
    lay(given)
    refuses(SPLIT, line)


def test_an_input_is_not_overwritten(lay: Lay, refuses: Refuses) -> None:
    lay({"train.csv": f"{HEADER}\n{CAR}\n"})
    refuses(
        "split_csv train.csv",
        "train.csv: would be overwritten; name another --output",
    )


IMAGE = {"id": 9, "file_name": "a.jpg", "width": 100, "height": 80}
BOX = {"id": 7, "image_id": 9, "category_id": 3, "bbox": [1, 2, 30, 40]}
CATEGORY = {"id": 3, "name": "car"}


def coco(
    images: Any = (IMAGE,),
    annotations: Any = (BOX,),
    categories: Any = (CATEGORY,),
) -> Given:
    document = {
        "images": images,
        "annotations": annotations,
        "categories": categories,
    }
    return {"all.json": json.dumps(document)}


@pytest.mark.parametrize(
    ("given", "line"),
    [
        pytest.param({}, "all.json: no such file", id="missing"),
        pytest.param({"all.json": ""}, "all.json: is empty", id="empty"),
        pytest.param(
            {"all.json/": ""}, "all.json: is not a file", id="folder"
        ),
        pytest.param(
            {"all.json": '{"images": [\n {"id": 1,'},
            "all.json line 2 column 11: is not JSON (Expecting property "
            "name enclosed in double quotes)",
            id="malformed",
        ),
        pytest.param(
            {"all.json": '{"images": "é"'.encode("latin-1")},
            "all.json: is not UTF-8 (invalid continuation byte)",
            id="not UTF-8",
        ),
        pytest.param(
            {"all.json": "[" * 99_999},
            "all.json: is not JSON (...)",
            id="endless",
        ),
        pytest.param(
            {"all.json": '{"images": [], "images": [], "annotations": []}'},
            "all.json: is not JSON (an object has two values of 'images')",
            id="a key twice",
        ),
        pytest.param(
            {"all.json": "[]"},
            "all.json: has no list 'images'; expected COCO's instances format",
            id="results, not instances",
        ),
        pytest.param(
            coco(annotations=[{**BOX, "image_id": 8}]),
            "all.json annotation 7: image_id 8 is not in the file",
            id="unknown image",
        ),
        pytest.param(
            coco(annotations=[{**BOX, "category_id": 4}]),
            "all.json annotation 7: category_id 4 is not in the file",
            id="unknown category",
        ),
        pytest.param(
            coco(annotations=[{**BOX, "bbox": [1, 2, 30]}]),
            "all.json annotations item 1, id 7: is not as COCO writes it "
            "(not enough values to unpack (expected 4, got 3))",
            id="three numbers",
        ),
        pytest.param(
            coco(annotations=[{**BOX, "bbox": [1, 2, None, 4]}]),
            "all.json annotations item 1, id 7: is not as COCO writes it "
            "(...)",
            id="null for a number",
        ),
        pytest.param(
            coco(images=[IMAGE, {**IMAGE, "file_name": "b.jpg"}]),
            "all.json: image_id 9 occurs twice",
            id="image id twice",
        ),
        pytest.param(
            coco(images=[IMAGE, {**IMAGE, "id": 1}]),
            "all.json: filename a.jpg occurs twice",
            id="two images of one name",
        ),
        pytest.param(
            coco(categories=[CATEGORY, {"id": 3, "name": "bus"}]),
            "all.json: class_id 3 occurs twice",
            id="category id twice",
        ),
        pytest.param(
            coco(images=[{**IMAGE, "width": 0}]),
            "all.json image a.jpg: image size below 1 pixel: ...",
            id="no width",
        ),
        pytest.param(
            coco(annotations=[]),
            "all.json: no box is left; ...",
            id="no box",
        ),
        pytest.param(
            coco(annotations=[{**BOX, "bbox": [1, 2, 3000, 4]}]),
            "all.json: no box is left; ...",
            id="bad boxes alone",
        ),
    ],
)
def test_coco(given: Given, line: str, lay: Lay, refuses: Refuses) -> None:
    lay(given)
    refuses("coco_to_csv all.json --output all.csv", line)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        pytest.param(
            "--classes cars",
            "all.json: has no class 'cars', did you mean 'car'?; it has car",
            id="unknown class",
        ),
        pytest.param(
            "--rename cars=bus",
            "all.json: has no class 'cars', did you mean 'car'?; it has car",
            id="unknown class to rename",
        ),
    ],
)
def test_classes(options: str, line: str, lay: Lay, refuses: Refuses) -> None:
    lay(coco())
    refuses(f"coco_to_csv all.json {options}", line)


SIZE = "<size><width>100</width><height>80</height></size>"
EDGES = "<xmin>10</xmin><ymin>20</ymin><xmax>30</xmax><ymax>50</ymax>"
OBJECT = f"<object><name>car</name><bndbox>{EDGES}</bndbox></object>"


def xml(*parts: str, name: str = "a.jpg") -> str:
    head = f"<annotation>\n<filename>{name}</filename>"
    return f"{head}\n{''.join(parts)}</annotation>"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        pytest.param({}, "xml: no such folder", id="missing"),
        pytest.param({"xml": "x"}, "xml: is not a folder", id="a file"),
        pytest.param({"xml/": ""}, "xml: holds no .xml files", id="no file"),
        pytest.param({"xml/a.xml": ""}, "xml/a.xml: is empty", id="empty"),
        pytest.param(
            {"xml/a.xml/": ""}, "xml/a.xml: is not a file", id="folder"
        ),
        pytest.param(
            {"xml/a.xml": "<annotation>\n<filename>a.jpg"},
            "xml/a.xml line 2 column 16: is not XML (...)",
            id="malformed",
        ),
        pytest.param(
            {"xml/a.xml": b"<annotation><filename>\xe9</filename>"},
            "xml/a.xml line 1 column ...: is not XML (...)",
            id="not UTF-8",
        ),
        pytest.param(
            {"xml/a.xml": xml(OBJECT)},
            "xml/a.xml: tells no size, and there is no image xml/a.jpg; "
            "name the folder of the images by --images",
            id="no size and no image",
        ),
        pytest.param(
            {"xml/a.xml": xml(SIZE, OBJECT.replace("car", ""))},
            "xml/a.xml line 3: <object> has no name",
            id="no class",
        ),
        pytest.param(
            {"xml/a.xml": xml(SIZE, OBJECT.replace("30", "wide"))},
            "xml/a.xml line 3: bndbox/xmax is 'wide', not a number",
            id="text for a number",
        ),
        pytest.param(
            {"xml/a.xml": xml(SIZE), "xml/b.xml": xml(SIZE)},
            "xml/b.xml: annotates a.jpg as xml/a.xml does",
            id="two files for one image",
        ),
        pytest.param(
            {"xml/a.xml": xml(SIZE)},
            "xml: no box is left; ...",
            id="no box",
        ),
        pytest.param(
            {"xml/a.xml": f"<html>{SIZE}</html>"},
            "xml/a.xml line 1: <html> has no filename",
            id="another document",
        ),
    ],
)
def test_voc(given: Given, line: str, lay: Lay, refuses: Refuses) -> None:
    lay(given)
    refuses("voc_to_csv xml --output all.csv", line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("", "all.json: is empty", id="empty"),
        pytest.param(
            "[{", "all.json line 1 column 3: is not JSON (...)", id="malformed"
        ),
        pytest.param(
            '{"images": []}',
            "all.json: is a dict, expected a list of images",
            id="COCO's",
        ),
        pytest.param(
            '[{"id": 1}]',
            "all.json item 1: is not as LinkedAI writes it "
            "(KeyError('image')); expected {id, image, width, height, "
            "tags: [{pos: {x, y, w, h}, name, type}]}",
            id="an item without image",
        ),
        pytest.param("[]", "all.json: no box is left; ...", id="no image"),
    ],
)
def test_linkedai(text: str, line: str, lay: Lay, refuses: Refuses) -> None:
    lay({"all.json": text})
    refuses("linkedai_to_csv all.json --output all.csv", line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(
            "",
            "map.pbtxt: is empty; make one with scripts/make_label_map.py",
            id="empty",
        ),
        pytest.param("# nothing", "map.pbtxt: has no item", id="no item"),
        pytest.param(
            'item {\n  id: 1\n  name "car"\n}',
            "map.pbtxt line 3 column 8: is not a label map (...); expected "
            'item { id: 1 name: "person" } ...',
            id="malformed",
        ),
        pytest.param(
            b"item { id: 1 name: '\xe9' }",
            "map.pbtxt: is not UTF-8 (invalid continuation byte)",
            id="not UTF-8",
        ),
        pytest.param(
            "item { id: 1 name: 'car' } item { id: 1 name: 'bus' }",
            "map.pbtxt: id 1 stands for 'car' and 'bus'; ids count from 1, "
            "once each",
            id="id twice",
        ),
        pytest.param(
            "item { id: 1 name: 'car' } item { id: 2 name: 'car' }",
            "map.pbtxt: 'car' has two ids; ids count from 1, once each",
            id="name twice",
        ),
        pytest.param(
            "item { id: 0 name: 'car' }",
            "map.pbtxt: id 0 of 'car' is below 1; ids count from 1, once each",
            id="id 0",
        ),
        pytest.param(
            "item { id: -4 name: 'car' }",
            "map.pbtxt: id -4 of 'car' is below 1; ids count from 1, once "
            "each",
            id="id below 0",
        ),
        pytest.param(
            "item { id: 99999999999 name: 'car' }",
            "map.pbtxt line 1 column ...: is not a label map (...); ...",
            id="id beyond 32 bits",
        ),
        pytest.param(
            "item { id: 1 }",
            "map.pbtxt: id 1 has no name; ids count from 1, once each",
            id="no name",
        ),
        pytest.param(
            "item { id: 1 name: 'cars' }",
            "all.csv: unknown class 'car', did you mean 'cars'? (known: "
            "cars), in 1 rows; rename the class or make another label map",
            id="class that it does not know",
        ),
    ],
)
def test_label_map(
    text: str | bytes, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay({**csv(CAR), "map.pbtxt": text, "images/": ""})
    refuses(
        "csv_to_tfrecord all.csv --images images --label-map map.pbtxt "
        "--output records",
        line,
    )
