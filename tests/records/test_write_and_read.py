"""Shards: what is written comes back, and nothing else is left behind."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crossline.annotations.table import Annotation, table_of
from crossline.errors import InputError
from crossline.records import write
from crossline.records.label_map import LabelMap
from crossline.records.read import Record, read_records, require_records
from crossline.records.write import write_records
from crossline.records.written import WrittenRecords
from tests.records.pictures import BOX, bright_box, negative, row, save

STREET = LabelMap.from_names(["person", "car"])
SOURCE = Path("train.csv")


def street(folder: Path, images: int = 10) -> list[Annotation]:
    """Rows and files: a car in each image, a person too in every other."""
    rows: list[Annotation] = []
    for number in range(images):
        name = save(folder / f"{number:02}.jpg").name
        rows.append(row(name))
        if number % 2:
            rows.append(row(name, "person", (0, 0, number, 10)))
    return rows


def write_street(
    folder: Path, rows: Iterable[Annotation], **options: Any
) -> WrittenRecords:
    return write_records(
        table_of(rows),
        SOURCE,
        folder,
        STREET,
        folder / "records",
        "train",
        **{"workers": 1, **options},
    )


def read(folder: Path) -> list[Record]:
    return list(read_records(require_records(str(folder / "records/train-*"))))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "records").iterdir())


def test_what_is_written_is_read(tmp_path: Path) -> None:
    save(tmp_path / "b.png")
    rows = [
        row("b.png", image_id="7", area=5.0),
        row("b.png", "person", (1.25, 2.5, 30, 60), is_crowd=True),
    ]
    write_street(tmp_path, rows)
    (record,) = read(tmp_path)
    assert (record.source_id, record.filename) == ("7", "b.png")
    assert (record.width, record.height) == (80, 60)
    assert record.encoded == (tmp_path / "b.png").read_bytes()
    assert bright_box(record.image()) == list(BOX)
    np.testing.assert_allclose(
        record.boxes, [BOX, (1.25, 2.5, 30, 60)], rtol=1e-6
    )
    assert record.boxes.dtype == np.float32
    assert record.class_ids.tolist() == [2, 1]
    assert record.class_names == ["car", "person"]
    assert record.is_crowd.tolist() == [0, 1]
    np.testing.assert_allclose(record.areas, [5, 28.75 * 57.5])


def test_negatives_are_read_as_images_without_boxes(tmp_path: Path) -> None:
    save(tmp_path / "none.jpg")
    written = write_street(tmp_path, [negative("none.jpg")])
    (record,) = read(tmp_path)
    assert record.boxes.shape == (0, 4)
    assert record.class_ids.shape == record.is_crowd.shape == (0,)
    assert record.class_names == []
    assert (written.images, written.negatives) == (1, 1)


def test_counts_what_was_written(tmp_path: Path) -> None:
    rows = [*street(tmp_path), negative(), row("gif.gif")]
    save(tmp_path / "none.jpg")
    save(tmp_path / "gif.gif")
    written = write_street(tmp_path, rows, shards=3)
    assert written == WrittenRecords(
        shards=[
            tmp_path / f"records/train-0000{index}-of-00003.tfrecord"
            for index in range(3)
        ],
        images=12,
        negatives=1,
        objects={"car": 11, "person": 5},  # type: ignore[arg-type]
        reencoded={"GIF P": 1},  # type: ignore[arg-type]
        skipped=[],
    )
    assert names(tmp_path) == [shard.name for shard in written.shards]


def test_shards_are_even_and_hold_each_image_once(tmp_path: Path) -> None:
    written = write_street(tmp_path, street(tmp_path), shards=4)
    held = [[r.filename for r in read_records([s])] for s in written.shards]
    assert sorted(len(shard) for shard in held) == [2, 2, 3, 3]
    assert sorted(name for shard in held for name in shard) == [
        f"{number:02}.jpg" for number in range(10)
    ]


def test_shards_are_the_same_whatever_the_workers(tmp_path: Path) -> None:
    rows = street(tmp_path)
    shards = []
    for workers in (1, 3):
        written = write_street(tmp_path, rows, shards=3, workers=workers)
        shards.append([path.read_bytes() for path in written.shards])
    assert shards[0] == shards[1]


def test_the_seed_decides_the_order(tmp_path: Path) -> None:
    rows = street(tmp_path)
    orders = []
    for seed in (1, 2, 1):
        write_street(tmp_path, rows, seed=seed)
        orders.append([record.filename for record in read(tmp_path)])
    assert orders[0] == orders[2] != orders[1]
    assert orders[0] != sorted(orders[0])


@pytest.mark.parametrize(
    ("images", "shards"),
    [
        pytest.param(1, 1, id="one"),
        pytest.param(199, 1, id="not yet two hundred"),
        pytest.param(482, 4, id="some hundred"),
        pytest.param(118_287, 100, id="COCO"),
    ],
)
def test_shards_by_default(images: int, shards: int) -> None:
    assert write.shard_count(images, None) == shards


def test_no_shard_is_empty(tmp_path: Path) -> None:
    written = write_street(tmp_path, street(tmp_path, 3), shards=8)
    assert len(written.shards) == 3


def test_a_run_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    rows = street(tmp_path)
    write_street(tmp_path, rows, shards=5)
    other = tmp_path / "records" / "train-night-00000-of-00005.tfrecord"
    shutil.copy(write_street(tmp_path, rows, shards=2).shards[0], other)
    write_street(tmp_path, rows, shards=1)
    assert names(tmp_path) == [
        "train-00000-of-00001.tfrecord",
        "train-night-00000-of-00005.tfrecord",
    ]


def test_a_run_that_fails_leaves_the_one_before(tmp_path: Path) -> None:
    rows = street(tmp_path)
    before = write_street(tmp_path, rows, shards=2).shards
    bytes_before = [path.read_bytes() for path in before]
    (tmp_path / "05.jpg").write_bytes(b"no image")
    with pytest.raises(InputError, match=r"05.jpg: cannot be read"):
        write_street(tmp_path, rows, shards=3, workers=2)
    assert names(tmp_path) == [path.name for path in before]
    assert [path.read_bytes() for path in before] == bytes_before


def test_missing_images_are_said_before_anything_is_written(
    tmp_path: Path,
) -> None:
    rows = street(tmp_path)
    (tmp_path / "03.jpg").unlink()
    (tmp_path / "04.jpg").unlink()
    with pytest.raises(
        InputError, match=r"03.jpg: no such file; 2 of 10 annotated images"
    ):
        write_street(tmp_path, rows)
    assert not (tmp_path / "records").exists()


def test_bad_images_are_skipped_counted_and_listed(tmp_path: Path) -> None:
    rows = [*street(tmp_path), row("big.jpg", width=99)]
    save(tmp_path / "big.jpg")
    (tmp_path / "03.jpg").unlink()
    (tmp_path / "04.jpg").write_bytes(b"no image")
    written = write_street(tmp_path, rows, skip_bad=True)
    assert written.images == len(read(tmp_path)) == 8
    assert dict(written.objects) == {"car": 8, "person": 4}
    assert [line.partition(":")[0] for line in written.skipped] == [
        str(tmp_path / "03.jpg"),
        str(tmp_path / "04.jpg"),
        "big.jpg",
    ]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        pytest.param([], "no image of it can be written", id="no rows"),
        pytest.param(
            [row("x.jpg")],
            "no image of it can be written, such as .*x.jpg: no such file",
            id="none that can be read",
        ),
    ],
)
def test_a_set_without_images_is_refused(
    rows: list[Annotation], complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=complaint):
        write_street(tmp_path, rows, skip_bad=True)
    assert not list(tmp_path.rglob("*.tfrecord"))


def test_a_class_that_the_map_lacks_is_refused(tmp_path: Path) -> None:
    rows = [*street(tmp_path), row("00.jpg", "cart"), row("01.jpg", "cart")]
    with pytest.raises(InputError) as refusal:
        write_street(tmp_path, rows)
    assert str(refusal.value) == (
        "train.csv: unknown class 'cart', did you mean 'car'? "
        "(known: person, car), in 2 rows; "
        "rename the class or make another label map"
    )


def test_no_records_by_that_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such TFRecords"):
        require_records(str(tmp_path / "train-*"))


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize("damage", ["a bit", "the end", "no record"])
def test_damage_names_file_and_record(damage: str, tmp_path: Path) -> None:
    (shard,) = write_street(tmp_path, street(tmp_path, 3)).shards
    whole = shard.read_bytes()
    length = int.from_bytes(whole[:8], "little") + 16
    bad = {
        "a bit": flipped(whole, length + 500),
        "the end": whole[: length + 500],
        "no record": whole[:length] + b"x" * 100,
    }[damage]
    shard.write_bytes(bad)
    with pytest.raises(InputError) as refusal:
        list(read_records([shard]))
    complaint = "is cut short" if damage == "the end" else "is damaged"
    assert str(refusal.value).startswith(f"{shard} record 2: {complaint}")
