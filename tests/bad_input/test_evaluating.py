"""What cannot be judged: classes, images and kept detections."""

import json

import pytest

from tests.bad_input.conftest import Lay, Refuses


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("results", "line"),
    [
        pytest.param("", "r.json: is empty", id="empty"),
        pytest.param(
            "[{", "r.json line 1 column 3: is not JSON (...)", id="malformed"
        ),
        pytest.param(
            "{}",
            "r.json: is not in COCO's results format, which is a list; name "
            "the detections file that evaluate.py wrote",
            id="an evaluation, not its detections",
        ),
        pytest.param(
            json.dumps([{"image_id": 1, "category_id": 1}]),
            "r.json result 1: is not in COCO's results format "
            "(KeyError('bbox')); expected image_id, category_id, bbox and "
            "score",
            id="no box",
        ),
        pytest.param(
            '[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, NaN], '
            '"score": 1}]',
            "r.json result 1: is not in COCO's results format (...nan...); "
            "expected image_id, category_id, bbox and score",
            id="coordinate nan",
        ),
        pytest.param(
            json.dumps(
                [
                    {
                        "image_id": 5,
                        "category_id": 1,
                        "bbox": [1, 2, 3, 4],
                        "score": 1,
                    }
                ]
            ),
            "r.json result 1: image 5 is not in val.csv; detections are "
            "judged on the images that they are of",
            id="detections of other images",
        ),
    ],
)
def test_kept_detections(
    results: str, line: str, lay: Lay, refuses: Refuses
) -> None:
    header = "filename,width,height,class,class_id,xmin,ymin,xmax,ymax"
    lay(
        {
            "r.json": results,
            "val.csv": f"{header}\na.png,80,60,red,1,1,2,30,40\n",
        }
    )
    refuses("evaluate r.json --annotations val.csv --output out.json", line)


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("row", "options", "line"),
    [
        pytest.param(
            "blue,1,1,2,30,40",
            "",
            "tiny.tflite: does not know the class blue; judge it by others; "
            "it knows red, green",
            id="class that the model does not know",
        ),
        pytest.param(
            "red,1,1,2,30,40",
            "--classes blue",
            "val.csv: holds no object of class blue; its classes are red",
            id="class that nothing is of",
        ),
        pytest.param(
            ",,,,,",
            "",
            "val.csv: holds no object to judge by",
            id="no object",
        ),
        pytest.param(
            "red,1,1,2,30,40",
            "--images none",
            "none: no such folder",
            id="no folder of images",
        ),
        pytest.param(
            "red,1,1,2,30,40",
            "",
            "a.png: no such file; 1 of 1 annotated images are missing; name "
            "the folder that the filenames are relative to",
            id="no image",
        ),
    ],
)
def test_evaluating(
    row: str, options: str, line: str, lay: Lay, refuses: Refuses
) -> None:
    header = "filename,width,height,class,class_id,xmin,ymin,xmax,ymax"
    lay({"val.csv": f"{header}\na.png,80,60,{row}\n"})
    refuses(
        f"evaluate tiny.tflite --annotations val.csv --output out.json "
        f"{options}",
        line,
    )
