"""The card tells what evaluate.py measured of an export's files."""

import json
from pathlib import Path

import pytest

from crossline.detect.metadata import ModelMetadata, read_metadata
from scripts import write_model_card

SCORES = {
    "AP": 0.25,
    "AP50": 0.5,
    "AP_small": None,
    "AP_medium": 0.125,
    "AP_large": 0.375,
}


def export_folder(tmp_path: Path) -> Path:
    export = tmp_path / "exported" / "ours"
    (export / "checkpoint").mkdir(parents=True)
    (export / "checkpoint" / "ckpt-0.index").write_bytes(b"1" * 1_500_000)
    (export / "model_int8.tflite").write_bytes(b"1" * 500_000)
    metadata = ModelMetadata("ours", {1: "car"}, 300, 400, "ssd_v1")
    (export / "metadata.json").write_text(metadata.to_json())
    return export


def evaluation_of(folder: Path, *models: Path) -> Path:
    path = folder / "evaluation.json"
    judged = [
        {
            "model": str(model),
            "metrics": {
                "summary": SCORES,
                "per_class": {"car": {"objects": 7, "AP": 0.25, "AP50": None}},
            },
        }
        for model in models
    ]
    values = {"images": 9, "source": "data/val.csv", "models": judged}
    path.write_text(json.dumps(values))
    return path


def write_card(export: Path, evaluation: Path) -> int:
    return write_model_card.main(
        [
            str(export),
            f"--evaluation={evaluation}",
            "--trained-on=My <500> photos.",
        ]
    )


def test_card_and_metadata_hold_what_was_measured(tmp_path: Path) -> None:
    export = export_folder(tmp_path)
    evaluation = evaluation_of(
        tmp_path,
        tmp_path / "another.tflite",
        export,
        export / "model_int8.tflite",
    )
    assert write_card(export, evaluation) == 0
    card = (export / "MODEL_CARD.md").read_text()
    assert "# ours" in card
    assert "Detects car in images that it sees as 400 x 300 pixels" in card
    assert "My <500> photos." in card
    assert "the 9 images of `val.csv`" in card
    scores = "| 0.250 | 0.500 | n/a | 0.125 | 0.375 |"
    assert f"\n| `checkpoint` | 1.5 {scores}\n" in card
    assert f"\n| `model_int8.tflite` | 0.5 {scores}\n" in card
    assert "\n| car | 7 | 0.250 | n/a | 0.250 | n/a |\n" in card
    assert "another" not in card
    metadata = read_metadata(export)
    assert metadata.trained_on == "My <500> photos."
    assert metadata.average_precision == {
        "checkpoint": 0.25,
        "model_int8.tflite": 0.25,
    }


def test_an_evaluation_of_other_models_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = export_folder(tmp_path)
    evaluation = evaluation_of(tmp_path, tmp_path / "another.tflite")
    assert write_card(export, evaluation) == 1
    _, _, line = capsys.readouterr().err.partition(": ")
    assert line == (
        f"{evaluation}: judges no file of {export}; "
        f"run evaluate.py on {export} and its .tflite files\n"
    )
    assert not (export / "MODEL_CARD.md").exists()


def test_a_file_that_is_no_evaluation_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = export_folder(tmp_path)
    evaluation = tmp_path / "other.json"
    evaluation.write_text("[]")
    assert write_card(export, evaluation) == 1
    assert "is not what evaluate.py writes" in capsys.readouterr().err


def test_the_evaluation_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as error:
        write_model_card.main([str(tmp_path)])
    assert error.value.code == 2
