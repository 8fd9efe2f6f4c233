"""Where a run was made: ``environment.json``."""

import json
import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import tensorflow as tf

_PACKAGES = (
    "crossline",
    "tensorflow",
    "tf-keras",
    "tf-object-detection-api",
    "numpy",
    "pycocotools",
)


def environment() -> dict[str, Any]:
    """Returns what a run's figures may depend on, beside its settings."""
    gpus = tf.config.list_physical_devices("GPU")
    return {
        "commit": _commit(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in _PACKAGES},
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "gpus": [
            tf.config.experimental.get_device_details(gpu).get("device_name")
            for gpu in gpus
        ],
    }


def to_json(values: dict[str, Any]) -> str:
    """Returns the file's text."""
    return json.dumps(values, indent=2) + "\n"


def _commit() -> str | None:
    """Returns crossline's own commit; None outside of a work tree."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return described.stdout.strip()
