"""split_csv.py: from one CSV to train.csv, val.csv and test.csv."""

from pathlib import Path

import pytest

from crossline.annotations.table import read_csv, write_csv
from scripts.split_csv import main
from tests.annotations.rows import empty, row, table


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows = [row(f"{n}.jpg", "car") for n in range(16)]
    rows += [row(f"{n}.jpg", "bus") for n in range(4)]
    rows += [empty(f"none{n}.jpg") for n in range(4)]
    write_csv(table(*rows), tmp_path / "all.csv")
    return tmp_path / "all.csv"


def test_writes_beside_the_source_and_says_what(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(source), "--val", "0.25", "--test", "0.25"]) == 0
    folder = source.parent
    assert capsys.readouterr().out == (
        "        train  val  test\n"
        "bus         2    1     1\n"
        "car         8    4     4\n"
        "images     10    5     5\n"
        f"Wrote train.csv, val.csv, test.csv in {folder}.\n"
        f"Next: python scripts/make_label_map.py {folder}/train.csv\n"
    )
    assert read_csv(folder / "val.csv")["filename"].nunique() == 5


def test_a_part_without_a_share_is_not_written(
    source: Path, tmp_path: Path
) -> None:
    output = tmp_path / "parts"
    assert main([str(source), "--test", "0", "--output", str(output)]) == 0
    names = sorted(path.name for path in output.iterdir())
    assert names == ["train.csv", "val.csv"]


def test_the_seed_gives_the_same_parts(source: Path, tmp_path: Path) -> None:
    def train(seed: int) -> bytes:
        output = tmp_path / "parts"
        main([str(source), "--seed", str(seed), "--output", str(output)])
        return (output / "train.csv").read_bytes()

    assert train(3) == train(3)
    assert train(3) != train(4)


def test_bad_input_ends_with_one_line(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source.write_text(source.read_text() + "x.jpg,100,80,car,0,9,9,900,50\n")
    assert main([str(source)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{source} line 26: the box reaches outside the image" in line
    assert [path.name for path in source.parent.iterdir()] == ["all.csv"]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--val", "2"], id="no share"),
        pytest.param(["--val", "0.7", "--test", "0.3"], id="nothing left"),
    ],
)
def test_a_bad_command_line_ends_with_2(
    source: Path, options: list[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([str(source), *options])
    assert end.value.code == 2
