"""The API's pipeline.config: read, checked, rewritten through its protobuf.

A config of the model zoo is written for 90 classes, a TPU pod and somebody
else's paths. `configure` sets what the user chose and all that must follow
from it, and `check` refuses what would fail hours later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from google.protobuf import json_format, text_format

from crossline.errors import InputError
from crossline.files import require_file, write_text
from crossline.odapi.checkpoint import require_checkpoint
from crossline.odapi.upstream import (
    model_builder,
    pipeline_pb2,
    preprocessor_pb2,
    train_pb2,
)
from crossline.records.label_map import read_label_map
from crossline.records.read import require_records

PLACEHOLDER = "PATH_TO_BE_CONFIGURED"
_WARM_UP_SHARE = 0.1
_WARM_START_SHARE = 0.2
"""A model that knows its classes is adjusted, not taught: of the learning
rate that the config gives random heads. Images like the checkpoint's own want
far less, see docs/fine_tuning.md."""


@dataclass(frozen=True)
class TrainingChoices:
    """What the user chooses about a training run.

    Attributes:
        label_map_path: the classes to train.
        train_records: path or glob of TFRecords.
        eval_records: path or glob of TFRecords.
        batch_size: over all replicas.
        steps: of training.
        learning_rate: at its highest; None follows from the config's own,
            in proportion to the batch size.
        freeze_batch_norm: keep the checkpoint's batch statistics, which small
            batches would only blur.
        augmentation: see `augmentation_steps`; None for the config's own.
    """

    label_map_path: Path
    train_records: str
    eval_records: str
    batch_size: int
    steps: int
    learning_rate: float | None = None
    freeze_batch_norm: bool = False
    augmentation: Mapping[str, Mapping[str, Any]] | None = None


def read_pipeline(path: Path) -> Any:
    """Reads a pipeline.config.

    Raises:
        InputError: missing, empty, not a pipeline.config, or of a model that
            the API does not have as an SSD of TensorFlow 2.
    """
    require_file(path)
    pipeline = pipeline_pb2.TrainEvalPipelineConfig()
    try:
        text_format.Parse(path.read_text(encoding="utf-8"), pipeline)
    except (text_format.ParseError, UnicodeDecodeError) as error:
        raise InputError(
            path, f"is not a pipeline.config ({error})"
        ) from error
    kind = pipeline.model.WhichOneof("model")
    if kind != "ssd":
        raise InputError(
            path,
            f"describes a {kind or 'missing'} model",
            remedy="crossline trains SSD models",
        )
    _require_known(pipeline.model.ssd.feature_extractor.type, path)
    return pipeline


def write_pipeline(pipeline: Any, path: Path) -> None:
    """Writes a pipeline.config, whole or not at all."""
    write_text(path, text_format.MessageToString(pipeline))


def check(pipeline: Any, path: Path) -> None:
    """Makes sure that a config can train.

    Raises:
        InputError: a placeholder is left; records, label map or checkpoint
            are missing; the class count is not the label map's; or there is
            nothing to train.
    """
    for line in text_format.MessageToString(pipeline).splitlines():
        if PLACEHOLDER in line:
            raise InputError(
                path,
                f"{line.strip()} is left to be configured",
                remedy="run scripts/configure_pipeline.py",
            )
    train_config = pipeline.train_config
    for name in ("batch_size", "num_steps"):
        if getattr(train_config, name) < 1:
            raise InputError(
                path, f"{name} is {getattr(train_config, name)}, below 1"
            )
    if train_config.fine_tune_checkpoint:
        require_checkpoint(Path(f"{train_config.fine_tune_checkpoint}.index"))
    label_map_path = Path(pipeline.train_input_reader.label_map_path)
    highest = max(read_label_map(label_map_path).names)
    if pipeline.model.ssd.num_classes != highest:
        raise InputError(
            path,
            f"num_classes is {pipeline.model.ssd.num_classes}, but the "
            f"label map {label_map_path} has ids up to {highest}",
            remedy="run scripts/configure_pipeline.py with this label map",
        )
    for reader in (pipeline.train_input_reader, *pipeline.eval_input_reader):
        for pattern in reader.tf_record_input_reader.input_path:
            require_records(pattern)


def configure(
    pipeline: Any,
    choices: TrainingChoices,
    *,
    num_classes: int,
    fine_tune_checkpoint: str | None,
    keeps_heads: bool,
) -> Any:
    """Returns a copy of `pipeline` that trains what `choices` say.

    Args:
        pipeline: of the checkpoint to start from.
        choices: the user's.
        num_classes: the highest id of the label map.
        fine_tune_checkpoint: prefix to start from; None for random weights.
        keeps_heads: whether that checkpoint has the heads of these classes
            (restored ``full``) or only the feature extractor counts
            (``detection``).
    """
    configured = pipeline_pb2.TrainEvalPipelineConfig()
    configured.CopyFrom(pipeline)
    configured.model.ssd.num_classes = num_classes
    configured.model.ssd.freeze_batchnorm = choices.freeze_batch_norm
    train_config = configured.train_config
    _set_schedule(train_config, choices, keeps_heads)
    _set_checkpoint(train_config, fine_tune_checkpoint, keeps_heads)
    _set_augmentation(train_config, choices.augmentation)
    _set_readers(configured, choices)
    configured.eval_config.Clear()
    configured.eval_config.metrics_set.append("coco_detection_metrics")
    configured.eval_config.batch_size = 1
    return configured


def _set_checkpoint(
    train_config: Any, prefix: str | None, keeps_heads: bool
) -> None:
    for name in (
        "fine_tune_checkpoint",
        "fine_tune_checkpoint_type",
        "from_detection_checkpoint",
    ):
        train_config.ClearField(name)
    if prefix is not None:
        train_config.fine_tune_checkpoint = prefix
        # The zoo's configs say "classification", which drops the FPN.
        kind = "full" if keeps_heads else "detection"
        train_config.fine_tune_checkpoint_type = kind
        train_config.fine_tune_checkpoint_version = train_pb2.V2


def _set_schedule(
    train_config: Any, choices: TrainingChoices, keeps_heads: bool
) -> None:
    """Momentum with a cosine to 0 at the last step, after a warm-up."""
    rate = choices.learning_rate
    if rate is None:
        own_batch = train_config.batch_size or choices.batch_size
        rate = base_learning_rate(train_config.optimizer)
        rate *= choices.batch_size / own_batch
        # One that kept its heads before has such a rate already.
        is_adjusted = train_config.fine_tune_checkpoint_type == "full"
        rate *= _WARM_START_SHARE ** (keeps_heads - is_adjusted)
    train_config.batch_size = choices.batch_size
    train_config.num_steps = choices.steps
    # What only a TPU or a parameter server of TensorFlow 1 reads.
    for name in ("replicas_to_aggregate", "sync_replicas", "use_bfloat16"):
        train_config.ClearField(name)
    train_config.optimizer.Clear()
    train_config.optimizer.use_moving_average = False
    momentum = train_config.optimizer.momentum_optimizer
    momentum.momentum_optimizer_value = 0.9
    cosine = momentum.learning_rate.cosine_decay_learning_rate
    cosine.learning_rate_base = rate
    cosine.total_steps = choices.steps
    cosine.warmup_steps = int(choices.steps * _WARM_UP_SHARE)
    cosine.warmup_learning_rate = rate / 10


def base_learning_rate(optimizer: Any) -> float:
    """Returns the highest learning rate of the API's optimizer config."""
    kind = getattr(optimizer, optimizer.WhichOneof("optimizer"))
    schedule = kind.learning_rate
    rates = getattr(schedule, schedule.WhichOneof("learning_rate"))
    names = ("learning_rate", "learning_rate_base", "initial_learning_rate")
    return max(float(getattr(rates, name, 0.0)) for name in names)


