"""Two workers that train together; one is killed, and both go on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from crossline.experiment.results import STEP, read_results
from soak.training_data import prepare

STEPS = 60
EVERY = 5


def test_a_killed_worker_costs_no_more_than_the_last_checkpoint(
    tmp_path: Path, tell: Callable[[str], None]
) -> None:
    run = tmp_path / "run"
    command = [
        *(sys.executable, "scripts/train.py", "--workers", "2"),
        *("--config", str(prepare(tmp_path, STEPS))),
        *("--output", str(run), "--checkpoint-every", str(EVERY)),
    ]
    launcher = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not any(run.glob("ckpt-*.index")):
        assert launcher.poll() is None
        time.sleep(0.05)
    _, second = workers_of(launcher.pid)
    os.kill(second, signal.SIGKILL)
    _, said = launcher.communicate(timeout=600)
    assert launcher.returncode == 0, said
    assert "ended by SIGKILL; all start again" in said
    steps = [row[STEP] for row in read_results(run / "results.csv")]
    assert steps == list(range(10, STEPS + 1, 10))
    assert (run / f"ckpt-{STEPS}.index").exists()
    assert not list(run.glob(".worker_*"))
    tell(f"{STEPS} steps by 2 workers, one of them killed")


def workers_of(launcher: int) -> list[int]:
    """Returns the processes of the workers, the chief first."""
    children = Path(f"/proc/{launcher}/task/{launcher}/children")
    return sorted(int(pid) for pid in children.read_text().split())
