r"""How much memory a million rows take: a CSV is split and converted.

A CSV of --rows rows over --images images (hard links to a few files) goes
through split_csv.py and csv_to_tfrecord.py, and so does one of a thousand
rows. The peak of the resident memory of each process (the script, each of its
workers) is printed, and its growth from the small CSV to the large one: at
most 200 MB. Fails if one grows by more.

Example:
    python benchmarks/memory.py
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from crossline.command_line import new_parser, positive_int, run_script
from crossline.errors import InputError

SCRIPTS = Path(__file__).parents[1] / "scripts"
MOST_GROWTH = 200
CLASSES = 80
SMALL = 1_000
Peaks = dict[str, float]


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "--rows", type=positive_int, default=1_000_000, help="of the CSV"
    )
    parser.add_argument(
        "--images", type=positive_int, default=100_000, help="that it names"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()),
        help="for temporary files",
    )
    return parser


def run(rows: int, images: int, folder: Path) -> Peaks:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        scratch = Path(name)
        make_images(scratch / "images", images)
        few = measured(scratch / "few", SMALL, max(1, SMALL * images // rows))
        many = measured(scratch / "many", rows, images)
    growth = {process: many[process] - few[process] for process in many}
    print(f"{'peak, MB':24}{SMALL:>10,}{rows:>12,}{'growth':>10}")
    for process, more in growth.items():
        print(
            f"{process:24}{few[process]:10.0f}{many[process]:12.0f}"
            f"{more:10.0f}"
        )
    worst = max(growth, key=lambda process: growth[process])
    if growth[worst] > MOST_GROWTH:
        raise InputError(
            worst, f"grows by {growth[worst]:.0f} MB", remedy="find out why"
        )
    return growth


def make_images(folder: Path, count: int) -> None:
    """Makes ``0.jpg`` and so on; a file holds no more than 1,000 links."""
    from PIL import Image

    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    for number in range(count):
        path = folder / f"{number:012d}.jpg"
        if number % 1_000 == 0:
            first = path
            Image.fromarray(pixels).save(first)
        else:
            path.hardlink_to(first)


def measured(folder: Path, rows: int, images: int) -> Peaks:
    folder.mkdir()
    csv = folder / "all.csv"
    write_rows(csv, rows, images)
    peaks = peaks_of(["split_csv", str(csv)])
    peaks_of(["make_label_map", str(csv), "--output", str(folder)])
    arguments = [
        *(str(csv), "--images", str(folder.parent / "images")),
        *("--label-map", str(folder / "all.pbtxt"), "--workers", "2"),
        *("--output", str(folder / "records"), "--shards", "100"),
    ]
    return peaks | peaks_of(["csv_to_tfrecord", *arguments])


def write_rows(path: Path, rows: int, images: int) -> None:
    random = np.random.default_rng(0)
    left, top = random.uniform(0, 30, (2, rows)).round(2)
    class_ids = random.integers(1, CLASSES + 1, rows)
    with path.open("w") as file:
        file.write("filename,width,height,class,class_id,xmin,ymin,xmax,ymax")
        file.write(",image_id,area\n")
        for row in range(rows):
            image = row * images // rows
            file.write(
                f"{image:012d}.jpg,64,48,class {class_ids[row]},"
                f"{class_ids[row]},{left[row]:.2f},{top[row]:.2f},"
                f"{left[row] + 20.25:.2f},{top[row] + 15.5:.2f},"
                f"{image},{left[row] * 7:.3f}\n"
            )


def peaks_of(command: Sequence[str]) -> Peaks:
    """Runs a script; returns the peaks of it and of its workers, MB."""
    script, *arguments = command
    run = subprocess.Popen(
        [sys.executable, str(SCRIPTS / f"{script}.py"), *arguments],
        stdout=subprocess.DEVNULL,
    )
    peaks: dict[int, float] = {}
    watcher = threading.Thread(target=watch, args=(run, peaks))
    watcher.start()
    status = run.wait()
    watcher.join()
    if status:
        raise InputError(script, f"ended with status {status}")
    workers = [peak for process, peak in peaks.items() if process != run.pid]
    named = {script: peaks[run.pid]}
    return named | {f"{script}'s workers": max(workers)} if workers else named


def watch(run: "subprocess.Popen[bytes]", peaks: dict[int, float]) -> None:
    """Notes the high-water marks of a process and its children."""
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    own = command_line(run.pid)
    while run.poll() is None:
        try:
            processes = [run.pid, *map(int, children.read_text().split())]
        except OSError:
            break
        for process in processes:
            # Forked and not yet another program, it has its parent's peak.
            if process != run.pid and command_line(process) == own:
                continue
            peak = high_water(process)
            peaks[process] = max(peak, peaks.get(process, 0))
        time.sleep(0.02)


def command_line(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def high_water(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    lines = [x for x in status.splitlines() if x.startswith("VmHWM")]
    return int(lines[0].split()[1]) / 1024 if lines else 0


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
