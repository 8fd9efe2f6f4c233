from pathlib import Path

import pytest

from crossline.demo.stages import Stage, duration, read_stages
from crossline.errors import InputError


def test_a_line_is_a_stage_with_its_seconds_and_command(
    tmp_path: Path,
) -> None:
    path = tmp_path / "stages.tsv"
    path.write_text(
        "train\t12.5\tpython scripts/train.py 'a b'\nexport\t3\tx\n"
    )
    assert read_stages(path) == [
        Stage("train", 12.5, "python scripts/train.py 'a b'"),
        Stage("export", 3, "x"),
    ]


@pytest.mark.parametrize("line", ["train", "train\t5", "train\tlong\tx", ""])
def test_another_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "stages.tsv"
    path.write_text(f"export\t3\tx\n{line}\n")
    with pytest.raises(InputError, match=r"line 2: .* is not a stage"):
        read_stages(path)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (59.44, "59.4 s"), (59.97, "1 min"), (492.4, "8 min 12 s")],
)
def test_durations_in_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text
