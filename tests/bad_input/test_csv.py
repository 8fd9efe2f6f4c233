"""Annotation CSVs that are malformed, contradictory, or something else."""

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
