"""Two processes train together; one is killed, and both go on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from crossline.experiment.results import STEP, read_results
from crossline.odapi.pipeline_config import read_pipeline, write_pipeline
from tests.odapi.conftest import Chain

STEPS = 20


def test_one_of_two_workers_is_killed_and_both_go_on(
    prepared: Chain, tmp_path: Path
) -> None:
    pipeline = read_pipeline(prepared.config)
    pipeline.train_config.num_steps = STEPS
    config, run = tmp_path / "pipeline.config", tmp_path / "run"
    write_pipeline(pipeline, config)
    launcher = subprocess.Popen(
        [
            *(sys.executable, "scripts/train.py", "--workers", "2"),
            *("--config", str(config), "--output", str(run)),
            *("--checkpoint-every", "5"),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (run / "ckpt-5.index").exists():
        assert launcher.poll() is None
        time.sleep(0.05)
    chief, other = workers_of(launcher)
    os.kill(other, signal.SIGKILL)
    _, said = launcher.communicate()
    assert launcher.returncode == 0, said
    assert "Worker 1 was ended by SIGKILL; all start again." in said
    assert not Path(f"/proc/{chief}").exists()
    assert [row[STEP] for row in read_results(run / "results.csv")] == [10, 20]
    assert (run / f"ckpt-{STEPS}.index").exists()
    assert not list(run.glob(".worker_*"))


def workers_of(launcher: "subprocess.Popen[str]") -> list[int]:
    """Returns the processes that it started, the chief first."""
    children = Path(f"/proc/{launcher.pid}/task/{launcher.pid}/children")
    return sorted(int(pid) for pid in children.read_text().split())
