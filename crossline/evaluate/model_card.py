"""The model card of an export folder: what was measured, on what.

The card is for people, ``metadata.json`` keeps the same for programs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from crossline.detect.metadata import METADATA_NAME, read_metadata
from crossline.errors import InputError
from crossline.files import require_file, write_text

CARD_NAME = "MODEL_CARD.md"
_WHOLE = ("saved_model", "checkpoint")
"""What stands for the folder itself: evaluate.py takes the first there is."""


@dataclass(frozen=True)
class MeasuredFile:
    """One form of the model with what was measured of it.

    Attributes:
        name: inside the export folder.
        size: bytes.
        metrics: of the evaluation's JSON: ``summary`` and ``per_class``.
    """

    name: str
    size: int
    metrics: Mapping[str, Any]


def write_model_card(export: Path, evaluation: Path, trained_on: str) -> Path:
    """Writes the card, and puts the same measures into ``metadata.json``.

    Args:
        export: the export folder.
        evaluation: JSON that ``evaluate.py`` wrote of its files.
        trained_on: which images and which checkpoint it learnt from; a
            sentence or more, in Markdown.

    Returns:
        The card's path.

    Raises:
        InputError: the export or the evaluation is missing or damaged, or the
            evaluation is not of this export.
    """
    metadata = read_metadata(export)
    judged = _read(evaluation)
    measured = _measured(judged, export, evaluation)
    metadata = replace(
        metadata,
        trained_on=trained_on,
        average_precision={
            file.name: round(file.metrics["summary"]["AP"], 4)
            for file in measured
        },
    )
    templates = Environment(
        loader=PackageLoader("crossline.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    text = templates.get_template("model_card.md").render(
        model=metadata,
        files=measured,
        images=judged["images"],
        source=Path(judged["source"]).name,
    )
    write_text(export / METADATA_NAME, metadata.to_json())
    write_text(export / CARD_NAME, text)
    return export / CARD_NAME


def _read(evaluation: Path) -> Any:
    require_file(evaluation)
    try:
        judged = json.loads(evaluation.read_text(encoding="utf-8"))
        for key in ("images", "source", "models"):
            judged[key]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            evaluation,
            f"is not what evaluate.py writes ({error})",
            remedy="name the JSON file of its --output",
        ) from error
    return judged


def _measured(
    judged: Any, export: Path, evaluation: Path
) -> list[MeasuredFile]:
    files = []
    folder = export.resolve()
    for model in judged["models"]:
        path = Path(model["model"]).resolve()
        if path == folder:
            path = next(p for n in _WHOLE if (p := folder / n).is_dir())
        if path.parent == folder:
            files.append(
                MeasuredFile(path.name, _size(path), model["metrics"])
            )
    if not files:
        raise InputError(
            evaluation,
            f"judges no file of {export}",
            remedy=f"run evaluate.py on {export} and its .tflite files",
        )
    return files


def _size(path: Path) -> int:
    """Returns the bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(f.stat().st_size for f in path.rglob("*") if f.is_file())
