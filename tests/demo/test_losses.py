from pathlib import Path

import pytest

from crossline.demo.losses import read_losses
from crossline.errors import InputError
from tests.demo.folders import write_losses


def test_losses_by_step(tmp_path: Path) -> None:
    write_losses(tmp_path, {10: 2.0, 20: 1.5, 30: 1.0})
    losses = read_losses(tmp_path)
    assert losses["total_loss"].to_dict() == {10: 2.0, 20: 1.5, 30: 1.0}


def test_more_steps_than_tensorboard_shows(tmp_path: Path) -> None:
    write_losses(tmp_path, dict.fromkeys(range(500), 1.0))
    assert len(read_losses(tmp_path)) == 500


def test_a_log_without_losses(tmp_path: Path) -> None:
    write_losses(tmp_path, {})
    with pytest.raises(InputError, match="holds no losses"):
        read_losses(tmp_path)


def test_no_log(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"train: no such folder"):
        read_losses(tmp_path)
