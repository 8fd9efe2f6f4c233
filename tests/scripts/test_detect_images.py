"""Images with a red and a green block in, boxes out."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from scripts.detect_images import main
from tests.tiny_detector import scene

RED = (10, 30, 20, 60)
GREEN = (40, 0, 64, 9)


def save(path: Path, orientation: int = 1) -> Path:
    """Saves 64 x 96 pixels, stored as the EXIF orientation says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    upright = Pillow.fromarray(scene(64, 96, RED, GREEN))
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    turns = {1: None, 6: Pillow.Transpose.ROTATE_90}
    turn = turns[orientation]
    stored = upright if turn is None else upright.transpose(turn)
    stored.save(path, exif=exif, quality=100, subsampling=0)
    return path


def found(folder: Path) -> dict[str, Any]:
    text = (folder / "detections.json").read_text()
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@pytest.mark.parametrize("model", ["tiny_fp32", "tiny_export"])
def test_finds_and_draws(
    model: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    photos, output = tmp_path / "photos", tmp_path / "out"
    save(photos / "a.png")
    save(photos / "sub" / "b.png")
    path = request.getfixturevalue(model)
    command = [str(photos), "--model", str(path), "--output", str(output)]
    assert main(command) == 0

    listed = found(output)
    assert [image["file"] for image in listed["images"]] == [
        "a.png",
        "sub/b.png",
    ]
    assert listed["unreadable"] == {}
    for image in listed["images"]:
        assert (image["width"], image["height"]) == (64, 96)
        red, green = image["detections"]
        assert (red["class"], red["class_id"]) == ("red", 1)
        assert red["score"] == pytest.approx(1, abs=0.01)
        assert red["box"] == pytest.approx(RED, abs=0.01)
        assert (green["class"], green["class_id"]) == ("green", 2)
        assert green["box"] == pytest.approx(GREEN, abs=0.01)
        drawn = np.asarray(Pillow.open(output / image["file"]))
        assert drawn.shape == (96, 64, 3)
        # The box's edge replaces the block's own.
        assert drawn[45, 10].tolist() != [255, 0, 0]
        assert drawn[45, 15].tolist() == [255, 0, 0]


def test_boxes_are_those_of_the_upright_image(
    tiny_fp32: Path, tmp_path: Path
) -> None:
    photo = save(tmp_path / "phone.jpg", orientation=6)
    assert Pillow.open(photo).size == (96, 64)
    output = tmp_path / "out"
    command = [str(photo), "--model", str(tiny_fp32), "--output", str(output)]
    assert main(command) == 0
    (image,) = found(output)["images"]
    assert (image["width"], image["height"]) == (64, 96)
    # JPEG moves an edge by the model's 2 or 3 pixels at most.
    assert image["detections"][0]["box"] == pytest.approx(RED, abs=3)
    assert Pillow.open(output / "phone.jpg").size == (64, 96)


def test_classes_and_score_select(tiny_fp32: Path, tmp_path: Path) -> None:
    photo = save(tmp_path / "a.png")
    for options, classes in (
        (["--classes", "green"], ["green"]),
        (["--min-score", "0.9"], ["red"]),
    ):
        output = tmp_path / options[1]
        given = ["--model", str(tiny_fp32), "--output", str(output)]
        assert main([str(photo), *given, *options]) == 0
        (image,) = found(output)["images"]
        assert [each["class"] for each in image["detections"]] == classes


def test_what_tiles_cut_is_told_once(tiny_fp32: Path, tmp_path: Path) -> None:
    # Tiles of 36 x 53 pixels cut the red block in y = 53 and y = 43.
    photo, output = save(tmp_path / "a.png"), tmp_path / "out"
    given = ["--model", str(tiny_fp32), "--output", str(output)]
    assert main([str(photo), *given, "--tiles", "2x2"]) == 0
    (image,) = found(output)["images"]
    seen = [each["box"] for each in image["detections"]]
    np.testing.assert_allclose(seen, [RED, GREEN], atol=0.5)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--tiles", "2"], id="tiles in one direction"),
        pytest.param(["--tiles", "0x2"], id="no tiles"),
        pytest.param(["--delegate", "npu"], id="unknown delegate"),
    ],
)
def test_a_bad_command_line(options: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["a.png", *options])
    assert left.value.code == 2


def test_unreadable_images_are_skipped_and_listed(
    tiny_fp32: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos, output = tmp_path / "photos", tmp_path / "out"
    save(photos / "good.png")
    (photos / "empty.jpg").touch()
    (photos / "text.jpg").write_text("no image")
    command = [str(photos), "--model", str(tiny_fp32)]
    assert main([*command, "--output", str(output)]) == 1

    listed = found(output)
    assert [image["file"] for image in listed["images"]] == ["good.png"]
    assert listed["unreadable"] == {
        "empty.jpg": f"{photos / 'empty.jpg'}: is empty",
        "text.jpg": f"{photos / 'text.jpg'}: is no image that can be read, "
        "or cut short",
    }
    said = capsys.readouterr()
    assert f"Skipped {photos / 'empty.jpg'}: is empty" in said.out
    assert said.err.endswith(
        "2 of 3 images could not be read; they are listed there\n"
    )


def test_an_image_is_not_replaced_by_its_copy(
    tiny_fp32: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = save(tmp_path / "a.png")
    before = photo.read_bytes()
    given = ["--model", str(tiny_fp32), "--output", str(tmp_path)]
    assert main([str(photo), *given]) == 1
    assert "would be replaced by its annotated copy" in capsys.readouterr().err
    assert photo.read_bytes() == before


def test_a_run_is_never_overwritten(
    tiny_fp32: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save(Path("photos.2024") / "a.png")
    command = ["photos.2024", "--model", str(tiny_fp32)]
    assert main(command) == 0
    assert main(command) == 0
    runs = sorted(path.name for path in Path("runs/detect").iterdir())
    assert runs == ["photos.2024", "photos.2024-2"]
    assert main([*command, "--output", "runs/detect/photos.2024"]) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["absent.jpg"], "absent.jpg: no such file"),
        (["PHOTO", "--classes", "blue"], "knows no class 'blue'"),
        (["PHOTO", "--model", "absent.tflite"], "absent.tflite: no such file"),
    ],
)
def test_bad_input_is_one_line(
    options: list[str],
    message: str,
    tiny_fp32: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    photo = str(save(tmp_path / "a.png"))
    options = [photo if text == "PHOTO" else text for text in options]
    output = tmp_path / "out"
    given = ["--model", str(tiny_fp32), "--output", str(output)]
    assert main([*given, *options]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not output.exists()


@pytest.mark.parametrize("options", [[], ["a.jpg", "--min-score", "2"]])
def test_a_bad_command_line_is_status_2(options: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(options)
    assert left.value.code == 2
