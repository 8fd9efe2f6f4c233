"""One detection in a process of its own: ``python -m`` this, and a model.

Prints the peak of its resident memory in MB.
"""

import re
import sys
from pathlib import Path

import numpy as np

from crossline.detect.detector import open_detector


def main(model: Path) -> None:
    """Detects on a grey image of 640 x 480 pixels."""
    open_detector(model).detect(np.full((480, 640, 3), 128, np.uint8))
    sys.stdout.write(f"{_peak_memory():.1f}\n")


def _peak_memory() -> float:
    """Returns the peak of this process's memory, in MB.

    `getrusage` would tell that of the process that started it.
    """
    status = Path("/proc/self/status").read_text()
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(match[1]) / 1000 if match else float("nan")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
