"""What a model must tell beside its weights, in ``metadata.json``.

It stands in the export folder and, as a zip entry appended to it, inside
each ``.tflite`` file, so that the file alone is enough. ``labels.txt`` is
appended too, a name per line from class 0, as TFLite's own tools read it.
"""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
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
    """

    name: str
    classes: Mapping[int, str]
    input_height: int
    input_width: int
    architecture: str
    trained_on: str = ""
    average_precision: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> str:
        """Returns the text of ``metadata.json``."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

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
    """Appends the zip with metadata and labels to a ``.tflite`` file."""
    with zipfile.ZipFile(model, "a") as archive:
        archive.writestr(LABELS_NAME, label_lines(metadata.classes))
        archive.writestr(METADATA_NAME, metadata.to_json())


def read_appended_metadata(model: Path) -> ModelMetadata:
    """Reads what `append_metadata` wrote.

    Raises:
        InputError: the file carries no metadata.
    """
    try:
        with zipfile.ZipFile(model) as archive:
            text = archive.read(METADATA_NAME).decode()
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise InputError(
            model,
            f"carries no {METADATA_NAME}",
            remedy="export it with scripts/export.py",
        ) from error
    return ModelMetadata.from_json(text, model)


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
