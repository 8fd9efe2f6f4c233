"""linkedai_to_csv.py: from LinkedAI's JSON to the annotations CSV."""

import json
from pathlib import Path

import pytest

from crossline.annotations.table import read_csv
from scripts.linkedai_to_csv import main
from tests.annotations.rows import classes_of
from tests.annotations.test_linkedai import item, tag


def test_writes_beside_the_source_and_says_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "export.json"
    images = [item(tag(), {"type": "polygon"}), item(image="b.jpg", id=2)]
    source.write_text(json.dumps(images))
    assert main([str(source), "--keep-empty"]) == 0
    path = tmp_path / "export.csv"
    assert classes_of(read_csv(path)) == [("a.jpg", "car"), ("b.jpg", "")]
    assert capsys.readouterr().out == (
        "      1 car\n"
        "      1 images without objects\n"
        "      1 left out: tag of type polygon\n"
        f"Wrote 1 boxes in 2 images to {path}.\n"
        f"Next: python scripts/split_csv.py {path}\n"
    )


def test_bad_input_ends_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "export.json"
    source.write_text('[{"id": 1}]')
    assert main([str(source)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{source} item 1: is not as LinkedAI writes it" in line


def test_a_bad_command_line_ends_with_2(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as end:
        main([str(tmp_path / "export.json"), "--classes"])
    assert end.value.code == 2
