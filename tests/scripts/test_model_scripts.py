"""Bad input of the scripts around a model: one line, and what to do.

Their runs are in tests/odapi/test_chain.py.
"""

import importlib
from pathlib import Path

import pytest

from crossline.records.label_map import LabelMap, write_label_map
from tests.tiny_model import TINY_SSD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A config with its placeholders, a label map, and no checkpoint."""
    (tmp_path / "pipeline.config").write_text(TINY_SSD)
    (tmp_path / "empty.config").write_text("")
    label_map = LabelMap.from_names(["car"])
    write_label_map(label_map, tmp_path / "label_map.pbtxt")
    (tmp_path / "records").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        pytest.param(
            "configure_pipeline --checkpoint {0} --label-map {0}/none.pbtxt "
            "--train-records {0}/records --eval-records {0}/records "
            "--output {0}/out",
            "none.pbtxt: no such file; make one with",
            id="configure_pipeline, no label map",
        ),
        pytest.param(
            "configure_pipeline --checkpoint {0} "
            "--label-map {0}/label_map.pbtxt --train-records {0}/none-* "
            "--eval-records {0}/records --output {0}/out",
            "none-*: no such TFRecords",
            id="configure_pipeline, no records",
        ),
        pytest.param(
            "configure_pipeline --checkpoint {0} "
            "--label-map {0}/label_map.pbtxt --train-records {0}/records "
            "--eval-records {0}/records --output {0}/out",
            "holds no checkpoint",
            id="configure_pipeline, no checkpoint",
        ),
        pytest.param(
            "train --config {0}/empty.config --output {0}/out",
            "empty.config: is empty",
            id="train, empty config",
        ),
        pytest.param(
            "train --config {0}/pipeline.config --output {0}/out",
            "PATH_TO_BE_CONFIGURED",
            id="train, placeholder left",
        ),
        pytest.param(
            "export --checkpoint {0}/none --output {0}/out",
            "pipeline.config: no such file",
            id="export, no config",
        ),
        pytest.param(
            "export --checkpoint {0} --output {0}/out",
            "holds no checkpoint",
            id="export, no checkpoint",
        ),
    ],
)
def test_bad_input(
    folder: Path,
    command: str,
    problem: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script, *arguments = command.format(folder).split()
    main = importlib.import_module(f"scripts.{script}").main
    assert main(arguments) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert problem in line
    assert not (folder / "out").exists()
