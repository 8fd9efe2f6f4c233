"""Every back end gives one answer: boxes in pixels, ids from 1."""

import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from crossline.detect.detector import open_detector
from crossline.detect.metadata import METADATA_NAME, append_metadata
from crossline.detect.tflite import TFLiteDetector, resize_as_trained
from crossline.errors import InputError
from tests.tiny_detector import METADATA, SIZE, scene

RED = (10, 30, 20, 60)
GREEN = (40, 0, 64, 9)


@pytest.mark.parametrize(
    ("model", "pixels"),
    [
        pytest.param("tiny_fp32", 0, id="TFLite, float input"),
        pytest.param("tiny_int8", 0.5, id="TFLite, uint8 input"),
        pytest.param("tiny_export", 0, id="export folder"),
    ],
)
def test_finds_boxes_in_pixels_of_the_image(
    model: str, pixels: float, request: pytest.FixtureRequest
) -> None:
    detector = open_detector(request.getfixturevalue(model))
    # 64 x 96 is twice and three times the input: each of its pixels k is
    # the image's 2k or 3k.
    found = detector.detect(scene(2 * SIZE, 3 * SIZE, RED, GREEN))
    np.testing.assert_allclose(found.boxes, [RED, GREEN], atol=pixels)
    np.testing.assert_allclose(found.scores, [1, 0.8], atol=0.005)
    assert found.class_ids.tolist() == [1, 2]
    assert detector.class_names == {1: "red", 2: "green"}


def test_saved_model_opens_by_its_own_folder(tiny_export: Path) -> None:
    found = open_detector(tiny_export / "saved_model").detect(scene(red=RED))
    assert found.class_ids.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("height", "width"), [(425, 640), (300, 300), (31, 17), (1, 1)]
)
def test_resizing_is_tensorflows_own(height: int, width: int) -> None:
    import tensorflow as tf

    image = np.random.default_rng(1).integers(
        0, 256, (height, width, 3), np.uint8
    )
    # What object_detection.core.preprocessor.resize_image calls.
    expected = tf.compat.v1.image.resize_images(
        image.astype(np.float32), (320, 300)
    ).numpy()
    resized = resize_as_trained(image, width=300, height=320)
    # Whole numbers, so half a grey level at most.
    assert np.abs(resized - expected).max() < 0.51


@pytest.mark.parametrize("model", ["tiny_int8", "tiny_export"])
def test_several_threads_may_ask_at_once(
    model: str, request: pytest.FixtureRequest
) -> None:
    detector = open_detector(request.getfixturevalue(model), threads=1)
    images = [scene(red=(k, 0, k + 2, SIZE)) for k in range(SIZE - 2)]
    alone = [detector.detect(image).boxes for image in images]
    with ThreadPoolExecutor(4) as threads:
        at_once = [
            found.boxes for found in threads.map(detector.detect, images)
        ]
    np.testing.assert_array_equal(at_once, alone)


def test_boxes_end_at_the_image_border(tiny_fp32: Path) -> None:
    found = open_detector(tiny_fp32).detect(scene(50, 41, (0, 0, 50, 41)))
    np.testing.assert_array_equal(found.boxes[0], [0, 0, 50, 41])


class _OldInterpreter:
    def __init__(self, **_: Any) -> None:
        raise RuntimeError("the old one was asked")


