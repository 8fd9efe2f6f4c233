"""One training run of a pipeline.config into a folder that can be exported."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tensorflow as tf

from crossline.errors import InputError
from crossline.experiment.journal import Journal
from crossline.experiment.loop import Plan, TrainingResult, train
from crossline.experiment.results import Results
from crossline.experiment.saving import Keeper
from crossline.files import replacing
from crossline.odapi.checkpoint import (
    CONFIG_NAME,
    LABEL_MAP_NAME,
    naming_a_full_disk,
)
from crossline.odapi.distribution import training_strategy, writing_folder
from crossline.odapi.pipeline_config import (
    check,
    read_pipeline,
    write_pipeline,
)
from crossline.odapi.training import Precision, Trainer
from crossline.records.label_map import read_label_map
from crossline.records.read import read_records, require_records
from crossline.run_folders import only_run_in

RESULTS_NAME = "results.csv"
_KEEP = 7


def run_training(
    config: Path,
    output: Path,
    *,
    cpu_replicas: int = 1,
    checkpoint_every: int = 1000,
    seed: int | None = None,
    quantize_from: int | None = None,
    distill: bool = False,
    precision: Precision = "float32",
    xla: bool = False,
) -> TrainingResult:
    """Trains the model of a config into a folder, or goes on there.

    Args:
        config: from `crossline.odapi.prepare`.
        output: gets checkpoints, ``results.csv``, TensorBoard's ``train/``,
            the config and the label map.
        cpu_replicas: see `training_strategy`.
        checkpoint_every: steps between checkpoints.
        seed: of Python, numpy and TensorFlow; None for another every time.
        quantize_from: see `Trainer`.
        distill: see `Trainer`.
        precision: see `Trainer`.
        xla: see `Trainer`.

    Raises:
        InputError: the config cannot train, see `check` and `train`; or
            another run is training into `output`, or one of other classes
            has; or a record is damaged.
    """
    pipeline = read_pipeline(config)
    check(pipeline, config)
    _require_rounding(pipeline.train_config.num_steps, quantize_from, config)
    strategy = training_strategy(cpu_replicas)
    if seed is not None:
        tf.keras.utils.set_random_seed(seed)
    plan = Plan(pipeline.train_config.num_steps, checkpoint_every)
    own = writing_folder(strategy, output)
    with only_run_in(own), naming_what_broke(pipeline, output):
        trainer = Trainer(
            pipeline,
            strategy,
            quantize_from=quantize_from,
            distill=distill,
            precision=precision,
            xla=xla,
        )
        keeper = Keeper(trainer, own, keep=_KEEP)
        results = Results(own / RESULTS_NAME, ())
        if keeper.restore(output):
            _require_same_classes(pipeline, output)
        write_checkpoint_facts(pipeline, own)
        results.forget_after(trainer.step)
        result = train(trainer, keeper, Journal(own, results), plan)
    if own != output:
        shutil.rmtree(own)
    return result


def _require_rounding(steps: int, start: int | None, config: Path) -> None:
    if start is not None and start > steps:
        raise InputError(
            config,
            f"makes {steps} steps; from step {start} on is never",
            remedy="lower --quantize-from",
        )


def _require_same_classes(pipeline: Any, folder: Path) -> None:
    """Keeps a run from giving its classes other names."""
    path = Path(pipeline.train_input_reader.label_map_path)
    trained = folder / LABEL_MAP_NAME
    if read_label_map(path) != read_label_map(trained):
        raise InputError(
            trained,
            f"holds other classes than {path}",
            remedy="name another --output",
        )


def write_checkpoint_facts(pipeline: Any, folder: Path) -> None:
    """Writes what makes a folder of checkpoints one that can be opened."""
    write_pipeline(pipeline, folder / CONFIG_NAME)
    with replacing(folder / LABEL_MAP_NAME) as draft:
        shutil.copyfile(pipeline.train_input_reader.label_map_path, draft)


@contextlib.contextmanager
def naming_what_broke(pipeline: Any, folder: Path) -> Iterator[None]:
    """Tells of TensorFlow's errors what the user can mend.

    Raises:
        OSError: the disk of `folder` is full.
        InputError: a record is damaged, or its image, or there is none.
    """
    try:
        with naming_a_full_disk(folder):
            yield
    except tf.errors.OpError:
        _require_sound_records(pipeline)
        raise


def _require_sound_records(pipeline: Any) -> None:
    """Looks for the record that broke the training; it does not say which."""
    reader = pipeline.train_input_reader.tf_record_input_reader
    for pattern in reader.input_path:
        record = None
        for record in read_records(require_records(pattern)):
            record.image()
        if record is None:
            raise InputError(pattern, "holds no record")
