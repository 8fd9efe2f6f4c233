"""Workers: started together, stopped together, started again."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from crossline import workers
from crossline.errors import InputError

# What each worker of these tests is told: its index, who is there.
TOLD = """
import json, os, pathlib, signal, sys, time
told = json.loads(os.environ["TF_CONFIG"])
index, hosts = told["task"]["index"], told["cluster"]["worker"]
folder = pathlib.Path(sys.argv[1])
"""


def command(folder: Path, program: str) -> list[str]:
    return [sys.executable, "-c", TOLD + program, str(folder)]


def test_every_worker_knows_all_and_itself(tmp_path: Path) -> None:
    program = "(folder / f'{index}.json').write_text(json.dumps(hosts))"
    assert workers.run_workers(command(tmp_path, program), 3, tmp_path) == 0
    told = [
        json.loads((tmp_path / f"{index}.json").read_text())
        for index in range(3)
    ]
    assert told[0] == told[1] == told[2]
    assert len(set(told[0])) == 3


def test_one_is_killed_and_all_start_again(tmp_path: Path) -> None:
    program = """
with (folder / f"starts_{index}").open("a") as file:
    file.write("x")
starts = (folder / f"starts_{index}").stat().st_size
if starts == 1 and index == 1:
    while not (folder / "starts_0").exists():
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)
if starts == 1:
    time.sleep(60)  # Waits for the other, as a worker in training does.
"""
    assert workers.run_workers(command(tmp_path, program), 2, tmp_path) == 0
    for index in range(2):
        assert (tmp_path / f"starts_{index}").read_text() == "xx"


def test_workers_that_are_killed_again_and_again_are_given_up(
    tmp_path: Path,
) -> None:
    program = "os.kill(os.getpid(), signal.SIGKILL)"
    with pytest.raises(InputError, match="was killed 11 times"):
        workers.run_workers(command(tmp_path, program), 1, tmp_path)


def test_the_chiefs_status_is_that_of_all(tmp_path: Path) -> None:
    program = "sys.exit(1) if index == 0 else time.sleep(60)"
    assert workers.run_workers(command(tmp_path, program), 2, tmp_path) == 1


def test_another_workers_failure_names_its_log(tmp_path: Path) -> None:
    program = "sys.exit('no such file') if index else time.sleep(60)"
    with pytest.raises(InputError, match=r"worker_1\.log: worker 1 ended"):
        workers.run_workers(command(tmp_path, program), 2, tmp_path)
    assert (tmp_path / "worker_1.log").read_text() == "no such file\n"


def test_commands_for_several_machines_differ_in_the_index() -> None:
    hosts = ["first:2222", "second:2222"]
    made = workers.commands(["python", "train.py", "a b"], hosts)
    for index, line in enumerate(made):
        setting, *words = shlex.split(line)
        name, _, value = setting.partition("=")
        assert name == "TF_CONFIG"
        assert json.loads(value) == {
            "cluster": {"worker": hosts},
            "task": {"type": "worker", "index": index},
        }
        assert words == ["python", "train.py", "a b"]


@pytest.mark.parametrize(
    ("config", "count", "chief"),
    [
        ("", 1, True),
        (
            '{"cluster": {"worker": ["a:1", "b:1"]}, "task": {"index": 0}}',
            2,
            True,
        ),
        (
            '{"cluster": {"worker": ["a:1", "b:1"]}, "task": {"index": 1}}',
            2,
            False,
        ),
    ],
)
def test_a_worker_knows_its_place(
    config: str, count: int, chief: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CONFIG", config)
    assert workers.worker_count() == count
    assert workers.is_chief() == chief


@pytest.mark.parametrize(
    "config", ["{", "2", '{"task": {}}', '{"cluster": 1}']
)
def test_a_config_of_no_cluster_is_told(
    config: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CONFIG", config)
    with pytest.raises(InputError, match="TF_CONFIG: names no cluster"):
        workers.is_chief()