def test_falls_back_to_tflite_runtime(
    tiny_fp32: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old: Any = ModuleType("tflite_runtime.interpreter")
    old.Interpreter = _OldInterpreter
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    monkeypatch.setitem(sys.modules, "tflite_runtime", ModuleType("x"))
    monkeypatch.setitem(sys.modules, "tflite_runtime.interpreter", old)
    with pytest.raises(InputError, match="the old one was asked"):
        open_detector(tiny_fp32)


@pytest.mark.filterwarnings("ignore:.*deprecated")
def test_falls_back_to_tensorflow(
    tiny_fp32: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    found = open_detector(tiny_fp32).detect(scene(red=RED))
    assert found.class_ids.tolist() == [1, 2]


def _missing(folder: Path) -> Path:
    return folder / "absent.tflite"


def _no_model(folder: Path) -> Path:
    return folder


def _text(folder: Path) -> Path:
    (folder / "a.tflite").write_text("not a model")
    return folder / "a.tflite"


def _damaged(folder: Path) -> Path:
    (folder / "a.tflite").write_bytes(b"\0" * 1000)
    append_metadata(folder / "a.tflite", METADATA)
    return folder / "a.tflite"


def _odd_metadata(folder: Path) -> Path:
    (folder / "a.tflite").write_bytes(b"\0" * 1000)
    with zipfile.ZipFile(folder / "a.tflite", "a") as archive:
        archive.writestr(METADATA_NAME, "[]")
    return folder / "a.tflite"


def _adding(
    shape: tuple[int, ...], dtype: str = "float32", inputs: int = 1
) -> Any:
    """Returns what writes a model that only adds one to its inputs."""

    def write(folder: Path) -> Path:
        import tensorflow as tf

        add = tf.function(
            lambda *images: {"output_0": tf.add_n(images) + 1},
            input_signature=[
                tf.TensorSpec(shape, dtype, name=f"image_{k}")
                for k in range(inputs)
            ],
        )
        converter = tf.lite.TFLiteConverter.from_concrete_functions(
            [add.get_concrete_function()], tf.Module()
        )
        (folder / "a.tflite").write_bytes(converter.convert())
        append_metadata(folder / "a.tflite", METADATA)
        return folder / "a.tflite"

    return write


def _saved_model_without_metadata(folder: Path) -> Path:
    (folder / "saved_model").mkdir()
    (folder / "saved_model" / "saved_model.pb").write_text("x")
    return folder


def _damaged_saved_model(folder: Path) -> Path:
    (folder / METADATA_NAME).write_text(METADATA.to_json())
    return _saved_model_without_metadata(folder)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_missing, "absent.tflite: no such file"),
        (_no_model, "no model here; name a .tflite file or an export folder"),
        (_text, "a.tflite: carries no metadata.json; copy it again"),
        (_damaged, "a.tflite: TFLite cannot load it"),
        (_odd_metadata, "a.tflite: is not crossline's metadata"),
        (
            _adding((1, 4, 4, 3)),
            "is no detector: no output output_1, output_2, output_3; export",
        ),
        (_adding((1, 4, 4, 3), "int32"), "int32 of shape [1, 4, 4, 3], not"),
        (_adding((2, 4, 4, 3)), "the first is float32 of shape [2, 4, 4, 3]"),
        (_adding((1, 4)), "shape [1, 4], not one RGB image of float32, uint8"),
        (_adding((1, 4, 4, 3), inputs=2), "is no detector: of 2 inputs the "),
        (_saved_model_without_metadata, "metadata.json: no such file"),
        (_damaged_saved_model, "saved_model: TensorFlow cannot load it"),
    ],
)
def test_what_is_no_detector_is_refused(
    make: Any, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        open_detector(make(tmp_path))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_what_the_op_left_behind_the_last_detection_is_not_looked_at(
    tiny_fp32: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = TFLiteDetector(tiny_fp32)
    (run,) = detector._idle
    garbage = np.array([np.nan, np.inf, 3e38], np.float32)

    def with_garbage(**inputs: Any) -> dict[str, Any]:
        found = run(**inputs)
        for name in ("output_1", "output_2"):
            found[name][0, 2] = garbage[0]
        found["output_3"][0, 2] = garbage[[0, 1, 2, 2]]
        return dict(found)

    monkeypatch.setattr(detector, "_idle", [with_garbage])
    found = detector.detect(scene(red=(1, 2, 3, 4)))
    assert found.class_ids.tolist() == [1, 2]
    assert np.isfinite(found.boxes).all()
