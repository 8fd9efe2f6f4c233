"""What `configure` sets. What `check` refuses is in tests/bad_input."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crossline.odapi import pipeline_config
from crossline.odapi.pipeline_config import TrainingChoices
from crossline.records.label_map import LabelMap, write_label_map
from tests.tiny_model import TINY_SSD


@pytest.fixture
def zoo_config(tmp_path: Path) -> Path:
    path = tmp_path / "pipeline.config"
    path.write_text(TINY_SSD)
    return path


@pytest.fixture
def choices(tmp_path: Path) -> TrainingChoices:
    label_map = tmp_path / "label_map.pbtxt"
    write_label_map(LabelMap.from_names(["person", "car"]), label_map)
    for name in ("train-0", "train-1", "val-0"):
        (tmp_path / name).write_text("records")
    return TrainingChoices(
        label_map_path=label_map,
        train_records=f"{tmp_path}/train-*",
        eval_records=f"{tmp_path}/val-*",
        batch_size=8,
        steps=400,
    )


def configured(path: Path, choices: TrainingChoices, **start: Any) -> Any:
    start = {"fine_tune_checkpoint": None, "keeps_heads": False, **start}
    pipeline = pipeline_config.read_pipeline(path)
    return pipeline_config.configure(pipeline, choices, num_classes=2, **start)


def test_no_placeholder_and_nothing_of_the_tpu_is_left(
    zoo_config: Path, choices: TrainingChoices
) -> None:
    pipeline = configured(zoo_config, choices)

    pipeline_config.check(pipeline, zoo_config)
    assert pipeline.model.ssd.num_classes == 2
    train = pipeline.train_config
    assert (train.batch_size, train.num_steps) == (8, 400)
    assert not train.sync_replicas
    assert not train.use_bfloat16
    assert not train.HasField("fine_tune_checkpoint")
    assert pipeline.train_input_reader.num_readers == 2
    assert pipeline.eval_input_reader[0].num_readers == 1


def test_the_schedule_ends_at_the_last_step_after_a_tenth_of_warm_up(
    zoo_config: Path, choices: TrainingChoices
) -> None:
    optimizer = configured(zoo_config, choices).train_config.optimizer
    rate = optimizer.momentum_optimizer.learning_rate
    cosine = rate.cosine_decay_learning_rate
    assert (cosine.total_steps, cosine.warmup_steps) == (400, 40)


@pytest.mark.parametrize(
    ("keeps_heads", "learning_rate", "expected"),
    [
        pytest.param(False, None, 0.005, id="in proportion to the batch"),
        pytest.param(True, None, 0.001, id="a fifth for kept heads"),
        pytest.param(True, 0.3, 0.3, id="as the user says"),
    ],
)
def test_learning_rate(
    zoo_config: Path,
    choices: TrainingChoices,
    keeps_heads: bool,
    learning_rate: float | None,
    expected: float,
) -> None:
    pipeline = configured(
        zoo_config,
        replace(choices, learning_rate=learning_rate),
        keeps_heads=keeps_heads,
    )
    optimizer = pipeline.train_config.optimizer
    assert pipeline_config.base_learning_rate(optimizer) == pytest.approx(
        expected
    )


def test_a_second_fine_tuning_goes_on_at_the_rate_of_the_first(
    zoo_config: Path, choices: TrainingChoices, tmp_path: Path
) -> None:
    first = configured(
        zoo_config,
        choices,
        keeps_heads=True,
        fine_tune_checkpoint="somewhere/ckpt-0",
    )
    path = tmp_path / "pipeline.config"
    pipeline_config.write_pipeline(first, path)
    second = configured(path, choices, keeps_heads=True)
    rates = [
        pipeline_config.base_learning_rate(pipeline.train_config.optimizer)
        for pipeline in (first, second)
    ]
    assert rates == pytest.approx([0.001, 0.001])


@pytest.mark.parametrize(
    ("keeps_heads", "expected"),
    [
        pytest.param(True, "full", id="heads kept"),
        pytest.param(False, "detection", id="heads at random"),
    ],
)
def test_checkpoint_type_is_never_the_zoos_classification(
    zoo_config: Path,
    choices: TrainingChoices,
    keeps_heads: bool,
    expected: str,
) -> None:
    train = configured(
        zoo_config,
        choices,
        fine_tune_checkpoint="somewhere/ckpt-0",
        keeps_heads=keeps_heads,
    ).train_config
    assert train.fine_tune_checkpoint == "somewhere/ckpt-0"
    assert train.fine_tune_checkpoint_type == expected


def test_the_source_is_left_as_it_was(
    zoo_config: Path, choices: TrainingChoices
) -> None:
    pipeline = pipeline_config.read_pipeline(zoo_config)
    before = pipeline.SerializeToString()
    pipeline_config.configure(
        pipeline,
        choices,
        num_classes=2,
        fine_tune_checkpoint=None,
        keeps_heads=False,
    )
    assert pipeline.SerializeToString() == before


def test_a_written_config_is_read_back(
    zoo_config: Path, choices: TrainingChoices, tmp_path: Path
) -> None:
    pipeline = configured(zoo_config, choices)
    path = tmp_path / "written.config"
    pipeline_config.write_pipeline(pipeline, path)
    assert pipeline_config.read_pipeline(path) == pipeline
