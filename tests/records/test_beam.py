"""The same Examples through Beam, from one worker or several."""

from pathlib import Path

import pytest

from crossline.annotations.table import Annotation, table_of, write_csv
from crossline.errors import InputError
from crossline.records.beam import write_with_beam
from crossline.records.label_map import LabelMap
from crossline.records.tfrecord import read_tfrecord
from crossline.records.write import write_records
from crossline.records.written import WrittenRecords
from tests.records.pictures import negative, row, save

STREET = LabelMap.from_names(["person", "car"])
TWO_PROCESSES = [
    "direct_num_workers=2",
    "direct_running_mode=multi_processing",
]


@pytest.fixture
def rows(tmp_path: Path) -> list[Annotation]:
    """JPEG, BMP, lying, without objects, in a subfolder, repeated."""
    images = tmp_path / "images"
    save(images / "lying.jpg", orientation=6)
    for name in ("a.jpg", "b.bmp", "none.png", "folder/c.jpg", "often.jpg"):
        save(images / name)
    rows = [
        row("a.jpg"),
        row("a.jpg", "person", (0, 0, 7.25, 60), is_crowd=True),
        row("b.bmp"),
        row("lying.jpg"),
        negative("none.png"),
        row("folder/c.jpg", image_id="17", area=5.0),
        row("often.jpg", repeats=3),
    ]
    write_csv(table_of(rows), tmp_path / "train.csv")
    return rows


def through_beam(
    folder: Path, options: list[str], skip_bad: bool = False
) -> WrittenRecords:
    return write_with_beam(
        str(folder / "train.csv"),
        str(folder / "images"),
        STREET,
        str(folder / "beam"),
        "train",
        runner="DirectRunner",
        options=options,
        shards=2,
        skip_bad=skip_bad,
    )


def examples(written: WrittenRecords) -> list[bytes]:
    return sorted(
        data for shard in written.shards for data in read_tfrecord(shard)
    )


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="one worker"),
        pytest.param(TWO_PROCESSES, id="two processes"),
    ],
)
def test_the_examples_are_the_pools_to_the_byte(
    options: list[str], rows: list[Annotation], tmp_path: Path
) -> None:
    written = through_beam(tmp_path, options)
    ours = write_records(
        table_of(rows),
        tmp_path / "train.csv",
        tmp_path / "images",
        STREET,
        tmp_path / "pool",
        "train",
        shards=3,
        workers=1,
    )
    assert len(examples(written)) == 8
    assert examples(written) == examples(ours)
    assert [shard.name for shard in written.shards] == [
        "train-00000-of-00002.tfrecord",
        "train-00001-of-00002.tfrecord",
    ]
    assert list((tmp_path / "beam").iterdir()) == written.shards
    assert vars(written) | {"shards": []} == vars(ours) | {"shards": []}


def test_takes_the_place_of_an_earlier_run(
    rows: list[Annotation], tmp_path: Path
) -> None:
    stale = tmp_path / "beam" / "train-00002-of-00003.tfrecord"
    stale.parent.mkdir()
    stale.write_bytes(b"")
    other = stale.with_name("val-00000-of-00001.tfrecord")
    other.write_bytes(b"")
    written = through_beam(tmp_path, [])
    left = sorted(stale.parent.iterdir())
    assert left == [*written.shards, other]


def test_bad_images_are_told_and_nothing_is_written(
    rows: list[Annotation], tmp_path: Path
) -> None:
    (tmp_path / "images/a.jpg").write_bytes(b"no image")
    (tmp_path / "images/b.bmp").unlink()
    with pytest.raises(InputError) as refusal:
        through_beam(tmp_path, [])
    assert str(refusal.value).startswith(
        f"{tmp_path}/train.csv: 2 images of it cannot be written, such as "
        f"{tmp_path}/images/a.jpg: cannot be read as an image"
    )
    assert list((tmp_path / "beam").iterdir()) == []
    written = through_beam(tmp_path, [], skip_bad=True)
    assert (written.images, len(written.skipped)) == (6, 2)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(None, "train.csv: no such file", id="no CSV"),
        pytest.param("a,b\n", "train.csv: line 1: has no column", id="other"),
    ],
)
def test_a_bad_csv_is_refused_before_anything_starts(
    content: str | None, complaint: str, tmp_path: Path
) -> None:
    if content:
        (tmp_path / "train.csv").write_text(content)
    with pytest.raises(InputError, match=complaint):
        through_beam(tmp_path, [])
    assert not (tmp_path / "beam").exists()


def test_a_runner_that_beam_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--runner Nonsense: Unexpected"):
        write_with_beam("a.csv", "", STREET, "", "a", runner="Nonsense")
