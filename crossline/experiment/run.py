"""An experiment, from its settings to a trained model in its run folder."""

import shutil
from dataclasses import dataclass
from typing import Any

import pandas as pd
import tensorflow as tf

from crossline.annotations.split import TRAIN, VALIDATION
from crossline.check.records import inspect_records
from crossline.check.records_page import write_inspection
from crossline.errors import InputError
from crossline.experiment.data import Records, prepare_records
from crossline.experiment.environment import environment, to_json
from crossline.experiment.folder import RunFolder
from crossline.experiment.journal import Journal
from crossline.experiment.loop import Plan, TrainingResult, train
from crossline.experiment.pictures import write_batches
from crossline.experiment.plots import write_plot
from crossline.experiment.results import Results
from crossline.experiment.run_training import (
    naming_what_broke,
    write_checkpoint_facts,
)
from crossline.experiment.saving import Keeper
from crossline.experiment.settings import Balance, Experiment, QualityGate
from crossline.experiment.settings_file import (
    read_experiment,
    write_experiment,
)
from crossline.experiment.validation import Validator
from crossline.files import write_text
from crossline.odapi.balance import Balance as ClassBalance
from crossline.odapi.balance import balance_of
from crossline.odapi.checkpoint import CONFIG_NAME, input_size
from crossline.odapi.distribution import (
    chief_first,
    is_chief,
    training_strategy,
    writing_folder,
)
from crossline.odapi.pipeline_config import (
    TrainingChoices,
    augmentation_steps,
    read_pipeline,
)
from crossline.odapi.prepare import prepare_training, starting_point
from crossline.odapi.training import Trainer, check_batch
from crossline.workers import is_worker

_FINISHING = {"export", "quality_gate"}
"""Sections that may change when a run goes on: training reads none."""
_SAMPLES = 12


@dataclass(frozen=True)
class Trained:
    """What training left.

    Attributes:
        result: how it ended.
        results: all rows.
        records: that it learnt from.
    """

    result: TrainingResult
    results: Results
    records: Records


def train_experiment(experiment: Experiment, folder: RunFolder) -> Trained:
    """Trains, or goes on with, an experiment; nobody else may write there.

    Raises:
        InputError: something that the settings name is missing or does not
            fit, the folder holds another run, or training diverged.
        KeyboardInterrupt: after the state was saved.
    """
    _require_workers(experiment.distribution.workers)
    if experiment.deterministic:
        tf.config.experimental.enable_op_determinism()
    # Workers must find each other before TensorFlow does anything else.
    strategy = training_strategy(experiment.distribution.cpu_replicas)
    tf.keras.utils.set_random_seed(experiment.seed)
    with chief_first(strategy):
        if is_chief(strategy):
            _claim(folder, experiment)
            write_text(folder.environment, to_json(environment()))
        check_batch(experiment.batch_size, strategy.num_replicas_in_sync)
        pipeline, records, balance = _prepared(experiment, folder)
    with naming_what_broke(pipeline, folder.path):
        trainer = Trainer(
            pipeline,
            strategy,
            balance=balance,
            precision=experiment.distribution.precision,
            xla=experiment.distribution.xla,
        )
        own = _own_folder(folder, strategy)
        return _train(experiment, pipeline, trainer, records, folder, own)


def _prepared(
    experiment: Experiment, folder: RunFolder
) -> tuple[Any, Records, ClassBalance | None]:
    """Returns what to train with; writes what is not there yet."""
    augmentation_steps(experiment.augmentation or {})
    starting_point(experiment.model.checkpoint)
    records = prepare_records(experiment.data, experiment.seed, folder.data)
    _require_gated_classes(experiment.quality_gate, records)
    balance = _balance(experiment.balance, records)
    if balance and not folder.balance.exists():
        table = pd.DataFrame(balance.rows)
        write_text(folder.balance, table.to_csv(index=False))
    pipeline = _pipeline(experiment, records, folder)
    if not folder.labels.exists():
        _write_labels(pipeline, records, folder)
    return pipeline, records, balance


def _require_workers(workers: int) -> None:
    if workers > 1 and not is_worker():
        raise InputError(
            "distribution.workers",
            f"is {workers}, but nobody has started them",
            remedy="set it to 1; run_experiment.py alone starts workers",
        )


