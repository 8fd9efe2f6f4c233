"""What the demo's evaluation says of its two models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossline.annotations.json_file import read_json
from crossline.errors import InputError
from crossline.evaluate.bootstrap import Difference
from crossline.files import require_file


@dataclass(frozen=True)
class ClassScores:
    """Average precision of one class, 0 to 1, and how many it has."""

    ap: float
    ap50: float
    objects: int


@dataclass(frozen=True)
class ModelScores:
    """One model.

    Attributes:
        path: export folder or TFLite file.
        size: bytes of the model alone.
        detections: where what it detected is kept.
        ap: COCO's.
        ap50: at IoU 0.50.
        per_class: by class name.
    """

    path: Path
    size: int
    detections: Path
    ap: float
    ap50: float
    per_class: Mapping[str, ClassScores]


@dataclass(frozen=True)
class DemoScores:
    """SavedModel and int8 on the same images.

    Attributes:
        images: how many.
        saved_model: the one that training ended with.
        int8: the one that counts.
        difference: of AP and AP50, int8 less SavedModel.
    """

    images: int
    saved_model: ModelScores
    int8: ModelScores
    difference: Mapping[str, Difference]

    @property
    def loss(self) -> float:
        """AP50 that int8 costs."""
        return self.saved_model.ap50 - self.int8.ap50


def read_scores(path: Path) -> DemoScores:
    """Reads what ``evaluate.py EXPORT MODEL_INT8 --output PATH`` wrote.

    Raises:
        InputError: it is missing, something else, or has other models.
    """
    remedy = "evaluate the export folder and its int8 file, in this order"
    values = read_json(require_file(path, remedy))
    try:
        saved_model, int8 = (_model(model) for model in values["models"])
        return DemoScores(
            values["images"],
            saved_model,
            int8,
            {
                name: Difference(**numbers)
                for name, numbers in values["models"][1]["differences"].items()
            },
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            path,
            f"is no evaluation of two models ({error!r})",
            remedy=remedy,
        ) from error


def size_of(path: Path) -> int:
    """Returns the bytes of a file, or of all files in a folder."""
    files: Sequence[Path] = (
        [file for file in path.rglob("*") if file.is_file()]
        if path.is_dir()
        else [path]
    )
    return sum(file.stat().st_size for file in files)


def _model(values: Mapping[str, Any]) -> ModelScores:
    path, metrics = Path(values["model"]), values["metrics"]
    return ModelScores(
        path,
        size_of(path / "saved_model" if path.is_dir() else path),
        Path(values["detections"]),
        metrics["summary"]["AP"],
        metrics["summary"]["AP50"],
        {
            name: ClassScores(of["AP"], of["AP50"], of["objects"])
            for name, of in metrics["per_class"].items()
        },
    )
