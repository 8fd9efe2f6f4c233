"""Small data sets: pictures of noise, which are all sharp and unlike."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from crossline.check.check import check, read_facts
from crossline.check.findings import Finding
from crossline.check.parts import Part, read_parts
from crossline.geometry import Image

HEADER = "filename,width,height,class,xmin,ymin,xmax,ymax"
SOUND = ("a.png,100,80,car,10,20,30,50", "b.png,100,80,bus,40,20,90,70")
RARE = "class_rare"
"""Every small data set has it."""


def noise(seed: int, width: int = 100, height: int = 80) -> Image:
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (height, width, 3), np.uint8)


def write_image(
    path: Path,
    seed: int | None = None,
    width: int = 100,
    height: int = 80,
    orientation: int = 1,
) -> Path:
    """Writes a picture that is another for another name, or by `seed`."""
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    path.parent.mkdir(parents=True, exist_ok=True)
    own = seed if seed is not None else int.from_bytes(path.name.encode())
    image = Pillow.fromarray(noise(own, width, height))
    if orientation == 1:
        image.save(path)
    else:
        image.save(path, exif=exif)
    return path


def write_lines(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def checked(
    folder: Path, *csvs: Path
) -> tuple[Sequence[Part], Sequence[Finding]]:
    parts = read_parts(csvs, folder)
    return parts, check(parts, read_facts(parts, workers=1), 300)


def kinds_of(findings: Sequence[Finding]) -> dict[str, int]:
    """Returns how many there are of each kind, without `RARE`."""
    counts: dict[str, int] = {}
    for finding in findings:
        if finding.kind.name != RARE:
            counts[finding.kind.name] = counts.get(finding.kind.name, 0) + 1
    return counts
