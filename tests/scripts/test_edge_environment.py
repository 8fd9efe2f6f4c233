"""The device's scripts run on what requirements-edge.txt locks.

benchmarks/edge.py, which CI runs, makes that environment in earnest.
"""

import re
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from tests.tiny_detector import scene
from tests.video.videos import write_video

ROOT = Path(__file__).parents[2]

# As if only the locked packages were installed.
RUN_WITHOUT = """
import re, runpy, sys
from importlib import metadata

def plain(name):
    return re.sub("[-_.]+", "-", name).lower()

script, *sys.argv[1:], allowed = sys.argv[1:]
for module, packages in metadata.packages_distributions().items():
    if not {plain(name) for name in packages} & set(allowed.split()):
        sys.modules[module] = None
sys.modules.pop("crossline", None)
sys.argv[0] = script
runpy.run_path(script, run_name="__main__")
"""


def locked(name: str) -> dict[str, set[str]]:
    """Returns the versions of each package in a lock."""
    versions: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text().splitlines():
        if match := re.match(r"([\w.-]+)==([\w.]+)", line):
            versions.setdefault(match[1], set()).add(match[2])
    return versions


def test_the_edge_lock_is_a_part_of_the_whole_one() -> None:
    whole, edge = locked("requirements.txt"), locked("requirements-edge.txt")
    # For Windows, which has no wheel of ours.
    edge.pop("colorama", None)
    assert edge.items() <= whole.items()
    assert not edge.keys() & {"tensorflow", "pandas", "scipy", "matplotlib"}


@pytest.mark.parametrize("script", ["detect_images", "count_video"])
def test_runs_without_any_other_package(script: str, tmp_path: Path) -> None:
    image = scene(64, 48, red=(10, 10, 30, 30))
    source = tmp_path / "a.png"
    options = ["--output", str(tmp_path / "out")]
    if script == "count_video":
        source = write_video(tmp_path / "a.mp4", [image] * 3, fps=10)
        options += ["--line", "gate=0.5,0,0.5,1"]
    else:
        cv2.imwrite(str(source), image)
    path = ROOT / "scripts" / f"{script}.py"
    allowed = " ".join(locked("requirements-edge.txt"))
    command = [sys.executable, "-c", RUN_WITHOUT, str(path), str(source)]
    ended = subprocess.run(
        [*command, *options, allowed],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "Wrote" in ended.stdout


@pytest.mark.parametrize(
    ("options", "status", "complaint"),
    [
        pytest.param(
            ["--model", "README.md"],
            1,
            "README.md: carries no metadata.json; copy it again, or export it "
            "with scripts/export.py",
        ),
        (["--model", "none.tflite"], 1, "none.tflite: no such file"),
        (["--model"], 2, "--model needs a value"),
        (["--nonsense"], 2, "unknown option --nonsense"),
    ],
)
def test_no_bundle_of_what_is_no_model(
    options: list[str], status: int, complaint: str
) -> None:
    ended = subprocess.run(
        ["bash", "scripts/make_edge_bundle.sh", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert ended.returncode == status
    assert ended.stderr == f"make_edge_bundle.sh: {complaint}\n"
