"""The page of the soak set is made of its results."""

import json
from pathlib import Path

import pytest

from soak.results import (
    PAGE,
    RESULTS,
    Result,
    merge,
    read_junit,
    to_markdown,
)

JUNIT = """<testsuites><testsuite timestamp="2026-11-20T10:00:00">
<testcase classname="soak.test_api" name="test_all_pass[small]" time="61.2">
  <properties><property name="told" value="7 of 7"/></properties></testcase>
<testcase classname="soak.test_api" name="test_more" time="0.4">
  <failure message="assert 1 == 2&#10; +  where 1"/></testcase>
</testsuite></testsuites>"""
RUN = "2026-11-20, commit abc; a machine"


def result(module: str, told: str) -> Result:
    return Result(module, "test_all_pass", "passed", told, 1, RUN)


def test_what_pytest_wrote_becomes_rows(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text(JUNIT)
    page = to_markdown(read_junit(tmp_path / "junit.xml", RUN))
    assert "## The Object Detection API's own tests" in page
    assert "| all pass: small | 7 of 7 | 1 min 1 s |" in page
    assert "| more | **failed**: assert 1 == 2 | 0 s |" in page
    assert f"{RUN}.\n" in page


def test_what_was_not_run_keeps_its_rows() -> None:
    known = [result("test_b", "old"), result("test_a", "old")]
    merged = merge(known, [result("test_b", "new")])
    assert [(r.module, r.told) for r in merged] == [
        ("test_a", "old"),
        ("test_b", "new"),
    ]


def test_the_page_is_made_of_the_results() -> None:
    if not RESULTS.exists():
        pytest.skip("the soak set has not run yet")
    results = [Result(**entry) for entry in json.loads(RESULTS.read_text())]
    assert PAGE.read_text() == to_markdown(results)
    assert {result.outcome for result in results} == {"passed"}