def _claim(folder: RunFolder, experiment: Experiment) -> None:
    """Writes the settings; those of a run that goes on must be the same."""
    if folder.settings.exists():
        former = read_experiment(folder.settings)
        before, now = (
            each.model_dump(mode="json") for each in (former, experiment)
        )
        for key in before.keys() - _FINISHING:
            if before[key] != now[key]:
                raise InputError(
                    folder.settings,
                    f"was begun with {before[key]}, not {now[key]}",
                    place=key,
                    remedy="name another --output for another experiment",
                )
        if former.export != experiment.export:
            shutil.rmtree(folder.exported, ignore_errors=True)
    write_experiment(experiment, folder.settings)


def _require_gated_classes(gate: QualityGate, records: Records) -> None:
    names = list(records.label_map.names.values())
    for name in gate.class_AP:
        if name not in names:
            raise InputError(
                records.label_map_path,
                f"has no class {name}, which quality_gate.class_AP names",
                remedy=f"its classes are {', '.join(names)}",
            )


def _write_labels(pipeline: Any, records: Records, folder: RunFolder) -> None:
    files = [file for part in records.patterns for file in records.files(part)]
    size = max(input_size(pipeline.model))
    inspection = inspect_records(files, input_size=size, pictures=_SAMPLES)
    write_inspection(inspection, folder.labels)


def _pipeline(
    experiment: Experiment, records: Records, folder: RunFolder
) -> Any:
    config = folder.start / CONFIG_NAME
    if not config.exists():
        choices = TrainingChoices(
            label_map_path=records.label_map_path,
            train_records=records.patterns[TRAIN],
            eval_records=records.patterns[VALIDATION],
            batch_size=experiment.batch_size,
            steps=experiment.schedule.steps,
            learning_rate=experiment.schedule.learning_rate,
            freeze_batch_norm=experiment.model.freeze_batch_norm,
            augmentation=experiment.augmentation,
        )
        prepare_training(
            experiment.model.checkpoint,
            choices,
            folder.start,
            fresh_heads=experiment.model.fresh_heads,
        )
    return read_pipeline(config)


def _train(
    experiment: Experiment,
    pipeline: Any,
    trainer: Trainer,
    records: Records,
    folder: RunFolder,
    own: RunFolder,
) -> Trained:
    """Trains; writes into `own`, which for the chief is `folder`."""
    for checkpoint in (own.last, own.best):
        write_checkpoint_facts(pipeline, checkpoint)
    if own == folder and not folder.batches.exists():
        write_batches(trainer, records.label_map.names, folder.batches)
    keeper = Keeper(trainer, own.last, own.best)
    keeper.restore(folder.last)
    # Another order of images than in the steps that were made.
    tf.keras.utils.set_random_seed(experiment.seed + trainer.step)
    validate = Validator(
        trainer.model,
        pipeline,
        records.label_map,
        records.files(VALIDATION),
    )
    results = Results(own.results, validate.class_names)
    results.forget_after(trainer.step)
    schedule = experiment.schedule
    plan = Plan(
        schedule.steps,
        schedule.checkpoint_every,
        schedule.validate_every,
        schedule.patience,
        schedule.log_every,
    )
    journal = Journal(own.path, results)
    result = train(trainer, keeper, journal, plan, validate)
    write_plot(results.rows, own.plot)
    if own != folder:
        shutil.rmtree(own.path)
    return Trained(result, results, records)


def _own_folder(folder: RunFolder, strategy: Any) -> RunFolder:
    """Returns where this process writes, see `writing_folder`.

    A worker that is not the chief starts with the chief's results, since it
    decides by them what comes next.
    """
    own = RunFolder(writing_folder(strategy, folder.path))
    if own != folder:
        shutil.rmtree(own.path, ignore_errors=True)
        own.path.mkdir(parents=True)
        if folder.results.exists():
            shutil.copyfile(folder.results, own.results)
    return own


def _balance(settings: Balance, records: Records) -> ClassBalance | None:
    rule = settings.rule or settings.weights
    if not rule:
        return None
    return balance_of(
        records.instances(TRAIN),
        records.label_map,
        rule,
        settings.place,
        settings.beta,
    )
