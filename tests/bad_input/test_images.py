"""Images that are damaged are named; those that are merely odd are read."""

import json
from pathlib import Path

import numpy as np
import pytest

from crossline.annotations.table import Annotation, table_of, write_csv
from crossline.records.label_map import LabelMap, write_label_map
from crossline.records.read import read_records, require_records
from tests.bad_input import pictures
from tests.bad_input.conftest import Lay, Refuses, Run, matches
from tests.records.pictures import BOX, bright_box, row

RECORDS = (
    "csv_to_tfrecord all.csv --images images --label-map map.pbtxt "
    "--output records"
)
REMOVE = "; replace or remove it"

DAMAGED = [
    pytest.param(b"", "is empty", "is empty", id="empty"),
    pytest.param(
        b"<html>404 Not Found</html>",
        f"cannot be read as an image (of no known format){REMOVE}",
        "is no image that can be read, or cut short",
        id="a web page",
    ),
    pytest.param(
        pictures.noise()[:-1500],
        f"cannot be read as an image (...truncated...){REMOVE}",
        "is no image that can be read, or cut short",
        id="JPEG cut short",
    ),
    pytest.param(
        pictures.noise("PNG")[:-1500],
        f"cannot be read as an image (...truncated...){REMOVE}",
        "is no image that can be read, or cut short",
        id="PNG cut short",
    ),
    pytest.param(
        pictures.noise("GIF")[:-1500],
        f"cannot be read as an image (...truncated...){REMOVE}",
        "is no image that can be read, or cut short",
        id="GIF cut short",
    ),
    pytest.param(
        pictures.png_header(60_000, 60_000),
        f"cannot be read as an image (...decompression bomb...){REMOVE}",
        "is no image that can be read, or cut short",
        id="3.6 billion pixels",
    ),
    pytest.param(
        pictures.picture("PNG").replace(b"IDAT", b"IDOT"),
        f"cannot be read as an image (...){REMOVE}",
        "is no image that can be read, or cut short",
        id="PNG without data",
    ),
]

ODD = [
    pytest.param(pictures.picture(mode="L"), "", id="grey"),
    pytest.param(pictures.picture("PNG", "L"), "", id="grey PNG"),
    pytest.param(pictures.picture("PNG", "P"), "", id="palette"),
    pytest.param(pictures.picture("PNG", "RGBA"), "", id="alpha"),
    pytest.param(pictures.grey_of_16_bits(), "", id="16 bits"),
    pytest.param(pictures.picture(mode="CMYK"), "JPEG CMYK", id="CMYK"),
    pytest.param(pictures.picture("BMP"), "BMP RGB", id="BMP named .jpg"),
    pytest.param(pictures.picture("WEBP"), "WEBP RGB", id="WebP named .jpg"),
    pytest.param(pictures.lying(), "EXIF orientation", id="EXIF-rotated"),
    pytest.param(pictures.picture() + bytes(500), "", id="bytes behind it"),
]


@pytest.fixture
def annotated(folder: Path) -> None:
    """An image that is good, one of which the file is not yet there."""
    table = table_of([row("good.jpg"), row("odd.jpg")])
    write_csv(table, folder / "all.csv")
    write_label_map(LabelMap.from_names(["car"]), folder / "map.pbtxt")
    (folder / "images").mkdir()
    (folder / "images" / "good.jpg").write_bytes(pictures.picture())


@pytest.mark.usefixtures("annotated")
@pytest.mark.parametrize(("data", "problem", "_"), DAMAGED)
def test_records_are_not_written_of_damage(
    data: bytes, problem: str, _: str, lay: Lay, refuses: Refuses
) -> None:
    lay({"images/odd.jpg": data})
    refuses(RECORDS, f"images/odd.jpg: {problem}")


@pytest.mark.usefixtures("annotated")
@pytest.mark.parametrize(("data", "problem", "_"), DAMAGED)
def test_damage_is_skipped_and_listed_if_one_says_so(
    data: bytes, problem: str, _: str, lay: Lay, run: Run
) -> None:
    lay({"images/odd.jpg": data})
    ended = run(f"{RECORDS} --skip-bad")
    assert (ended.status, ended.complained) == (0, "")
    _, skipped, wrote, _ = ended.said.splitlines()
    assert matches(f"skipped images/odd.jpg: {problem}", skipped)
    assert wrote.startswith("Wrote 1 images (0 without objects, 1 skipped)")
    (record,) = read_records(require_records("records/all-*"))
    assert record.filename == "good.jpg"


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(("data", "_", "problem"), DAMAGED)
def test_damage_is_skipped_and_listed_in_detecting(
    data: bytes, _: str, problem: str, lay: Lay, run: Run
) -> None:
    lay({"images/odd.jpg": data, "images/good.jpg": pictures.picture()})
    ended = run("detect_images images --model tiny.tflite --output out")
    assert ended.status == 1
    assert ended.complained == (
        "detect_images.py: out/detections.json: 1 of 2 images could not be "
        "read; they are listed there\n"
    )
    found = json.loads(Path("out/detections.json").read_text())
    assert [image["file"] for image in found["images"]] == ["good.jpg"]
    assert matches(
        f"images/odd.jpg: {problem}", found["unreadable"]["odd.jpg"]
    )


