"""scripts/run_api_tests.py: one module of the API, and wrong names."""

import json
from pathlib import Path

import pytest

from scripts.run_api_tests import main


def test_runs_a_module(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "api_tests.json"
    status = main(["static_shape_test", "--output", str(output)])
    assert status == 0
    assert capsys.readouterr().out.startswith(
        "Modules: 1; 5 of 5 tests passed (100.0%), 0 failed, 1 skipped: "
    )
    tests = json.loads(output.read_text())["tests"]
    assert tests[0]["test"].startswith("utils.static_shape_test.")


def test_failure_without_an_explanation_is_bad_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "api_tests.json"
    argv = ["static_shape_test", "--timeout", "1", "--output", str(output)]
    assert main(argv) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert "failures without an explanation: 1" in error
    assert "utils.static_shape_test: timed out after 1 s" in error
    assert json.loads(output.read_text())["unexplained"] == [
        "utils.static_shape_test"
    ]


def test_unknown_module_is_bad_data(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ssd_meta_test"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "ssd_meta_test: is no TF2 test module of the API" in line


def test_no_workers_is_a_bad_command_line() -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--workers", "0"])
    assert caught.value.code == 2
