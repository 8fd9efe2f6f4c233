r"""Run the Object Detection API's own TF2 unit tests through the mends.

In: the installed package's test modules, all or some. Out: a JSON file with
how each test ended. Failures that docs/object_detection_api.md explains are
counted; any other ends with exit status 1. All modules take about half an
hour on two cores. Not part of run_tests.sh.

Example:
    python scripts/run_api_tests.py
    python scripts/run_api_tests.py model_lib_tf2_test ssd_meta_arch_test
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    done,
    new_parser,
    positive_int,
    run_script,
)
from crossline.errors import InputError

if TYPE_CHECKING:
    from crossline.odapi.upstream_test_report import Report


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "modules",
        metavar="MODULE",
        nargs="*",
        help="test modules, such as ssd_meta_arch_test; all if none is named",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("runs/api_tests.json"),
        help="JSON file to write",
    )
    parser.add_argument(
        "--workers",
        type=positive_int,
        default=os.cpu_count(),
        help="modules at a time; each takes up to 2 GB of memory",
    )
    parser.add_argument(
        "--timeout",
        type=positive_int,
        default=1800,
        help="seconds after which a module is ended",
    )
    return parser


def run(
    modules: list[str], output: Path, workers: int, timeout: int
) -> "Report":
    from crossline.odapi.upstream_test_report import (
        judge,
        read_expected,
        write_report,
    )
    from crossline.odapi.upstream_tests import run_modules, select_modules

    chosen = select_modules(modules)
    outcomes = run_modules(chosen, workers, timeout)
    report = judge(outcomes, read_expected())
    write_report(report, output)
    for test in report.mended:
        print(f"passes, although it is expected to fail: {test}")
    if report.unexplained:
        first = report.unexplained[0]
        raise InputError(
            output,
            f"failures without an explanation: {len(report.unexplained)}, "
            f"first {first.test}: {first.detail}",
            remedy="mend or explain them: docs/object_detection_api.md",
        )
    done(f"Modules: {len(chosen)}; {report.summary()}: {output}.")
    return report


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
