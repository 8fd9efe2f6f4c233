"""csv_to_tfrecord.py: from a CSV and its images to shards."""

from pathlib import Path

import pytest

from crossline.annotations.table import Annotation, table_of, write_csv
from crossline.records.label_map import LabelMap, write_label_map
from crossline.records.read import read_records, require_records
from scripts.csv_to_tfrecord import main
from tests.records.pictures import negative, row, save


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three images, of which one has no objects, their CSV and label map."""
    rows: list[Annotation] = [
        row("a.jpg"),
        row("a.jpg", "person", (0, 0, 8, 60)),
        row("b.bmp"),
        negative("none.jpg"),
    ]
    for name in ("a.jpg", "b.bmp", "none.jpg"):
        save(tmp_path / "images" / name)
    write_csv(table_of(rows), tmp_path / "train.csv")
    street = LabelMap.from_names(["person", "car"])
    write_label_map(street, tmp_path / "street.pbtxt")
    return tmp_path


def arguments(folder: Path, *further: str) -> list[str]:
    return [
        str(folder / "train.csv"),
        f"--images={folder / 'images'}",
        f"--label-map={folder / 'street.pbtxt'}",
        f"--output={folder / 'records'}",
        *further,
    ]


def test_writes_and_says_what(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(folder, "--shards", "2", "--name", "day")) == 0
    output = folder / "records"
    shards = require_records(str(output / "day-*"))
    assert [shard.name for shard in shards] == [
        "day-00000-of-00002.tfrecord",
        "day-00001-of-00002.tfrecord",
    ]
    assert {record.filename for record in read_records(shards)} == {
        "a.jpg",
        "b.bmp",
        "none.jpg",
    }
    assert capsys.readouterr().out.startswith(
        "      2 car\n"
        "      1 person\n"
        "      1 images encoded again: BMP RGB\n"
        "Wrote 3 images (1 without objects, 0 skipped) in 2 shards: "
        f"{output}/day-*\n"
        "Next: python scripts/configure_pipeline.py"
    )


def test_goes_by_the_csvs_name(folder: Path) -> None:
    assert main(arguments(folder)) == 0
    assert (folder / "records/train-00000-of-00001.tfrecord").is_file()


def test_skips_and_lists_bad_images(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "images/a.jpg").write_bytes(b"no image")
    assert main(arguments(folder, "--skip-bad")) == 0
    output = capsys.readouterr().out
    assert f"skipped {folder}/images/a.jpg: cannot be read" in output
    assert "Wrote 2 images (1 without objects, 1 skipped)" in output


def test_a_beam_runner_writes_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for further in ([], ["--runner", "DirectRunner"]):
        assert main(arguments(folder, *further)) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    (shard,) = require_records(str(folder / "records" / "train-*"))
    assert len(list(read_records([shard]))) == 3


@pytest.mark.parametrize(
    ("further", "complaint"),
    [
        pytest.param(["--shards", "0"], "--shards", id="no shard"),
        pytest.param(["--workers", "many"], "--workers", id="no number"),
        pytest.param(
            ["--output", "gs://ours/records"],
            "URLs need a --runner",
            id="URL without a runner",
        ),
    ],
)
def test_bad_command_line(
    further: list[str],
    complaint: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(arguments(folder, *further))
    assert leaving.value.code == 2
    assert complaint in capsys.readouterr().err


def test_needs_images_label_map_and_output() -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["train.csv"])
    assert leaving.value.code == 2
