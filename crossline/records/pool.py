"""A pool of processes: few tasks wait at a time, none outlives its parent.

Processes are spawned, not forked: a fork of a process with threads (pandas',
TensorFlow's) may hang. Pillow and Python's own work hold the lock of threads.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_WAITING = 2
"""Tasks for each worker that are made before it asks for them."""


class WorkerKilledError(Exception):
    """A worker was killed, as the kernel does when memory is short."""


def run_in_processes(
    function: Callable[[Task], Result], tasks: Iterable[Task], workers: int
) -> Iterator[Result]:
    """Runs tasks; yields their results as they come.

    Args:
        function: of a module, which the processes import.
        tasks: made when they are about to be run.
        workers: processes; 1 runs all in this one.

    Raises:
        WorkerKilledError: one was killed. What a task raises comes through.
    """
    if workers == 1:
        yield from map(function, tasks)
        return
    with ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin_worker,
    ) as pool:
        try:
            yield from _results(pool, function, tasks, _WAITING * workers)
        except BrokenProcessPool as error:
            raise WorkerKilledError from error
        finally:
            pool.shutdown(cancel_futures=True)


def _results(
    pool: ProcessPoolExecutor,
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    most: int,
) -> Iterator[Result]:
    running: set[Future[Result]] = set()
    for task in tasks:
        running.add(pool.submit(function, task))
        while len(running) >= most:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


def _begin_worker() -> None:
    # Ctrl-C reaches all processes of a terminal; the parent answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """Ends a worker whose parent was killed; it would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
