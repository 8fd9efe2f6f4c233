"""The API's tests held against the failures that are understood.

These stand with their reasons in `upstream_tests_data`; the list in
`docs/object_detection_api.md` is what `describe` makes of them.
"""

import dataclasses
import importlib.metadata
import itertools
import json
from collections.abc import Iterable
from pathlib import Path

import yaml

from crossline.files import write_text
from crossline.odapi.upstream_test_module import Outcome

EXPECTED = Path(__file__).parent.joinpath(
    "upstream_tests_data", "expected_failures.yaml"
)

_PACKAGES = (
    "keras",
    "matplotlib",
    "numpy",
    "pillow",
    "protobuf",
    "tensorflow",
    "tf-keras",
    "tf-object-detection-api",
)
"""Whose versions a report names."""


@dataclasses.dataclass(frozen=True)
class ExpectedFailures:
    """Tests that fail for one reason.

    Attributes:
        tests: their names, as `Outcome.test` has them.
        reason: why they fail, and what that means for users.
    """

    tests: tuple[str, ...]
    reason: str


@dataclasses.dataclass(frozen=True)
class Report:
    """What came of a run, held against the expected failures.

    Attributes:
        outcomes: every test's.
        unexplained: failures that no reason covers.
        mended: tests that passed although they are expected to fail.
    """

    outcomes: tuple[Outcome, ...]
    unexplained: tuple[Outcome, ...]
    mended: tuple[str, ...]

    def count(self, status: str) -> int:
        """Returns how many tests ended so."""
        return sum(outcome.status == status for outcome in self.outcomes)

    def summary(self) -> str:
        """Returns the counts in words; skipped tests are no part of them."""
        passed, failed = self.count("passed"), self.count("failed")
        ran = passed + failed
        return (
            f"{passed} of {ran} tests passed ({passed / max(ran, 1):.1%}), "
            f"{failed} failed, {self.count('skipped')} skipped"
        )


def read_expected(path: Path = EXPECTED) -> list[ExpectedFailures]:
    """Reads the failures that are understood."""
    return [
        ExpectedFailures(tuple(entry["tests"]), entry["reason"].strip())
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def judge(
    outcomes: Iterable[Outcome], expected: Iterable[ExpectedFailures]
) -> Report:
    """Holds outcomes against the failures that are expected."""
    outcomes = tuple(outcomes)
    explained = {test for group in expected for test in group.tests}
    return Report(
        outcomes,
        tuple(
            outcome
            for outcome in outcomes
            if outcome.status == "failed" and outcome.test not in explained
        ),
        tuple(
            outcome.test
            for outcome in outcomes
            if outcome.status == "passed" and outcome.test in explained
        ),
    )


def describe(groups: Iterable[ExpectedFailures]) -> str:
    """Returns the failures that are understood as a list in Markdown."""
    lines = []
    for group in groups:
        lines.append(f"- **{len(group.tests)}.** {group.reason}")
        for module, tests in itertools.groupby(group.tests, _module_of):
            methods = [f"`{test.rpartition('.')[2]}`" for test in tests]
            lines.append(f"  - `{module}`: {', '.join(methods)}")
    return "\n".join(lines)


def write_report(report: Report, path: Path) -> None:
    """Writes a run as JSON: versions, counts, and every test."""
    document = {
        "versions": {
            name: importlib.metadata.version(name) for name in _PACKAGES
        },
        "counts": {
            status: report.count(status)
            for status in ("passed", "failed", "skipped")
        },
        "unexplained": [outcome.test for outcome in report.unexplained],
        "mended": list(report.mended),
        "tests": [dataclasses.asdict(outcome) for outcome in report.outcomes],
    }
    write_text(path, json.dumps(document, indent=1))


def _module_of(test: str) -> str:
    return test.rsplit(".", 2)[0]
