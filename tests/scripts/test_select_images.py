"""select_images.py: a part of an annotations CSV."""

from pathlib import Path

import pytest

from crossline.annotations.table import read_csv, write_csv
from scripts.select_images import main
from scripts.split_csv import main as split_csv
from tests.annotations.rows import row, table


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """Twelve persons and two motorcycles, each in an image of its own."""
    rows = [row(f"p{number}.jpg", "person") for number in range(12)]
    rows += [row(f"m{number}.jpg", "motorcycle") for number in range(2)]
    path = tmp_path / "all.csv"
    write_csv(table(*rows), path)
    return path


def test_undersamples_and_shows_before_and_after(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "even" / "balanced.csv"
    options = ["--balance", "undersample", "--output", str(output)]
    assert main([str(csv), *options]) == 0
    assert capsys.readouterr().out == (
        "               before          after        \n"
        "               images objects images objects\n"
        "motorcycle          2       2      2       2\n"
        "person             12      12      3       3\n"
        "(none of them)      0       0      0       0\n"
        "(in all)           14      14      5       5\n"
        "Most to least frequent class: 6.00 : 1 before, 1.50 : 1 after.\n"
        f"Wrote 5 of 14 images with any of all classes to {output}.\n"
        f"Next: python scripts/split_csv.py {output}\n"
    )
    assert read_csv(output)["class"].value_counts().to_dict() == {
        "person": 3,
        "motorcycle": 2,
    }


def test_oversampling_reaches_the_train_part_and_no_other(
    csv: Path, tmp_path: Path
) -> None:
    output = tmp_path / "balanced.csv"
    options = ["--balance", "oversample", "--output", str(output)]
    assert main([str(csv), *options]) == 0
    assert read_csv(output)["repeats"].tolist() == [1] * 12 + [4] * 2
    assert split_csv([str(output), "--val", "0.5", "--test", "0"]) == 0
    parts = [read_csv(tmp_path / f"{part}.csv") for part in ("train", "val")]
    assert [part["repeats"].max() for part in parts] == [4, 1]


def test_the_same_command_gives_the_same_bytes(
    csv: Path, tmp_path: Path
) -> None:
    outputs = [tmp_path / name for name in ("one.csv", "other.csv")]
    for output in outputs:
        options = ["--max-images", "5", "--seed", "7"]
        assert main([str(csv), *options, "--output", str(output)]) == 0
    assert outputs[0].read_bytes() == outputs[1].read_bytes()


def test_bad_input_is_a_line_and_writes_nothing(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "part.csv"
    assert (
        main([str(csv), "--classes", "motorcicl", "--output", str(output)])
        == 1
    )
    (line,) = capsys.readouterr().err.splitlines()
    assert (
        "all.csv: has no class 'motorcicl', did you mean 'motorcycle'?" in line
    )
    assert not output.exists()


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="no output"),
        pytest.param(["--output", "x", "--balance", "both"], id="balance"),
        pytest.param(["--output", "x", "--ratio", "nan"], id="ratio"),
        pytest.param(["--output", "x", "--max-per-class", "0"], id="cap"),
    ],
)
def test_a_bad_command_line_ends_with_2(csv: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([str(csv), *options])
    assert end.value.code == 2
