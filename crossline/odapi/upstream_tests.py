"""The Object Detection API's own TF2 unit tests, run through the mends.

The package installs its tests beside its modules. Each module runs in a
process of its own (`crossline.odapi.upstream_test_module`), a few at a time.
What is to be made of the outcomes says `crossline.odapi.upstream_test_report`.
"""

import concurrent.futures
import difflib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from crossline.errors import InputError
from crossline.odapi.upstream_test_module import Outcome, short_name
from crossline.progress import progress


def find_modules() -> list[str]:
    """Returns the API's TF2 test modules, without importing it.

    Those for TF1 alone are named `*_tf1_test`.
    """
    package = find_package()
    return sorted(
        ".".join(path.relative_to(package.parent).with_suffix("").parts)
        for path in package.rglob("*_test.py")
        if not path.stem.endswith("_tf1_test")
    )


def find_package() -> Path:
    """Returns the folder of the installed API, without importing it.

    Raises:
        InputError: it is not installed.
    """
    package = importlib.util.find_spec("object_detection")
    if package is None or not package.submodule_search_locations:
        raise InputError(
            "object_detection",
            "is not installed",
            remedy="pip install -r requirements.txt",
        )
    return Path(package.submodule_search_locations[0])


def select_modules(names: Sequence[str]) -> list[str]:
    """Returns the modules that `names` name: all of them, if it is empty.

    Args:
        names: such as ``ssd_meta_arch_test``, or with the packages before.

    Raises:
        InputError: there is no such TF2 test module.
    """
    modules = find_modules()
    chosen = []
    for name in names:
        ends = [
            module for module in modules if f".{module}".endswith(f".{name}")
        ]
        if not ends:
            known = [module.rpartition(".")[2] for module in modules]
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "see its package"
            raise InputError(
                name, "is no TF2 test module of the API", remedy=hint
            )
        chosen += ends
    return chosen or modules


def run_modules(
    modules: Sequence[str], workers: int, timeout: float
) -> list[Outcome]:
    """Runs test modules, `workers` at a time.

    Args:
        modules: their full names.
        workers: processes at a time.
        timeout: seconds after which a module's process is ended.

    Returns:
        How each test ended, sorted by name.
    """
    # Imports TensorFlow, which nothing else here needs.
    from crossline.odapi.upstream_test_samples import lay_out_package

    with (
        tempfile.TemporaryDirectory() as name,
        concurrent.futures.ThreadPoolExecutor(workers) as pool,
    ):
        folder = Path(name)
        lay_out_package(folder, find_package())
        jobs = [
            pool.submit(_run_module, module, folder, timeout)
            for module in modules
        ]
        finished = concurrent.futures.as_completed(jobs)
        try:
            outcomes = [
                outcome
                for job in progress(finished, "test modules", len(jobs))
                for outcome in job.result()
            ]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return sorted(outcomes, key=lambda outcome: outcome.test)


def _run_module(module: str, folder: Path, timeout: float) -> list[Outcome]:
    """Runs one module; a process that ends early is a failure too.

    Args:
        module: its full name.
        folder: holds the package, and is the process's own.
        timeout: seconds.
    """
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        ended = _start(module, folder, scratch, timeout)
        results = scratch / "results.jsonl"
        lines = results.read_text("utf-8") if results.exists() else ""
        # The last word on a test counts: its tear-down may fail as well.
        outcomes = {
            outcome.test: outcome
            for outcome in (
                Outcome(**json.loads(line)) for line in lines.splitlines()
            )
        }
    if ended:
        test = short_name(module)
        outcomes[test] = Outcome(test, "failed", ended)
    return list(outcomes.values())


def _start(module: str, folder: Path, scratch: Path, timeout: float) -> str:
    """Returns how the process ended; empty if it ended well."""
    runner = "crossline.odapi.upstream_test_module"
    log = scratch / "log.txt"
    with log.open("wb") as output:
        try:
            finished = subprocess.run(
                [sys.executable, "-m", runner, module, scratch],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={
                    **os.environ,
                    # Workers would fight for the memory of a GPU.
                    "CUDA_VISIBLE_DEVICES": "",
                    "TF_CPP_MIN_LOG_LEVEL": "2",
                    "TMPDIR": str(scratch),
                },
                timeout=timeout,
            )
        except subprocess.TimeoutExpired:
            return f"timed out after {timeout:g} s"
    if not finished.returncode:
        return ""
    said = log.read_text("utf-8", "replace").splitlines()[-1:]
    return " ".join([f"ended with status {finished.returncode}:", *said])
