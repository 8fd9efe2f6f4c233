"""Models that are missing, damaged, or something else."""

import hashlib
import io
import zipfile
from dataclasses import replace

import pytest

from crossline.detect.metadata import METADATA_NAME
from tests.bad_input import pictures
from tests.bad_input.conftest import Given, Lay, Refuses
from tests.tiny_detector import METADATA

EXPORT = "export it with scripts/export.py"
AGAIN = "export it again with scripts/export.py"
ZEROS = hashlib.sha256(bytes(999)).hexdigest()


def with_metadata(model: bytes, text: str) -> bytes:
    """Returns a TFLite file with `text` as its metadata."""
    buffer = io.BytesIO(model)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(METADATA_NAME, text)
    return buffer.getvalue()


ODD_METADATA = [
    pytest.param(
        "[]",
        "is not crossline's metadata (list indices must be ...); export the "
        "model again",
        id="metadata of something else",
    ),
    pytest.param(
        '{"classes"',
        "is not crossline's metadata (Expecting ...); export the model again",
        id="metadata malformed",
    ),
    pytest.param(
        replace(METADATA, classes={}).to_json(),
        "is not crossline's metadata (classes are {}); export the model again",
        id="metadata without classes",
    ),
    pytest.param(
        replace(METADATA, classes={0: "red", 1: "green"}).to_json(),
        "is not crossline's metadata (classes are {0: 'red', 1: 'green'}); "
        "export the model again",
        id="metadata with id 0",
    ),
]


@pytest.mark.parametrize(
    ("given", "model", "line"),
    [
        pytest.param({}, "m.tflite", "m.tflite: no such file", id="missing"),
        pytest.param(
            {"m.tflite": ""}, "m.tflite", "m.tflite: is empty", id="empty"
        ),
        pytest.param(
            {"m.tflite/": ""}, "m.tflite", "m.tflite: is not a file", id="dir"
        ),
        pytest.param(
            {"m.tflite": "no model"},
            "m.tflite",
            f"m.tflite: carries no metadata.json; copy it again, or {EXPORT}",
            id="text",
        ),
        pytest.param(
            {"m.tflite": with_metadata(bytes(999), METADATA.to_json())},
            "m.tflite",
            "m.tflite: carries no checksum; copy it again, or export it again",
            id="no checksum",
        ),
        pytest.param(
            {
                "m.tflite": with_metadata(
                    bytes(999), replace(METADATA, sha256=ZEROS).to_json()
                )
            },
            "m.tflite",
            f"m.tflite: TFLite cannot load it (...); {AGAIN}",
            id="no flatbuffer",
        ),
        pytest.param(
            {
                "m.tflite": with_metadata(
                    bytes(999), replace(METADATA, sha256="0" * 64).to_json()
                )
            },
            "m.tflite",
            "m.tflite: is damaged: its model does not fit its checksum; copy "
            "it again, or export it again",
            id="another model's metadata",
        ),
        pytest.param(
            {"m.pb": "x"},
            "m.pb",
            "m.pb: no model here; name a .tflite file or an export folder",
            id="another format",
        ),
        pytest.param(
            {},
            "exported/none",
            "exported/none: no such file or folder; name a .tflite file or "
            "an export folder",
            id="missing folder",
        ),
        pytest.param(
            {"m/metadata.json": METADATA.to_json(), "m/saved_model/": ""},
            "m",
            "m: no model here; name a .tflite file or an export folder",
            id="SavedModel without saved_model.pb",
        ),
        pytest.param(
            {"m/saved_model/saved_model.pb": "x"},
            "m",
            f".../m/metadata.json: no such file; {EXPORT}",
            id="SavedModel without metadata",
        ),
        pytest.param(
            {
                "m/metadata.json": METADATA.to_json(),
                "m/saved_model/saved_model.pb": "x",
            },
            "m",
            f"m/saved_model: TensorFlow cannot load it (...); {AGAIN}",
            id="SavedModel damaged",
        ),
    ],
)
def test_models(
    given: Given, model: str, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay({"a.png": pictures.picture("PNG"), **given})
    refuses(f"detect_images a.png --model {model} --output out", line)


@pytest.mark.parametrize(("text", "problem"), ODD_METADATA)
def test_metadata_in_a_file(
    text: str, problem: str, lay: Lay, refuses: Refuses
) -> None:
    model = with_metadata(bytes(999), text)
    lay({"a.png": pictures.picture("PNG"), "m.tflite": model})
    refuses(
        "detect_images a.png --model m.tflite --output out",
        f"m.tflite: {problem}",
    )


@pytest.mark.parametrize(("text", "problem"), ODD_METADATA)
def test_metadata_of_a_folder(
    text: str, problem: str, lay: Lay, refuses: Refuses
) -> None:
    saved_model = {"m/metadata.json": text, "m/saved_model/saved_model.pb": ""}
    lay({"a.png": pictures.picture("PNG"), **saved_model})
    refuses(
        "detect_images a.png --model m --output out",
        f".../m/metadata.json: {problem}",
    )


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("script", ["detect_images", "count_video"])
def test_a_class_that_the_model_does_not_know(
    script: str, lay: Lay, refuses: Refuses
) -> None:
    lay({"a.png": pictures.picture("PNG")})
    refuses(
        f"{script} a.png --model tiny.tflite --output out --classes greens",
        "tiny.tflite: knows no class 'greens', did you mean 'green'?; it "
        "knows red, green",
    )


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("options", "line"),
    [
        pytest.param(
            "--model tiny.tflite --delegate edgetpu",
            "--delegate edgetpu: libedgetpu.so.1 cannot be loaded (...); plug "
            "in the Coral and install libedgetpu1-std (coral.ai/software), or "
            "leave it out",
        ),
        pytest.param(
            "--model tiny.tflite --delegate gpu",
            "--delegate gpu: libtensorflowlite_gpu_delegate.so cannot be "
            "loaded (...); build TensorFlow Lite's GPU delegate for this "
            "machine, or leave it out",
        ),
        (
            "--model m --delegate gpu",
            "m: is a SavedModel, which takes no delegate; name a .tflite file",
        ),
    ],
)
def test_a_delegate_that_is_not_there(
    options: str, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay({"a.png": pictures.picture("PNG"), "m/saved_model/saved_model.pb": ""})
    refuses(f"detect_images a.png {options} --output out", line)
