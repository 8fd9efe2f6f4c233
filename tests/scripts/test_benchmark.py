import csv
import gzip
from pathlib import Path

import pytest
from PIL import Image as Pillow

from crossline.annotations.table import Annotation, table_of, write_csv
from scripts.benchmark import main
from tests.tiny_detector import scene

RED, GREEN = (2, 4, 18, 20), (8, 10, 28, 30)


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    Pillow.fromarray(scene(red=RED)).save(tmp_path / "a.png")
    Pillow.fromarray(scene(green=GREEN)).save(tmp_path / "b.png")
    rows = [
        Annotation("a.png", 32, 32, "red", 1, *RED),
        Annotation("b.png", 32, 32, "green", 2, *GREEN),
    ]
    write_csv(table_of(rows), tmp_path / "val.csv")
    return tmp_path / "val.csv"


def test_files_side_by_side(
    annotations: Path,
    tiny_fp32: Path,
    tiny_int8: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = tmp_path / "out"
    argv = [
        *(str(tiny_fp32.parent), str(tiny_int8), "--rounds", "3"),
        *("--annotations", str(annotations), "--output", str(output)),
    ]
    assert main(argv) == 0
    with (output / "benchmark.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [Path(row["file"]).name[-4:] for row in rows] == ["tiny", "tiny"]
    for row, path in zip(rows, [tiny_fp32, tiny_int8], strict=True):
        assert float(row["megabytes"]) == path.stat().st_size / 1e6
        packed = len(gzip.compress(path.read_bytes()))
        assert float(row["gzip_megabytes"]) == packed / 1e6
        for score in ("AP", "AP50", "AP red", "AP green"):
            assert float(row[score]) == pytest.approx(1)
        for setting in ("1 thread", "2 threads", "without XNNPACK"):
            median = float(row[f"median_ms {setting}"])
            assert 0 < median <= float(row[f"p95_ms {setting}"])
        # Python, NumPy and OpenCV are there, TensorFlow is not.
        assert 20 < float(row["peak_megabytes"]) < 250
        assert float(row["start_up_seconds"]) > 0
    said = capsys.readouterr().out
    assert (output / "benchmark.md").read_text() in said
    assert "| green | 1 | 1.000 | 1.000 |" in said
    assert (output / "benchmark.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("models", "message"),
    [
        pytest.param(
            ["."],
            "benchmark.py: .: holds no .tflite file; make some with "
            "scripts/export.py\n",
            id="folder without models",
        ),
        pytest.param(
            ["absent.tflite"],
            "benchmark.py: absent.tflite: no such file\n",
            id="missing",
        ),
    ],
)
def test_what_is_no_model_is_named(
    models: list[str],
    message: str,
    annotations: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(annotations.parent)
    monkeypatch.setattr("sys.argv", ["benchmark.py"])
    assert main([*models, "--annotations", str(annotations)]) == 1
    assert capsys.readouterr().err == message


def test_without_annotations_is_a_bad_command_line(
    tiny_fp32: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as error:
        main([str(tiny_fp32)])
    assert error.value.code == 2
    assert "--annotations" in capsys.readouterr().err
