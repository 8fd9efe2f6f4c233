"""inspect_records.py: what TFRecords hold, ours or another's."""

from pathlib import Path
from typing import Any

import pytest

from crossline.annotations.table import Annotation, table_of
from crossline.records import example as keys
from crossline.records.label_map import LabelMap
from crossline.records.tfrecord import write_record
from crossline.records.write import write_records
from scripts.inspect_records import main
from tests.records.pictures import example_of, negative, row, save

STREET = LabelMap.from_names(["person", "car"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six images in two shards: cars, persons on two, one without objects."""
    rows: list[Annotation] = [negative(save(tmp_path / "none.jpg").name)]
    for number in range(5):
        name = save(tmp_path / f"{number}.png").name
        rows.append(row(name))
        if number < 2:
            rows.append(row(name, "person", (0, 0, 8, 60), is_crowd=True))
    write(tmp_path, rows, "train", 2)
    return tmp_path


def write(folder: Path, rows: list[Annotation], name: str, count: int) -> None:
    write_records(
        table_of(rows),
        folder / "all.csv",
        folder,
        STREET,
        folder / "records",
        name,
        shards=count,
        workers=1,
    )


def inspected(
    folder: Path, capsys: pytest.CaptureFixture[str], *records: str
) -> str:
    page = folder / "page.html"
    assert main([*records, "--output", str(page)]) == 0
    return capsys.readouterr().out


def test_counts_what_is_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = inspected(folder, capsys, str(folder / "records/train-*"))
    # The square root of 0.4 x 0.4 and of 0.1 x 1, of 300 pixels.
    assert told == (
        " class id  train  images  median side of 300 px\n"
        "   car  2      5       5                  120.0\n"
        "person  1      2       2                   94.9\n"
        "train: 6 images, 7 boxes\n"
        "without objects: 1\n"
        "crowd boxes: 2\n"
        "images by format: 5 PNG RGB, 1 JPEG RGB\n"
        "files: 2\n"
        "MB: 0.0\n"
        f"Wrote {folder}/page.html.\n"
    )
    page = (folder / "page.html").read_text()
    assert page.count("data:image/jpeg") == 6
    assert "4.png: 1 boxes" in page


def test_says_what_is_odd(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "records/train-00000-of-00002.tfrecord").unlink()
    rows = [row(f"{number}.png") for number in range(5)]
    write(folder, rows, "val", 1)
    told = inspected(folder, capsys, str(folder / "records"))
    odd = [line for line in told.splitlines() if line.startswith("odd:")]
    assert "odd: 1 x shard missing of train-*-of-00002" in odd
    assert any("image that is in train and in val" in line for line in odd)


def another(folder: Path, **changes: Any) -> Path:
    """A record as others write it: no source id, names, crowd or area."""
    made = example_of([row(), row()], save(folder / "a.jpg"), STREET)
    feature = made.features.feature
    for key in (keys.SOURCE_ID, keys.FILENAME, keys.CLASS_TEXT, keys.AREA):
        del feature[key]
    for key, values in changes.items():
        feature[getattr(keys, key)].int64_list.value[:] = values
    path = folder / "roboflow.tfrecord"
    with path.open("wb") as file:
        write_record(file, made.SerializeToString())
    return path


def test_takes_what_another_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = another(tmp_path, WIDTH=[81], CLASS_LABEL=[0, 2])
    told = inspected(tmp_path, capsys, str(path))
    assert "class 2  2" in told
    assert "odd: 1 x image of another size than its record says" in told
    assert "odd: 1 x image with a box without a class id" in told


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(
            b"<html>404</html>", "record 1: is damaged, or no", id="web page"
        ),
        pytest.param(b"\x1f\x8b" + bytes(30), "is compressed", id="gzip"),
        pytest.param(b"short", "record 1: is cut short", id="a few bytes"),
    ],
)
def test_refuses_what_is_no_record(
    content: bytes,
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "a.tfrecord"
    path.write_bytes(content)
    assert main([str(path), "--output", str(tmp_path / "a.html")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{path}" in line
    assert complaint in line
    assert not (tmp_path / "a.html").exists()


@pytest.mark.parametrize("cut", [5, 200])
def test_refuses_a_cut_file(
    cut: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "records/train-00001-of-00002.tfrecord"
    path.write_bytes(path.read_bytes()[:-cut])
    assert main([str(path), "--output", str(folder / "a.html")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "record 3: is cut short" in line


def test_refuses_another_schema(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = another(tmp_path, HEIGHT=[])
    assert main([str(path), "--output", str(tmp_path / "a.html")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "record 1: is damaged or of another schema (0 values of" in line


def test_a_bad_command_line(tmp_path: Path) -> None:
    for argv in ([], ["a", "--pictures", "0"]):
        with pytest.raises(SystemExit) as leaving:
            main(argv)
        assert leaving.value.code == 2
    assert main([str(tmp_path / "none-*")]) == 1
