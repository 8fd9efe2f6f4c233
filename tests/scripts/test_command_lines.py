"""What holds for every script."""

import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "scripts"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py"))
SHELL_SCRIPTS = sorted(path.name for path in FOLDER.glob("*.sh"))
HEAVY = {"tensorflow", "pandas", "numpy", "cv2", "av", "PIL", "matplotlib"}


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) >= 16


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_is_the_docstring(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script = importlib.import_module(f"scripts.{name}")
    with pytest.raises(SystemExit) as error:
        script.main(["--help"])
    assert error.value.code == 0
    assert script.__doc__
    assert script.__doc__.strip() in capsys.readouterr().out


@pytest.mark.parametrize("name", SHELL_SCRIPTS)
def test_shell_scripts_tell_of_themselves_and_do_nothing(name: str) -> None:
    ended = subprocess.run(
        ["bash", FOLDER / name, "--help"],
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )
    assert f"scripts/{name}" in ended.stdout or "usage" in ended.stdout
    assert not ended.stderr


@pytest.mark.parametrize("name", SCRIPTS)
def test_heavy_imports_wait_for_the_work(name: str) -> None:
    code = (
        f"import sys, scripts.{name}; "
        f"print(*sorted({HEAVY} & sys.modules.keys()))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.strip() == ""


@pytest.mark.parametrize("name", SCRIPTS)
def test_an_unknown_option_is_a_bad_command_line(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script = importlib.import_module(f"scripts.{name}")
    with pytest.raises(SystemExit) as error:
        script.main(["--no-such-option"])
    assert error.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_option_has_help(name: str) -> None:
    parser = importlib.import_module(f"scripts.{name}").build_parser()
    assert parser.description
    assert all(action.help for action in parser._actions)


@pytest.mark.parametrize("name", SCRIPTS)
def test_run_takes_what_the_parser_gives(name: str) -> None:
    script = importlib.import_module(f"scripts.{name}")
    given = {action.dest for action in script.build_parser()._actions}
    parameters = inspect.signature(script.run).parameters
    taken = {*parameters}
    assert taken == given - {"help"}
    assert all(
        parameter.default is parameter.empty
        for parameter in parameters.values()
    ), "defaults stand in the parser"
