"""The Object Detection API's own tests, through the mends."""

from collections.abc import Callable
from pathlib import Path

from soak.processes import Script
from soak.sizes import API_MODULES


def test_those_that_should_pass_do(
    tmp_path: Path, tell: Callable[[str], None]
) -> None:
    output = ("--output", tmp_path / "api_tests.json")
    said = Script("run_api_tests", (*API_MODULES, *output)).run()
    last = said.strip().splitlines()[-1]
    tell(f"{last.partition(f': {tmp_path}')[0]}; each failure is explained")
