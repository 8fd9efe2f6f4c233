"""What a device carries loads nothing of the training side."""

import subprocess
import sys

ROOMS = ("capture", "count", "detect", "live", "track", "video")
FORBIDDEN = ("tensorflow", "pandas", "object_detection", "matplotlib")

IMPORT_ALL = f"""
import importlib, pkgutil, sys
for room in {ROOMS}:
    package = importlib.import_module("crossline." + room)
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"crossline.{{room}}.{{module.name}}")
print([name for name in {FORBIDDEN} if name in sys.modules])
"""


def test_device_rooms_load_nothing_of_the_training_side() -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "[]"
