"""What a model must tell beside its weights, in ``metadata.json``.

It stands in the export folder and, in a zip appended to it, inside each
``.tflite`` file, so that the file alone is enough; there it tells the model's
checksum, too. ``labels.txt`` is in the zip as well, a name per line from class
0. Nothing in it is compressed: TFLite's own tools map it as it is. Source:
https://www.tensorflow.org/lite/models/convert/metadata
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from crossline.errors import InputError

METADATA_NAME = "metadata.json"
LABELS_NAME = "labels.txt"
GAP = "???"
"""Stands in ``labels.txt`` for an id that no class has."""


@dataclass(frozen=True)
class ModelMetadata:
    """See the module.

    Attributes:
        name: of the model, such as the export folder's.
        classes: label map id (from 1) to name.
        input_height: pixels that the network sees.
        input_width: pixels that the network sees.
        architecture: the Object Detection API's feature extractor.
        trained_on: what it learnt from, in words.
        average_precision: COCO AP by file, where it was measured.
        sha256: of the TFLite model that this is appended to; empty elsewhere.
    """

    name: str
    classes: Mapping[int, str]
    input_height: int
    input_width: int
    architecture: str
    trained_on: str = ""
    average_precision: Mapping[str, float] = field(default_factory=dict)
    sha256: str = ""

    def to_json(self) -> str:
        """Returns the text of ``metadata.json``."""
        values = {k: v for k, v in asdict(self).items() if k != "sha256" or v}
        return json.dumps(values, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, source: str | Path) -> "ModelMetadata":
        """Parses the text of ``metadata.json``.

        Raises:
            InputError: it is not what `to_json` writes; `source` names it.
        """
        try:
            values = json.loads(text)
            classes = {int(i): str(n) for i, n in values["classes"].items()}
            if not classes or min(classes) < 1:
                raise ValueError(f"classes are {classes}")
            return cls(**{**values, "classes": classes})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                source,
                f"is not crossline's metadata ({error})",
                remedy="export the model again",
            ) from error


def label_lines(classes: Mapping[int, str]) -> str:
    """Returns ``labels.txt``: line k, from 0, names label map id k + 1."""
    names = (classes.get(i, GAP) for i in range(1, max(classes) + 1))
    return "".join(f"{name}\n" for name in names)


def append_metadata(model: Path, metadata: ModelMetadata) -> None:
    """Appends the zip with metadata and labels to a ``.tflite`` file.

    One that it has already is replaced. Equal models and metadata give equal
    bytes.
    """
    data = model.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = data[: _start_of(archive)]
        model.write_bytes(data)
    checksum = hashlib.sha256(data).hexdigest()
    text = replace(metadata, sha256=checksum).to_json()
    with zipfile.ZipFile(model, "a") as archive:
        # A ZipInfo has a date of its own, 1980, not today's.
        archive.writestr(
            zipfile.ZipInfo(LABELS_NAME), label_lines(metadata.classes)
        )
        archive.writestr(zipfile.ZipInfo(METADATA_NAME), text)


def split_model(data: bytes, source: Path) -> tuple[bytes, ModelMetadata]:
    """Parts a ``.tflite`` file into the model and what was appended to it.

    Args:
        data: the file's bytes.
        source: the file, named in errors.

    Raises:
        InputError: the file carries no metadata or no checksum, its checksum
            is another one than the model's, or its labels are others than the
            metadata's.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            start = _start_of(archive)
            text = archive.read(METADATA_NAME).decode()
            labels = (
                archive.read(LABELS_NAME).decode()
                if LABELS_NAME in archive.namelist()
                else None
            )
    except Exception as error:  # zipfile has a dozen for damaged archives.
        raise InputError(
            source,
            f"carries no {METADATA_NAME}",
            remedy="copy it again, or export it with scripts/export.py",
        ) from error
    metadata = ModelMetadata.from_json(text, source)
    model = data[:start]
    problem = None
    if not metadata.sha256:
        problem = "carries no checksum"
    elif metadata.sha256 != hashlib.sha256(model).hexdigest():
        problem = "is damaged: its model does not fit its checksum"
    elif labels not in (None, label_lines(metadata.classes)):
        problem = f"its {LABELS_NAME} and {METADATA_NAME} name other classes"
    if problem:
        raise InputError(
            source, problem, remedy="copy it again, or export it again"
        )
    return model, metadata


def _start_of(archive: zipfile.ZipFile) -> int:
    return min(entry.header_offset for entry in archive.infolist())


def read_metadata(folder: Path) -> ModelMetadata:
    """Reads ``metadata.json`` of an export folder.

    Raises:
        InputError: it is missing or unreadable.
    """
    path = folder / METADATA_NAME
    if not path.is_file():
        raise InputError(
            path, "no such file", remedy="export it with scripts/export.py"
        )
    return ModelMetadata.from_json(path.read_text(encoding="utf-8"), path)
