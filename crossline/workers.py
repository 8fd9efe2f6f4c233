"""Several processes that train together, started on this machine or others.

Every worker runs the same command; ``TF_CONFIG`` tells it who the others are
and which of them it is itself (tensorflow.org/guide/distributed_training).
When one of them dies, the others can only wait for it: all are stopped and
started again, and go on from the last checkpoint.
"""

import argparse
import contextlib
import json
import logging
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from crossline.errors import InputError

TF_CONFIG = "TF_CONFIG"
_RESTARTS = 10
_POLL_S = 0.1
_PATIENCE_S = 60.0
"""For how long workers may save after SIGTERM."""

_log = logging.getLogger(__name__)


def add_hosts_argument(parser: argparse._ActionsContainer) -> None:
    """Adds which machines train together, for `commands`."""
    parser.add_argument(
        "--hosts",
        nargs="+",
        default=[],
        metavar="HOST:PORT",
        help="machines that shall train together, the first one saves; "
        "prints the command for each",
    )


def is_worker() -> bool:
    """Tells whether this process is one of several."""
    return bool(os.environ.get(TF_CONFIG))


def worker_count() -> int:
    """Returns how many processes train together; 1 if this one is alone.

    Raises:
        InputError: `TF_CONFIG` is none.
    """
    return _own_task()[1]


def is_chief() -> bool:
    """Tells whether this process is the first worker, or the only one.

    Raises:
        InputError: `TF_CONFIG` is none.
    """
    return _own_task()[0] == 0


def commands(command: Sequence[str], hosts: Sequence[str]) -> list[str]:
    """Returns the command line for each of several machines.

    Args:
        command: that every worker runs.
        hosts: ``HOST:PORT`` of each; the first is the chief.
    """
    return [
        f"{TF_CONFIG}={shlex.quote(_config(hosts, index))} "
        f"{shlex.join(command)}"
        for index in range(len(hosts))
    ]


def run_workers(command: Sequence[str], count: int, logs: Path) -> int:
    """Runs workers on this machine's CPU until all are done.

    The chief shares our terminal; the others write ``worker_N.log``. Ctrl-C
    and SIGTERM reach all of them.

    Args:
        command: that every worker runs.
        count: how many.
        logs: folder of the logs.

    Returns:
        The chief's status.

    Raises:
        InputError: a worker other than the chief failed by itself, or
            workers were killed too often.
        KeyboardInterrupt: after the workers have saved and ended.
    """
    logs.mkdir(parents=True, exist_ok=True)
    for _ in range(_RESTARTS + 1):
        with _started(command, count, logs) as workers:
            index, status = _first_failure(workers)
        if status > 0 and index > 0:
            log = logs / _log_name(index)
            raise InputError(log, f"worker {index} ended with status {status}")
        if status >= 0:
            return status
        _log.warning(
            "Worker %d was ended by %s; all start again.",
            index,
            signal.Signals(-status).name,
        )
    raise InputError(
        "workers",
        f"one of {count} was killed {_RESTARTS + 1} times",
        remedy=f"see {logs}/worker_*.log; memory may be short",
    )


def _first_failure(
    workers: Sequence["subprocess.Popen[Any]"],
) -> tuple[int, int]:
    """Waits until all are done, or one has failed.

    Returns:
        Its index and status; those of a killed one before any other.
    """
    while True:
        statuses = [worker.poll() for worker in workers]
        failed = [
            (status, index)
            for index, status in enumerate(statuses)
            if status is not None and status != 0
        ]
        if failed:
            status, index = min(failed)
            return index, status
        if all(status == 0 for status in statuses):
            return 0, 0
        time.sleep(_POLL_S)


@contextlib.contextmanager
def _started(
    command: Sequence[str], count: int, logs: Path
) -> Iterator[list["subprocess.Popen[Any]"]]:
    """Starts workers; none lives on when this is left."""
    hosts = [f"127.0.0.1:{port}" for port in _free_ports(count)]
    workers: list[subprocess.Popen[Any]] = []
    with contextlib.ExitStack() as files, _terminated_by_signal():
        try:
            for index in range(count):
                log = None
                if index:
                    path = logs / _log_name(index)
                    log = files.enter_context(path.open("ab"))
                workers.append(
                    subprocess.Popen(
                        command,
                        env={
                            **os.environ,
                            TF_CONFIG: _config(hosts, index),
                            # Two workers cannot share one GPU.
                            "CUDA_VISIBLE_DEVICES": "-1",
                        },
                        stdout=log,
                        stderr=log,
                        # Ctrl-C is ours to pass on.
                        process_group=0,
                    )
                )
            yield workers
        except KeyboardInterrupt:
            _end(workers, signal.SIGTERM)
            raise
        finally:
            _end(workers, signal.SIGKILL)


@contextlib.contextmanager
def _terminated_by_signal() -> Iterator[None]:
    """Takes SIGTERM for Ctrl-C."""
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def _end(
    workers: Sequence["subprocess.Popen[Any]"], how: signal.Signals
) -> None:
    for worker in workers:
        if worker.poll() is None:
            worker.send_signal(how)
    patience = time.monotonic() + _PATIENCE_S
    for worker in workers:
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(max(patience - time.monotonic(), 0))


def _log_name(index: int) -> str:
    return f"worker_{index}.log"


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _config(hosts: Sequence[str], index: int) -> str:
    return json.dumps(
        {
            "cluster": {"worker": list(hosts)},
            "task": {"type": "worker", "index": index},
        }
    )


def _own_task() -> tuple[int, int]:
    """Returns this process's index, and the number of workers."""
    text = os.environ.get(TF_CONFIG)
    if not text:
        return 0, 1
    try:
        told = json.loads(text)
        return int(told["task"]["index"]), len(told["cluster"]["worker"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            TF_CONFIG,
            f"names no cluster of workers ({error!r}): {text[:80]}",
            remedy="take the commands that --hosts HOST:PORT ... prints",
        ) from error
