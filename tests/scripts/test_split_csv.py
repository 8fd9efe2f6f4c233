"""split_csv.py: a CSV in; train, validation and test CSV out."""

from pathlib import Path

import pytest

from crossline.annotations.table import Annotation, read_csv, table_of
from crossline.annotations.table import write_csv as write_table
from scripts.split_csv import main


def write_csv(folder: Path, images: int = 20) -> Path:
    """A car in every image, a bus in each fifth."""
    rows = []
    for number in range(images):
        box = (1.0, 1.0, 9.0, 9.0)
        name = f"{number:02d}.jpg"
        rows.append(Annotation(name, 100, 80, "car", 0, *box))
        if number % 5 == 0:
            rows.append(Annotation(name, 100, 80, "bus", 0, *box))
    path = folder / "all.csv"
    write_table(table_of(rows), path)
    return path


def images_of(path: Path) -> set[str]:
    return set(read_csv(path)["filename"])


def test_parts_share_no_image_and_lose_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_csv(tmp_path)
    assert main([str(source), "--val", "0.25", "--test", "0.25"]) == 0
    train, val, test = (
        images_of(tmp_path / f"{name}.csv")
        for name in ("train", "val", "test")
    )
    assert (len(train), len(val), len(test)) == (10, 5, 5)
    assert train | val | test == images_of(source)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[:-2]] == [
        ["train", "val", "test"],
        ["bus", "2", "1", "1"],
        ["car", "10", "5", "5"],
        ["images", "10", "5", "5"],
    ]
    assert lines[-2:] == [
        f"Wrote train.csv, val.csv, test.csv in {tmp_path}.",
        f"Next: python scripts/make_label_map.py {tmp_path}/train.csv",
    ]


def test_the_seed_decides(tmp_path: Path) -> None:
    source = write_csv(tmp_path)
    for folder, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        output = ["--output", str(tmp_path / folder), "--seed", seed]
        assert main([str(source), *output]) == 0
    first, again, other = (
        (tmp_path / folder / "train.csv").read_text() for folder in "abc"
    )
    assert first == again
    assert first != other


def test_a_share_of_0_writes_no_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_csv(tmp_path)
    output = tmp_path / "parts"
    options = ["--test", "0", "--output", str(output)]
    assert main([str(source), *options]) == 0
    assert f"Wrote train.csv, val.csv in {output}." in capsys.readouterr().out
    assert sorted(path.name for path in output.iterdir()) == [
        "train.csv",
        "val.csv",
    ]


def test_too_few_images_end_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_csv(tmp_path, images=2)
    assert main([str(source)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{source}: has too few images for a" in line
    assert [path.name for path in tmp_path.iterdir()] == ["all.csv"]


def test_a_bad_row_ends_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "all.csv"
    source.write_text(
        "filename,width,height,class,xmin,ymin,xmax,ymax\n"
        "a.jpg,100,80,car,1,1,9,9\n"
        "b.jpg,100,80,car,1,1,900,9\n"
    )
    assert main([str(source)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{source} line 3: the box reaches outside the image" in line
    assert [path.name for path in tmp_path.iterdir()] == ["all.csv"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        pytest.param(
            ["--val", "0.5", "--test", "0.5"],
            "--val and --test leave nothing to train on",
            id="nothing to train on",
        ),
        pytest.param(
            ["--val", "15"], "'15' is not between 0 and 1", id="per cent"
        ),
    ],
)
def test_bad_command_line(
    options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["all.csv", *options])
    assert leaving.value.code == 2
    assert complaint in capsys.readouterr().err
