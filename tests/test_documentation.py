"""The commands that the documents show are ones that the scripts take."""

import importlib
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def shown_commands() -> Iterator[tuple[str, list[str]]]:
    """Yields script and arguments of each ``python scripts/...`` line."""
    for document in DOCUMENTS:
        for block in re.findall(
            r"```bash\n(.*?)```", document.read_text(), re.S
        ):
            for line in block.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                if words[:1] == ["python"] and len(words) > 1:
                    yield Path(words[1]).stem, words[2:]


@pytest.mark.parametrize(("script", "arguments"), shown_commands())
def test_a_shown_command_is_understood(
    script: str, arguments: list[str]
) -> None:
    parser = importlib.import_module(f"scripts.{script}").build_parser()
    parser.parse_args(arguments)


def test_commands_are_shown() -> None:
    assert len(list(shown_commands())) > 10


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize(
    ("options", "status", "complaint"),
    [
        (["--nonsense"], 2, "unknown option --nonsense"),
        (["--video", "none.mp4"], 1, "none.mp4: no such file or folder"),
        (["--video", "0"], 2, "--video needs a --line"),
        (["--video", "0", "--line", "a=0,0,1"], 2, "a=0,0,1 is not NAME="),
        (["--name", "street"], 2, "the detector that comes with crossline"),
    ],
)
def test_the_shell_script_refuses_before_it_begins(
    options: list[str], status: int, complaint: str
) -> None:
    ended = subprocess.run(
        ["bash", "scripts/train_and_count.sh", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == status
    assert complaint in ended.stderr
