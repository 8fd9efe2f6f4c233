"""One test module of the Object Detection API, run with the mends applied.

`crossline.odapi.upstream_tests` starts one process per module:

    python -m crossline.odapi.upstream_test_module MODULE FOLDER

A line of JSON per finished test goes to FOLDER/results.jsonl at once, so
that a crash loses no more than the test that crashed.
"""

import dataclasses
import importlib
import inspect
import json
import sys
import traceback
import unittest
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TextIO, cast

ErrorInfo = (
    tuple[type[BaseException], BaseException, TracebackType]
    | tuple[None, None, None]
)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How one test ended.

    Attributes:
        test: its module, class and method, without `object_detection.`.
        status: what unittest calls it.
        detail: why it was skipped, or the error, in one line.
    """

    test: str
    status: Literal["passed", "failed", "skipped"]
    detail: str = ""


def short_name(name: str) -> str:
    """Returns a test's or module's name without package and parameters."""
    return name.removeprefix("object_detection.").partition(" (")[0]


class _Recorder(unittest.TestResult):
    """Writes each outcome down as it comes."""

    def __init__(self, results: TextIO) -> None:
        super().__init__()
        self._results = results

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().addSuccess(test)
        self._record(Outcome(short_name(test.id()), "passed"))

    def addSkip(  # noqa: N802
        self, test: unittest.TestCase, reason: str
    ) -> None:
        super().addSkip(test, reason)
        self._record(Outcome(short_name(test.id()), "skipped", reason))

    def addError(  # noqa: N802
        self, test: unittest.TestCase, err: ErrorInfo
    ) -> None:
        if _is_left_to_subclass(test, err):
            self.addSkip(test, "base class: its subclasses run it")
            return
        super().addError(test, err)
        self._record_failure(test, err)

    def addFailure(  # noqa: N802
        self, test: unittest.TestCase, err: ErrorInfo
    ) -> None:
        super().addFailure(test, err)
        self._record_failure(test, err)

    def addSubTest(  # noqa: N802
        self,
        test: unittest.TestCase,
        subtest: unittest.TestCase,
        err: ErrorInfo | None,
    ) -> None:
        super().addSubTest(test, subtest, err)
        if err:
            self._record_failure(test, err)

    def _record_failure(self, test: unittest.TestCase, err: ErrorInfo) -> None:
        detail = " ".join(f"{err[0] and err[0].__name__}: {err[1]}".split())
        self._record(Outcome(short_name(test.id()), "failed", detail[:400]))

    def _record(self, outcome: Outcome) -> None:
        self._results.write(json.dumps(dataclasses.asdict(outcome)) + "\n")
        self._results.flush()


def _is_left_to_subclass(test: unittest.TestCase, err: ErrorInfo) -> bool:
    """Whether a hook of the test's own class says NotImplementedError.

    `model_builder_test` holds such a base class; unittest runs it too.
    """
    kind, _, trace = err
    if kind is not NotImplementedError:
        return False
    raised_in = traceback.extract_tb(trace)[-1].filename
    return raised_in == inspect.getfile(type(test))


def run_suite(suite: unittest.TestSuite, results: TextIO) -> None:
    """Runs tests and writes an outcome per line to `results`."""
    suite.run(_Recorder(results))


def load_module(name: str) -> unittest.TestSuite:
    """Returns the tests of a module of the API, mends applied.

    Raises:
        ImportError: the module cannot be imported.
    """
    import tensorflow as tf
    from absl import flags

    from crossline.odapi import compatibility

    compatibility.apply()
    # The training loop's test asks for /cpu:0 and /cpu:1; where there is but
    # one it hangs.
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [tf.config.LogicalDeviceConfiguration()] * 2,
    )
    module = importlib.import_module(name)
    # The tests read flags that absl's own runner would have parsed.
    cast(Any, flags.FLAGS)(sys.argv[:1])
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def main(argv: Sequence[str]) -> int:
    """Runs the module that `argv` names."""
    name, folder = argv
    with Path(folder, "results.jsonl").open("w") as results:
        run_suite(load_module(name), results)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
