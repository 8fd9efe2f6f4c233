import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image as Pillow

from crossline.annotations.coco import write_coco
from crossline.annotations.table import (
    Annotation,
    read_csv,
    table_of,
    write_csv,
)
from crossline.records.label_map import LabelMap, write_label_map
from crossline.records.write import write_records
from scripts.evaluate import main
from tests.tiny_detector import scene, write_export_folder, write_tflite


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A red and a green box, as models, CSV and records."""
    folder = tmp_path_factory.mktemp("data")
    red, green = (2, 4, 18, 20), (8, 10, 28, 30)
    Pillow.fromarray(scene(red=red)).save(folder / "a.png")
    Pillow.fromarray(scene(green=green)).save(folder / "b.png")
    table = table_of(
        [
            Annotation("a.png", 32, 32, "red", 1, *red),
            Annotation("b.png", 32, 32, "green", 2, *green),
        ]
    )
    csv = folder / "val.csv"
    write_csv(table, csv)
    label_map = LabelMap.from_names(["red", "green"])
    write_label_map(label_map, folder / "two.pbtxt")
    write_records(table, csv, folder, label_map, folder / "records", "val")
    write_export_folder(folder / "export")
    write_tflite(folder / "tiny.tflite", quantized=False)
    return folder


@pytest.fixture
def evaluate(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    monkeypatch.chdir(tmp_path)

    def with_csv(*arguments: object) -> int:
        argv = [*arguments, "--annotations", data / "val.csv"]
        return main([str(argument) for argument in argv])

    return with_csv


def test_models_side_by_side(
    data: Path,
    evaluate: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    models = data / "export", data / "tiny.tflite"
    assert evaluate(*models, "--output", "out.json") == 0
    values = json.loads(Path("out.json").read_text())
    for model in values["models"]:
        # Each image also has a guess of score 0 for the other colour.
        assert model["metrics"]["summary"]["AP"] == pytest.approx(1)
        results = json.loads(Path(model["detections"]).read_text())
        assert len(results) == 4
    assert values["models"][1]["differences"]["AP"]["estimate"] == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].endswith(
        "2 images, 2 objects (crowds left out), judged on red, green"
    )
    assert printed[-1].startswith("Next: python scripts/evaluate.py out-")


def test_kept_detections_need_no_model_and_no_images(
    data: Path, evaluate: Callable[..., int], tmp_path: Path
) -> None:
    evaluate(data / "tiny.tflite", "--output", "first.json")
    kept = "first.detections.json"
    assert evaluate(kept, "--images", tmp_path, "--output", "again.json") == 0
    first, again = (
        json.loads(Path(name).read_text())["models"][0]["metrics"]
        for name in ("first.json", "again.json")
    )
    assert first == again


def test_coco_json_is_taken_as_it_is(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write_coco(read_csv(data / "val.csv"), Path("truth.json"))
    arguments = [
        *(str(data / "tiny.tflite"), "--annotations", "truth.json"),
        *("--images", str(data), "--classes", "red", "--output", "out.json"),
    ]
    assert main(arguments) == 0
    values = json.loads(Path("out.json").read_text())
    assert values["models"][0]["metrics"]["per_class"]["red"]["objects"] == 1
    assert capsys.readouterr().out.rstrip().endswith("--classes red")


def test_a_report_shows_the_images(
    data: Path, evaluate: Callable[..., int]
) -> None:
    kept = Path("none.json")
    kept.write_text("[]")
    assert evaluate(kept, "--output", "out.json", "--report") == 0
    html = Path("out.html").read_text()
    assert html.count("image/jpeg") == 2
    assert "not one detection, right or wrong" in html


def test_records_and_one_class(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = [
        str(data / "tiny.tflite"),
        *("--records", str(data / "records" / "val-*")),
        *("--label-map", str(data / "two.pbtxt"), "--classes", "green"),
        "--report",
    ]
    assert main(arguments) == 0
    (output,) = Path("runs/evaluate").glob("*-tiny.json")
    values = json.loads(output.read_text())
    assert values["classes"] == ["green"]
    assert values["models"][0]["metrics"]["summary"]["AP"] == pytest.approx(1)


def test_a_class_that_the_model_does_not_know(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = table_of([Annotation("a.png", 32, 32, "blue", 1, 0, 0, 9, 9)])
    write_csv(table, tmp_path / "blue.csv")
    model = data / "tiny.tflite"
    arguments = [str(model), "--annotations", str(tmp_path / "blue.csv")]
    assert main(arguments) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.endswith(
        f"{model}: does not know the class blue; judge it by others; "
        "it knows red, green"
    )


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="nothing to judge by"),
        pytest.param(["--records", "a-*"], id="records without label map"),
        pytest.param(
            ["--annotations", "a.csv", "--label-map", "a.pbtxt"],
            id="a label map for a CSV",
        ),
        pytest.param(["--annotations", "a", "--records", "b"], id="both"),
    ],
)
def test_bad_command_line(options: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["model.tflite", *options])
    assert exit_.value.code == 2
