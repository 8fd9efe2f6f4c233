"""check_dataset.py: a summary, a page, a JSON, an exit status, a repair."""

import json
from pathlib import Path

import pytest

from crossline.annotations.table import read_csv
from scripts.check_dataset import main
from tests.check.data_sets import SOUND, write_image, write_lines


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a", "b", "c"):
        write_image(tmp_path / "images" / f"{name}.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def arguments(*csvs: Path, **options: str) -> list[str]:
    typed = [str(csv) for csv in csvs] + ["--images", "images"]
    for name, value in options.items():
        typed += [f"--{name.replace('_', '-')}", value]
    return typed


def test_tells_what_it_finds_and_where(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv = write_lines(
        folder / "all.csv", *SOUND, "c.png,100,80,car,90,10,120,30"
    )
    assert main(arguments(csv)) == 1
    out, err = capsys.readouterr()
    assert out == (
        "all.csv: 3 images, 3 boxes\n"
        "error        1  A box reaches outside the image (box_outside)\n"
        "                all.csv line 4 c.png: car at 90, 10, 120, 30, image "
        "100x80\n"
        "note         2  A class has few boxes to learn from (class_rare)\n"
        "                bus: 1 boxes\n"
        "                car: 2 boxes\n"
        "Found 1 error, 0 warnings and 2 notes.\n"
        "Wrote runs/check/all.html and runs/check/all.json.\n"
    )
    assert err.endswith(
        f"{csv}: 1 error, 0 warnings and 2 notes; "
        "look at runs/check/all.html, or repair with --fix FOLDER\n"
    )
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("line", "fail_on", "status"),
    [
        pytest.param("c.png,100,80,car,9,9,60,60", "warning", 0, id="sound"),
        pytest.param("a.png,100,80,car,10,20,30,50", "error", 0, id="lenient"),
        pytest.param(
            "a.png,100,80,car,10,20,30,50", "warning", 1, id="strict"
        ),
        pytest.param("c.png,100,80,car,9,9,60,60", "note", 1, id="strictest"),
    ],
)
def test_the_exit_status_is_by_severity(
    line: str, fail_on: str, status: int, folder: Path
) -> None:
    csv = write_lines(folder / "all.csv", *SOUND, line)
    assert main(arguments(csv, fail_on=fail_on)) == status


def test_a_repair_counts_for_the_exit_status(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv = write_lines(
        folder / "all.csv", *SOUND, "c.png,100,80,car,90,10,120,30"
    )
    before = csv.read_bytes()
    assert main(arguments(csv, fix="new.csv")) == 0
    out = capsys.readouterr().out
    assert "--fix        1  corrected: box clipped to its image" in out
    assert "Left after --fix: 0 errors, 0 warnings and 2 notes." in out
    assert read_csv(folder / "new.csv")["xmax"].tolist() == [30, 90, 100]
    assert csv.read_bytes() == before
    (done,) = json.loads(Path("runs/check/all.json").read_text())["repaired"]
    assert done == {
        "csv": "all.csv",
        "line": 4,
        "filename": "c.png",
        "done": "corrected: box clipped to its image",
    }


def test_the_json_has_all_of_it(folder: Path) -> None:
    train = write_lines(folder / "train.csv", *SOUND)
    val = write_lines(folder / "val.csv", SOUND[0])
    assert main(arguments(val, train, output="report.html")) == 1
    report = json.loads((folder / "report.json").read_text())
    assert report["counts"] == {"error": 1, "warning": 0, "note": 3}
    assert report["findings"][0] == {
        "kind": "leaked_image",
        "severity": "error",
        "csv": "train.csv",
        "filename": "a.png",
        "detail": "the same file as a.png of val.csv",
        "other_csv": "val.csv",
        "other_filename": "a.png",
    }
    assert report["statistics"]["parts"] == {
        "train.csv": {"images": 2, "boxes": 2},
        "val.csv": {"images": 1, "boxes": 1},
    }
    assert report["statistics"]["classes"]["car"]["boxes"] == 2


def test_the_page_shows_pictures(folder: Path) -> None:
    lines = [
        "c.png,100,80,car,90,10,120,30",
        "c.png,100,80,car,1,1,3,3",
        "gone.png,100,80,car,1,1,30,30",
    ]
    csv = write_lines(folder / "all.csv", *SOUND, *lines)
    write_image(folder / "images" / "d.png")
    main(arguments(csv))
    page = Path("runs/check/all.html").read_text()
    for title in ("A box reaches outside", "is not in the folder", "Samples"):
        assert title in page
    assert page.count("data:image/jpeg") == 5  # 2 worst cases, 3 samples
    assert page.count("data:image/svg") == 7
    assert "d.png" in page


def test_a_data_set_of_negatives_has_a_page(folder: Path) -> None:
    csv = write_lines(folder / "all.csv", "a.png,100,80,,,,,")
    assert main(arguments(csv)) == 0


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        pytest.param(
            {"fix": "."}, "all.csv: would be overwritten", id="over the input"
        ),
        pytest.param({"images": "nowhere"}, "no such folder", id="no folder"),
    ],
)
def test_bad_input_ends_with_one_line(
    options: dict[str, str],
    complaint: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    csv = write_lines(folder / "all.csv", *SOUND)
    assert main(arguments(csv, **options)) == 1
    err = capsys.readouterr().err
    assert complaint in err
    assert len(err.splitlines()) == 1


def test_a_csv_of_something_else_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "all.csv").write_text("name,price\nx,1\n")
    assert main(arguments(folder / "all.csv")) == 1
    assert "has no column filename" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"fail_on": "everything"}, id="no such severity"),
        pytest.param({"output": "report.txt"}, id="no page"),
    ],
)
def test_a_bad_command_line(options: dict[str, str], folder: Path) -> None:
    csv = write_lines(folder / "all.csv", *SOUND)
    with pytest.raises(SystemExit) as error:
        main(arguments(csv, **options))
    assert error.value.code == 2