@pytest.mark.usefixtures("annotated")
@pytest.mark.parametrize(("data", "reencoded"), ODD)
def test_odd_images_are_recorded_as_they_look(
    data: bytes, reencoded: str, lay: Lay, run: Run
) -> None:
    lay({"images/odd.jpg": data})
    ended = run(RECORDS)
    assert (ended.status, ended.complained) == (0, "")
    line = f"images encoded again: {reencoded}\n"
    assert (line in ended.said) is bool(reencoded)
    for record in read_records(require_records("records/all-*")):
        assert bright_box(record.image()) == list(BOX)
        np.testing.assert_allclose(record.boxes, [BOX], rtol=1e-6)


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(("data", "_"), ODD)
def test_odd_images_are_detected_in(
    data: bytes, _: str, lay: Lay, run: Run
) -> None:
    lay({"odd.jpg": data})
    ended = run("detect_images odd.jpg --model tiny.tflite --output out")
    assert (ended.status, ended.complained) == (0, "")
    found = json.loads(Path("out/detections.json").read_text())
    (image,) = found["images"]
    # The model sees 32 x 32 pixels.
    assert image["detections"][0]["box"] == pytest.approx(BOX, abs=3)


@pytest.mark.usefixtures("annotated")
@pytest.mark.parametrize(
    ("name", "line"),
    [
        pytest.param(
            "other.jpg",
            "images/odd.jpg: no such file; 1 of 2 annotated images are "
            "missing; check --images, or pass --skip-bad",
            id="missing",
        ),
        pytest.param(
            "odd.jpg/",
            "images/odd.jpg: no such file; 1 of 2 annotated images are "
            "missing; check --images, or pass --skip-bad",
            id="a folder",
        ),
    ],
)
def test_missing(name: str, line: str, lay: Lay, refuses: Refuses) -> None:
    lay({f"images/{name}": ""})
    refuses(RECORDS, line)


@pytest.mark.usefixtures("annotated")
def test_a_link_to_itself(folder: Path, refuses: Refuses) -> None:
    (folder / "images" / "odd.jpg").symlink_to("odd.jpg")
    refuses(RECORDS, "images/odd.jpg: no such file; 1 of 2 annotated ...")


@pytest.mark.usefixtures("annotated")
def test_another_size_than_annotated(lay: Lay, refuses: Refuses) -> None:
    lay({"images/odd.jpg": pictures.picture()})
    write_csv(
        table_of([Annotation("odd.jpg", 90, 90, "car", 1, 1, 2, 3, 4)]),
        Path("all.csv"),
    )
    refuses(
        RECORDS,
        "odd.jpg: is 80x60 pixels (upright), annotated are 90x90; correct "
        "the annotation or the image",
    )


NAMES = [
    pytest.param("a b.jpg", id="space"),
    pytest.param("é 車.jpg", id="non-ASCII"),
    pytest.param("a\nb.jpg", id="newline"),
    pytest.param("-a.jpg", id="dash"),
    pytest.param("a,b;'\".jpg", id="CSV's own characters"),
    pytest.param("%s{0}.jpg", id="formats"),
]


@pytest.mark.usefixtures("annotated")
@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_recorded(name: str, folder: Path, run: Run) -> None:
    write_csv(table_of([row(name)]), folder / "all.csv")
    (folder / "images" / name).write_bytes(pictures.picture())
    assert run(RECORDS).status == 0
    (record,) = read_records(require_records("records/all-*"))
    assert record.filename == name


@pytest.mark.usefixtures("annotated")
@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_complained_of_in_one_line(
    name: str, folder: Path, refuses: Refuses
) -> None:
    write_csv(table_of([row(name)]), folder / "all.csv")
    refuses(RECORDS, "images/...: no such file; 1 of 1 annotated images ...")


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_detected_in(name: str, folder: Path, run: Run) -> None:
    (folder / "images").mkdir()
    (folder / "images" / name).write_bytes(pictures.picture())
    ended = run("detect_images images --model tiny.tflite --output out")
    assert (ended.status, ended.complained) == (0, "")
    assert (folder / "out" / name).is_file()


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("sources", "line"),
    [
        pytest.param("none.jpg", "none.jpg: no such file", id="missing"),
        pytest.param(
            "empty", "empty: holds no image (.bmp, ...)", id="folder without"
        ),
        pytest.param(
            "notes.txt", "notes.txt: is none of .bmp, ...", id="no image"
        ),
        pytest.param(
            "one two",
            "two/a.jpg: has the same name as one/a.jpg; detect in them one "
            "after the other",
            id="two images of one name",
        ),
        pytest.param(
            "one --output one",
            "one/a.jpg: would be replaced by its annotated copy; name "
            "another --output",
            id="output equals input",
        ),
        pytest.param("loop", "loop: no such file", id="a link to itself"),
        pytest.param(
            f"{'x' * 300}.jpg",
            "xxx...xxx.jpg: File name too long",
            id="name that is too long",
        ),
    ],
)
def test_sources(
    sources: str, line: str, folder: Path, lay: Lay, refuses: Refuses
) -> None:
    lay(
        {
            "one/a.jpg": pictures.picture(),
            "two/a.jpg": pictures.picture(),
            "notes.txt": "x",
            "empty/": "",
        }
    )
    (folder / "loop").symlink_to("loop")
    refuses(f"detect_images --model tiny.tflite --output out {sources}", line)


@pytest.mark.usefixtures("model")
def test_folders_that_link_in_a_circle(
    folder: Path, lay: Lay, run: Run
) -> None:
    lay({"images/sub/a.jpg": pictures.picture()})
    (folder / "images" / "sub" / "up").symlink_to("..")
    ended = run("detect_images images --model tiny.tflite --output out")
    assert ended.said.startswith("Wrote out: 2 objects in 1 images.\n")
