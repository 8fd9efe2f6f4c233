r"""What a device carries: megabytes on its disk, in its memory, seconds.

Packs what scripts/make_edge_bundle.sh packs, unpacks it in an empty folder
and runs detect_images.py and count_video.py there, with nothing in their
environment but a PATH. Prints what it takes on the disk, afterwards; the peak
of the resident memory while a video is counted and its annotated copy written;
and the time from the start of count_video.py to its end after one frame (the
median of five; and the first, when Python compiles what it imports). Fails
where disk or memory is more than crossline promises.

Example:
    python benchmarks/edge.py --video ../shared/videos/vtest.avi
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crossline.command_line import new_parser, run_script
from crossline.errors import InputError
from crossline.files import require_file

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "street.jpg"
PYTHON = ".venv/bin/python"
BARE = {"PATH": os.defpath}
LINE = "gate=0.5,0,0.5,1"
MOST_INSTALLED_MB = 400
MOST_MEMORY_MB = 250
MOST_START_S = 1.5
STARTS = 5
FORBIDDEN = ("tensorflow", "pandas", "scipy", "object_detection")


@dataclass(frozen=True)
class Ended:
    """What a script took: seconds, and MB of memory at its peak."""

    seconds: float
    megabytes: float


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "--video",
        type=Path,
        default=Path("../shared/videos/vtest.avi"),
        help="to be counted",
    )
    return parser


def run(video: Path) -> None:
    require_file(video)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = unpacked(folder)
        # Makes the environment.
        shell(bundle / "scripts/run_edge.sh", "detect_images.py", "--help")
        require_without(bundle / PYTHON)
        forget_files(bundle)
        measure(bundle, video.resolve(), folder)


def unpacked(folder: Path) -> Path:
    """Returns the folder of a bundle, as it comes out of its archive."""
    archive = folder / "edge.tar.gz"
    shell(ROOT / "scripts/make_edge_bundle.sh", "--output", archive)
    shutil.unpack_archive(archive, folder, filter="data")
    archive.unlink()
    return folder / "crossline-edge"


def shell(script: Path, *arguments: object) -> None:
    subprocess.run(
        ["bash", str(script), *map(str, arguments)],
        check=True,
        env=BARE | {"PYTHON": sys.executable},
        stdout=subprocess.DEVNULL,
    )


def measure(bundle: Path, video: Path, folder: Path) -> None:
    frame = [video, "--line", LINE, "--no-video", "--max-frames", "1"]
    starts = [
        call(bundle, "count_video", *frame, "--output", folder / f"start-{k}")
        for k in range(STARTS)
    ]
    whole = [video, "--line", LINE, "--output", folder / "count"]
    count = call(bundle, "count_video", *whole)
    call(bundle, "detect_images", PICTURE, "--output", folder / "images")
    seconds = statistics.median(start.seconds for start in starts)
    first = starts[0].seconds
    installed = disk_megabytes(bundle)
    problems = [
        judged("installed, MB", installed, MOST_INSTALLED_MB),
        judged("peak of memory, MB", count.megabytes, MOST_MEMORY_MB),
    ]
    judged("start to first detection, s", seconds, MOST_START_S)
    print(f"{'the very first, s':30}{first:8.2f}")
    if any(problems):
        raise InputError("crossline-edge", "; ".join(filter(None, problems)))


def forget_files(folder: Path) -> None:
    """Leaves files on the disk alone, as after the start of a device.

    What has just been installed is in memory still, in large pieces, and
    Linux counts a whole piece as a process's own where it touches a part.
    """
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file)
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def judged(what: str, value: float, most: float) -> str | None:
    """Prints a figure; returns what is wrong with it."""
    print(f"{what:30}{value:8.2f}   at most {most:g}")
    return f"{what}: {value:.2f}, not {most:g}" if value > most else None


def require_without(python: Path) -> None:
    """Raises InputError if the environment has what no device needs."""
    code = (
        "from importlib.util import find_spec; "
        f"print(*[n for n in {FORBIDDEN} if find_spec(n)])"
    )
    command = [str(python), "-c", code]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    if found := ended.stdout.strip():
        raise InputError(python, f"has {found}")


def call(bundle: Path, script: str, *arguments: object) -> Ended:
    path = bundle / "scripts" / f"{script}.py"
    command = [str(bundle / PYTHON), str(path), *map(str, arguments)]
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=BARE,
    )
    assert process.stderr is not None
    complaint = process.stderr.read()
    # Of this very child. Until it is another program it counts as we do,
    # which is why nothing large is imported here.
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise InputError(script, f"ended with {status}: {complaint}")
    return Ended(time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e6)


def disk_megabytes(folder: Path) -> float:
    """Returns what a folder takes on the disk."""
    paths = [folder, *folder.rglob("*")]
    return sum(path.lstat().st_blocks for path in paths) * 512 / 1e6


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
