"""YOLO's label files and data.yaml to the annotation table and back."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from crossline.annotations.categories import source_categories
from crossline.annotations.table import class_names, has_box, rows_of
from crossline.annotations.yolo import read_yolo, write_yolo
from crossline.annotations.yolo_layout import label_of
from crossline.errors import InputError
from tests.annotations.data_sets import LABEL, picture, text, yolo
from tests.annotations.rows import boxes_of, empty, require_shared, row, table

CAR = (10, 20, 30, 50)


def described(folder: Path) -> Any:
    return yaml.safe_load((folder / "data.yaml").read_text())


def files(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


@pytest.mark.parametrize("source", ["data.yaml", "."])
def test_reads_boxes_sizes_classes_and_parts(
    source: str, tmp_path: Path
) -> None:
    yolo(tmp_path)
    found, left_out = read_yolo(tmp_path / source)
    expected = table(
        row("images/train/a.png", "car", CAR),
        empty("images/val/none.png", width=60, height=40),
    ).assign(split=["train", "val"])
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert not left_out
    categories = source_categories(found)
    assert [(each.id, each.name) for each in categories] == [
        (0, "car"),
        (1, "bus"),
    ]


@pytest.mark.parametrize(
    "description",
    [
        pytest.param({"names": {0: "car", 1: "bus"}}, id="names by number"),
        pytest.param({"names": {"0": "car"}}, id="numbers as text"),
        pytest.param({"path": "."}, id="path is here"),
        pytest.param({"path": "/content/datasets/x"}, id="another machine's"),
        pytest.param({"path": "C:\\data\\street"}, id="Windows's"),
        pytest.param({"train": "../images/train"}, id="Roboflow's ../"),
        pytest.param({"train": ["images/train"]}, id="list of folders"),
        pytest.param({"train": "images\\train"}, id="backslash"),
        pytest.param({"train": "train.txt"}, id="list of files"),
        pytest.param({"train": "./train.txt", "nc": 2}, id="nc"),
        pytest.param({"test": None}, id="test is empty"),
    ],
)
def test_reads_data_yaml_as_tools_write_it(
    description: dict[str, Any], tmp_path: Path
) -> None:
    yolo(tmp_path, **description)
    text(tmp_path / "train.txt", "./images/train/a.png\n\n")
    found, left_out = read_yolo(tmp_path)
    assert boxes_of(found) == [pytest.approx(CAR)]
    assert found["split"].tolist() == ["train", "val"]
    assert not left_out


def test_a_path_may_lead_elsewhere(tmp_path: Path) -> None:
    yolo(tmp_path / "sets/street", path="../sets/street")
    source = tmp_path / "sets/street/data.yaml"
    source.rename(tmp_path / "sets/street.yaml")
    text(
        tmp_path / "sets/street.yaml",
        "path: street\ntrain: images/train\nnames: [car]\n",
    )
    found, _ = read_yolo(tmp_path / "sets/street.yaml")
    assert found["filename"].tolist() == ["images/train/a.png"]


def test_roboflow_s_folders(tmp_path: Path) -> None:
    for part in ("train", "valid"):
        picture(tmp_path / part / "images/a.png")
        text(tmp_path / part / "labels/a.txt", LABEL)
    text(
        tmp_path / "data.yaml",
        "train: ../train/images\nval: ../valid/images\ntest: ../test/images\n"
        "nc: 1\nnames: ['car']\n",
    )
    found, left_out = read_yolo(tmp_path)
    assert found["filename"].tolist() == [
        "train/images/a.png",
        "valid/images/a.png",
    ]
    assert found["split"].tolist() == ["train", "val"]
    assert left_out == {"test: ../test/images, which is not there": 1}


@pytest.mark.parametrize("names", ["classes.txt", "obj.names"])
@pytest.mark.parametrize(
    ("image", "label"),
    [
        pytest.param("images/a.png", "labels/a.txt", id="Label Studio's"),
        pytest.param("images/a.png", "images/a.txt", id="labelImg's"),
        pytest.param(
            "obj_train_data/a.png", "obj_train_data/a.txt", id="CVAT"
        ),
    ],
)
def test_names_may_stand_in_a_list_of_their_own(
    names: str, image: str, label: str, tmp_path: Path
) -> None:
    text(tmp_path / names, "car\nbus\n")
    picture(tmp_path / image)
    text(tmp_path / label, LABEL)
    found, left_out = read_yolo(tmp_path)
    assert boxes_of(found) == [pytest.approx(CAR)]
    assert found["filename"].tolist() == [image]
    assert "split" not in found
    assert not left_out


def test_cvat_s_folders_tell_the_parts(tmp_path: Path) -> None:
    text(tmp_path / "obj.names", "car\n")
    for part in ("train", "valid"):
        picture(tmp_path / f"obj_{part}_data/{part}.png")
        text(tmp_path / f"obj_{part}_data/{part}.txt", LABEL)
    found, left_out = read_yolo(tmp_path)
    assert found["split"].tolist() == ["train", "val"]
    assert not left_out


def test_one_folder_for_training_and_validation_is_no_parting(
    tmp_path: Path,
) -> None:
    yolo(tmp_path, val="images/train")
    found, left_out = read_yolo(tmp_path)
    assert "split" not in found
    assert len(found) == 1
    assert not left_out


def test_images_may_be_elsewhere(tmp_path: Path) -> None:
    yolo(tmp_path / "labels_only")
    (tmp_path / "labels_only/images").rename(tmp_path / "images")
    text(tmp_path / "labels/train/a.txt", LABEL)
    found, _ = read_yolo(tmp_path / "labels_only", tmp_path)
    assert boxes_of(found) == [pytest.approx(CAR)]


@pytest.mark.parametrize(
    ("line", "box", "reason"),
    [
        pytest.param(
            "0 0.2 0.4375 0.2 0.375 0.91", CAR, "confidence of a box", id="6"
        ),
        pytest.param(
            "0 0.1 0.25 0.3 0.3 0.2 0.625",
            CAR,
            "outline of an object (the box around it is kept)",
            id="outline",
        ),
        pytest.param(
            "0 0.1 0.25 0.3 0.25 0.3 0.625 0.1 0.625",
            CAR,
            "outline of an object (the box around it is kept)",
            id="oriented box",
        ),
        pytest.param("0.0 0.2 0.4375 0.2 0.375", CAR, None, id="class 0.0"),
        pytest.param("  0  .2 .4375\t.2 .375 ", CAR, None, id="spaces"),
        pytest.param(
            "0 0.99 0.5 0.5 0.5", None, "box outside the image", id="outside"
        ),
        pytest.param(
            "0 0.5 0.5 0 0.5",
            None,
            "box inside out or without area",
            id="no width",
        ),
        pytest.param(
            "0 nan 0.5 0.1 0.5",
            None,
            "box with a coordinate that is no number",
            id="nan",
        ),
    ],
)
def test_takes_what_lines_tell_of_a_box(
    line: str, box: tuple[float, ...] | None, reason: str, tmp_path: Path
) -> None:
    yolo(tmp_path)
    text(tmp_path / "labels/train/a.txt", f"{line}\n")
    found, left_out = read_yolo(tmp_path)
    assert boxes_of(found) == ([pytest.approx(box)] if box else [])
    assert left_out == ({reason: 1} if reason else {})


def test_counts_files_without_their_fellow(tmp_path: Path) -> None:
    yolo(tmp_path, train="train.txt")
    text(tmp_path / "train.txt", "images/train/a.png\nimages/train/b.png\n")
    text(tmp_path / "labels/train/c.txt", LABEL)
    text(tmp_path / "labels/train/classes.txt", "car\n")
    found, left_out = read_yolo(tmp_path)
    assert len(found) == 2
    assert left_out == {
        "image of train.txt that is not there": 1,
        "label file without an image": 1,
    }


def test_an_image_stays_in_the_first_of_its_parts(tmp_path: Path) -> None:
    yolo(tmp_path, val="images")
    found, left_out = read_yolo(tmp_path)
    assert found["split"].tolist() == ["train", "val"]
    assert left_out == {"image of val that is in train, too": 1}


@pytest.mark.parametrize(
    ("image", "label"),
    [
        ("images/train/a.png", "labels/train/a.txt"),
        ("/data/images/x/images/a.b.png", "/data/images/x/labels/a.b.txt"),
        ("pictures/a.png", "pictures/a.txt"),
        ("images", "images.txt"),
    ],
)
def test_the_last_images_becomes_labels(image: str, label: str) -> None:
    assert label_of(Path(image)) == Path(label)


def test_writes_what_ultralytics_reads(tmp_path: Path) -> None:
    for name in ("a.png", "sub/b.png"):
        picture(tmp_path / "photos" / name)
    rows = table(
        row("a.png", "car", CAR, class_id=7),
        row("a.png", "bus", (0, 0, 100, 80), class_id=9),
        empty("sub/b.png"),
    ).assign(split=["train", "train", "val"])
    write_yolo(rows, tmp_path / "out", tmp_path / "photos")
    assert described(tmp_path / "out") == {
        "train": "images/train",
        "val": "images/val",
        "names": {0: "car", 1: "bus"},
    }
    assert files(tmp_path / "out") == [
        "data.yaml",
        "images/train/a.png",
        "images/val/sub/b.png",
        "labels/train/a.txt",
        "labels/val/sub/b.txt",
    ]
    label = (tmp_path / "out/labels/train/a.txt").read_text()
    assert label == "0 0.2 0.4375 0.2 0.375\n1 0.5 0.5 1 1\n"
    assert (tmp_path / "out/labels/val/sub/b.txt").read_text() == ""


def test_without_parts_all_images_train_and_judge(tmp_path: Path) -> None:
    write_yolo(table(row(), empty()), tmp_path / "out")
    assert described(tmp_path / "out") == {
        "train": "images",
        "val": "images",
        "names": {0: "car"},
    }
    assert files(tmp_path / "out") == [
        "data.yaml",
        "labels/a.txt",
        "labels/none.txt",
    ]


def test_what_was_read_is_written_to_the_same_places(tmp_path: Path) -> None:
    yolo(tmp_path / "first")
    found, _ = read_yolo(tmp_path / "first")
    write_yolo(found, tmp_path / "second", tmp_path / "first")
    again, left_out = read_yolo(tmp_path / "second")
    pd.testing.assert_frame_equal(found, again)
    assert source_categories(again) == source_categories(found)
    assert not left_out


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        pytest.param(
            table(row("a.jpg"), row("a.png")),
            "labels/a.txt: belongs to a.jpg and to a.png; rename one",
            id="one label file",
        ),
        pytest.param(
            table(row("../a.jpg")),
            "cannot hold an image of the name '../a.jpg'",
            id="outside the folder",
        ),
        pytest.param(
            table(row("/etc/a.jpg")), "of the name '/etc/a.jpg'", id="absolute"
        ),
        pytest.param(
            table(row("a.jpg"), row("b.jpg")).assign(split=["train", ""]),
            "has no place for b.jpg, which is in no part; fill its cell in",
            id="part of the images has a part",
        ),
        pytest.param(
            table(row("b.jpg")).assign(split=["holdout"]),
            "no place for b.jpg of split 'holdout'; name one of train, val, "
            "test in the column split",
            id="unknown part",
        ),
        pytest.param(
            table(row("a.jpg"), row("a.jpg")).assign(split=["train", "val"]),
            "cannot hold a.jpg in two parts",
            id="two parts",
        ),
    ],
)
def test_refuses_what_it_cannot_write(
    rows: pd.DataFrame, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as error:
        write_yolo(rows, tmp_path / "out")
    assert complaint in str(error.value)
    assert not list(tmp_path.iterdir())


def test_an_image_that_is_missing_is_named(tmp_path: Path) -> None:
    picture(tmp_path / "photos/a.png")
    rows = table(row("a.png"), row("b.png"), row("c.png"))
    with pytest.raises(InputError, match=r"b\.png: no such image \(2 of 3"):
        write_yolo(rows, tmp_path / "out", tmp_path / "photos")
    assert not (tmp_path / "out").exists()


def test_raccoons_come_back(tmp_path: Path) -> None:
    from crossline.annotations.voc import read_voc

    folder = require_shared("voc/raccoon")
    rows, _ = read_voc(folder)
    write_yolo(rows, tmp_path / "out", folder / "images")
    again, left_out = read_yolo(tmp_path / "out")
    assert not left_out
    assert class_names(again) == ["raccoon"]
    assert has_box(again).sum() == 217
    wanted = {(f"images/{each.filename}", each.xmax) for each in rows_of(rows)}
    found = {(each.filename, round(each.xmax, 6)) for each in rows_of(again)}
    assert found == wanted
