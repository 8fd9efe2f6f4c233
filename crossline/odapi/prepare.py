"""From a checkpoint and a label map to a folder that can train.

The folder holds ``pipeline.config``, ``label_map.pbtxt`` and, where heads of
the checkpoint are kept, a ``checkpoint/`` of the new class count, with a
``label_map.pbtxt`` of those kept: whatever reads the API's configs,
`model_main_tf2` included, can train from it.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crossline.odapi.checkpoint import (
    CONFIG_NAME,
    LABEL_MAP_NAME,
    checkpoint_label_map,
    find_checkpoint,
    save_weights,
)
from crossline.odapi.pipeline_config import (
    TrainingChoices,
    check,
    configure,
    read_pipeline,
    write_pipeline,
)
from crossline.odapi.warm_start import WarmStart, transplant
from crossline.records.label_map import (
    LabelMap,
    read_label_map,
    write_label_map,
)
from crossline.records.read import require_records


@dataclass(frozen=True)
class PreparedTraining:
    """What `prepare_training` wrote.

    Attributes:
        config: path of the pipeline.config.
        start: prefix of the checkpoint to start from; None for random
            weights.
        warm_start: which heads were kept; None where none were.
    """

    config: Path
    start: str | None
    warm_start: WarmStart | None

    def describe(self) -> str:
        """Returns a sentence on where training will start."""
        if self.start is None:
            return "Training starts from random weights."
        if self.warm_start is None:
            return f"Training starts from {self.start}, heads at random."
        kept = ", ".join(self.warm_start.kept)
        fresh = ", ".join(self.warm_start.fresh) or "none"
        return f"Heads kept for {kept}; starting fresh: {fresh}."


def prepare_training(
    checkpoint: Path,
    choices: TrainingChoices,
    output: Path,
    *,
    fresh_heads: bool = False,
) -> PreparedTraining:
    """Writes the folder that the module describes.

    Args:
        checkpoint: checkpoint folder, or a ``.config`` for random weights.
        choices: what to train.
        output: the folder.
        fresh_heads: start the heads at random in any case.

    Raises:
        InputError: something that is named is missing or wrong.
    """
    label_map = read_label_map(choices.label_map_path)
    for pattern in (choices.train_records, choices.eval_records):
        require_records(pattern)
    pipeline, start, known = starting_point(checkpoint)
    warm_start = None
    if start and known and not fresh_heads and _share(known, label_map):
        start, warm_start = _keep_heads(
            pipeline, start, known, label_map, output
        )
    own_label_map = output / LABEL_MAP_NAME
    write_label_map(label_map, own_label_map)
    configured = configure(
        pipeline,
        replace(choices, label_map_path=own_label_map),
        num_classes=max(label_map.names),
        fine_tune_checkpoint=start,
        keeps_heads=warm_start is not None,
    )
    config = output / CONFIG_NAME
    check(configured, config)
    write_pipeline(configured, config)
    return PreparedTraining(config, start, warm_start)


def starting_point(
    checkpoint: Path,
) -> tuple[Any, str | None, LabelMap | None]:
    """Returns the pipeline, the weights' prefix and what they know."""
    if checkpoint.suffix == ".config":
        return read_pipeline(checkpoint), None, None
    pipeline = read_pipeline(checkpoint / CONFIG_NAME)
    known = checkpoint_label_map(checkpoint, pipeline.model.ssd.num_classes)
    return pipeline, find_checkpoint(checkpoint), known


def _share(one: LabelMap, other: LabelMap) -> bool:
    return not set(one.names.values()).isdisjoint(other.names.values())


def _keep_heads(
    pipeline: Any,
    prefix: str,
    known: LabelMap,
    label_map: LabelMap,
    output: Path,
) -> tuple[str, WarmStart]:
    target_config = type(pipeline.model)()
    target_config.CopyFrom(pipeline.model)
    target_config.ssd.num_classes = max(label_map.names)
    model, warm_start = transplant(
        pipeline.model, prefix, known, target_config, label_map
    )
    weights = output / "checkpoint"
    prefix = save_weights(model, weights)
    # Of the others, its heads know nothing.
    kept = LabelMap.from_names(warm_start.kept)
    write_label_map(kept, weights / LABEL_MAP_NAME)
    return prefix, warm_start