def augmentation_steps(options: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """Returns the API's preprocessing steps.

    Args:
        options: name of a step, as in the API's ``preprocessor.proto``, to
            its fields; in their order.

    Raises:
        InputError: the API has no such step or field, or the value is wrong.
    """
    known = preprocessor_pb2.PreprocessingStep.DESCRIPTOR.fields_by_name
    steps = []
    for name, values in options.items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise InputError(
                "augmentation",
                f"the API has no {name}",
                remedy=f"did you mean {near[0]}?" if near else None,
            )
        try:
            step = json_format.ParseDict(
                {name: dict(values)}, preprocessor_pb2.PreprocessingStep()
            )
        except json_format.ParseError as error:
            fields = known[name].message_type.fields_by_name
            raise InputError(
                "augmentation",
                str(error),
                place=name,
                remedy=f"its fields are {', '.join(fields) or 'none'}",
            ) from error
        steps.append(step)
    return steps


def _set_augmentation(
    train_config: Any, chosen: Mapping[str, Mapping[str, Any]] | None
) -> None:
    """Keeps the config's own; one without any gets a flip and crops."""
    options = train_config.data_augmentation_options
    if chosen is not None:
        train_config.ClearField("data_augmentation_options")
        options.extend(augmentation_steps(chosen))
    elif not options:
        options.add().random_horizontal_flip.SetInParent()
        options.add().ssd_random_crop.SetInParent()


def _set_readers(configured: Any, choices: TrainingChoices) -> None:
    configured.ClearField("eval_input_reader")
    evaluation = configured.eval_input_reader.add()
    evaluation.shuffle = False
    evaluation.num_epochs = 1
    for reader, pattern in (
        (configured.train_input_reader, choices.train_records),
        (evaluation, choices.eval_records),
    ):
        reader.label_map_path = str(choices.label_map_path)
        reader.tf_record_input_reader.ClearField("input_path")
        reader.tf_record_input_reader.input_path.append(pattern)
        # More readers than shards only make the API warn.
        reader.num_readers = len(require_records(pattern))


def _require_known(extractor: str, path: Path) -> None:
    known = model_builder.SSD_KERAS_FEATURE_EXTRACTOR_CLASS_MAP
    if extractor not in known:
        near = get_close_matches(extractor, known, n=1)
        hint = f", did you mean {near[0]!r}?" if near else ""
        raise InputError(
            path,
            f"feature extractor {extractor!r} is none of TensorFlow 2{hint}",
            remedy="take a config of TensorFlow 2's model zoo",
        )
