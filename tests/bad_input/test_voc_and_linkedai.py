"""XML and JSON of other tools: malformed, or something else."""

import pytest

from tests.bad_input.conftest import Given, Lay, Refuses

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
