"""From what pytest wrote to docs/soak.md.

soak/results.json holds the newest result of every test; the page is made of
it.

    python -m soak.results runs/soak.xml
"""

import ast
import json
import os
import platform
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from crossline.files import write_text

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
PAGE = FOLDER.parent / "docs" / "soak.md"

_HEAD = """# The soak set

What takes too long for every change: commands killed at random moments and
run again, long runs, two runs at once, and the Object Detection API's own
tests. They stand in `soak/`; `scripts/run_tests.sh` does not run them.

```bash
bash scripts/run_soak.sh                          # all, over an hour
bash scripts/run_soak.sh soak/test_endurance.py   # one file of them
```

That command wrote the lines below, each with the newest run of its test. To
try the set small, without writing here:
`SOAK_KILLS=2 SOAK_FRAMES=5000 SOAK_IMAGES=1000 SOAK_API_MODULES=ops_test
pytest soak`.
"""


@dataclass(frozen=True)
class Result:
    """How one test ended.

    Attributes:
        module: of the test, such as ``test_endurance``.
        test: its name.
        outcome: ``passed``, ``failed`` or ``skipped``.
        told: what it found, or why it failed.
        seconds: that it took.
        run: date, commit and machine.
    """

    module: str
    test: str
    outcome: str
    told: str
    seconds: int
    run: str


def read_junit(path: Path, run: str) -> list[Result]:
    """Reads the XML that pytest writes, of its family xunit1.

    Args:
        path: of the file.
        run: see `Result`.
    """
    cases = ElementTree.parse(path).getroot().iter("testcase")
    return [_result(case, run) for case in cases]


def merge(known: Iterable[Result], newer: Iterable[Result]) -> list[Result]:
    """Replaces the results of the modules that have run again."""
    newer = list(newer)
    modules = {result.module for result in newer}
    kept = [result for result in known if result.module not in modules]
    return sorted([*kept, *newer], key=lambda result: result.module)


def to_markdown(results: Iterable[Result]) -> str:
    """Returns the page.

    Args:
        results: those of a module side by side.
    """
    parts = [_HEAD]
    for module, group in groupby(results, lambda result: result.module):
        rows = list(group)
        parts += [
            f"## {_title(module)}\n",
            "| | result | took |\n|---|---|---|",
            *(_row(result) for result in rows),
            "",
            *(f"{run}.\n" for run in sorted({row.run for row in rows})),
        ]
    return "\n".join(parts)


def describe_run(date: str) -> str:
    """Returns date, commit and machine in words."""
    commit = _git("rev-parse", "--short", "HEAD")
    changed = " with changes" * bool(
        _git("status", "--porcelain", "--untracked-files=no", "--", "*.py")
    )
    cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return (
        f"{date}, commit {commit}{changed}; {os.cpu_count()} cores of "
        f"{cpu[1] if cpu else platform.machine()}, Python "
        f"{platform.python_version()}"
    )


def main(junit: Path) -> None:
    """Adds a run's results to the others, and writes the page."""
    suite = ElementTree.parse(junit).getroot().find("testsuite")
    assert suite is not None
    run = describe_run(suite.attrib["timestamp"][:10])
    known = json.loads(RESULTS.read_text()) if RESULTS.is_file() else []
    results = merge(
        (Result(**entry) for entry in known), read_junit(junit, run)
    )
    entries = [asdict(result) for result in results]
    write_text(RESULTS, json.dumps(entries, indent=1) + "\n")
    write_text(PAGE, to_markdown(results))


def _result(case: ElementTree.Element, run: str) -> Result:
    told = [
        entry.attrib["value"]
        for entry in case.iter("property")
        if entry.attrib["name"] == "told"
    ]
    outcome = "passed"
    for problem in (*case.iter("failure"), *case.iter("error")):
        outcome, told = "failed", [problem.attrib["message"].split("\n")[0]]
    for skipped in case.iter("skipped"):
        outcome, told = "skipped", [skipped.attrib["message"]]
    return Result(
        module=case.attrib["classname"].rpartition(".")[2],
        test=case.attrib["name"],
        outcome=outcome,
        told="; ".join(told),
        seconds=round(float(case.attrib["time"])),
        run=run,
    )


def _row(result: Result) -> str:
    """Returns a row: what, how it ended, how long it took."""
    name, _, variant = result.test.removeprefix("test_").partition("[")
    what = name.replace("_", " ")
    if variant:
        what = f"{what}: {variant.removesuffix(']')}"
    told = result.told.replace("|", "\\|")
    if result.outcome != "passed":
        told = f"**{result.outcome}**: {told}"
    minutes, seconds = divmod(result.seconds, 60)
    took = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"| {what} | {told or 'passed'} | {took} |"


def _title(module: str) -> str:
    """Returns the first sentence of a module, without its full stop."""
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    docstring = ast.get_docstring(tree) or module
    return docstring.partition("\n")[0].removesuffix(".")


def _git(*arguments: str) -> str:
    ended = subprocess.run(
        ["git", *arguments],
        cwd=FOLDER.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout.strip() or "unknown" * bool(ended.returncode)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
