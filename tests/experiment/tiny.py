"""An experiment small enough for a test: grey images with a bright car."""

from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from crossline.annotations.table import table_of, write_csv
from tests.odapi.conftest import make_zoo_checkpoint, squares

STEPS = 6


def write_data(folder: Path) -> None:
    """Writes ``images/``, ``labels.csv`` and the checkpoint ``zoo/``."""
    make_zoo_checkpoint(folder / "zoo")
    (folder / "images").mkdir()
    drawn = squares(6)
    for filename, image, _ in drawn:
        Image.fromarray(image).save(folder / "images" / filename)
    table = table_of(row for *_, row in drawn)
    write_csv(table, folder / "labels.csv")


def settings(folder: Path, **changes: Any) -> dict[str, Any]:
    """Returns an experiment on what `write_data` wrote."""
    return {
        "data": {
            "train": str(folder / "labels.csv"),
            "val": str(folder / "labels.csv"),
            "images": str(folder / "images"),
        },
        "model": {"checkpoint": str(folder / "zoo")},
        "schedule": {
            "steps": STEPS,
            "learning_rate": 0.01,
            "validate_every": 3,
            "checkpoint_every": 2,
            "log_every": 2,
        },
        "batch_size": 2,
        "export": {"precisions": []},
        "quality_gate": {"AP": 0.0},
        **changes,
    }


def write_yaml(path: Path, values: dict[str, Any]) -> Path:
    """Writes an experiment."""
    path.write_text(yaml.safe_dump(values))
    return path
