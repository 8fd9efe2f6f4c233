"""Checkpoint surgery: keep what a checkpoint knows of the classes we want.

The API restores a checkpoint either without its heads (``detection``), which
then start at random, or whole (``full``), which asks for the same classes. A
COCO checkpoint knows 80 classes already; here the columns of its class heads
that belong to the kept ones are copied, so that training starts where COCO
ended. Classes that it does not know start fresh beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crossline.odapi.checkpoint import build_model, restore, weights
from crossline.records.label_map import LabelMap

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True)
class WarmStart:
    """What `transplant` did.

    Attributes:
        kept: names whose head columns came from the checkpoint.
        fresh: names that start with new columns.
    """

    kept: tuple[str, ...]
    fresh: tuple[str, ...]


def transplant(
    source_config: Any,
    source_prefix: str,
    source_labels: LabelMap,
    target_config: Any,
    target_labels: LabelMap,
) -> tuple[Any, WarmStart]:
    """Builds a model of the target's classes from a checkpoint of others.

    Args:
        source_config: ``model`` part of the checkpoint's pipeline.config.
        source_prefix: of the checkpoint.
        source_labels: what its class head stands for.
        target_config: the same architecture with the target's class count.
        target_labels: the classes to train.

    Returns:
        The API's detection model, and which classes were kept.

    Raises:
        InputError: the checkpoint does not fit its config.
    """
    source = build_model(source_config, is_training=False)
    restore(source, source_prefix)
    target = build_model(target_config, is_training=False)
    columns = head_columns(source_labels, target_labels)
    slots = class_slots(source_config), class_slots(target_config)
    class_columns = {variable.ref() for variable in class_columns_of(target)}
    for old, new in zip(weights(source), weights(target), strict=True):
        if new.ref() in class_columns:
            new.assign(graft(old.numpy(), new.numpy(), columns, *slots))
        else:
            new.assign(old)
    names = target_labels.names
    return target, WarmStart(
        kept=tuple(names[column] for column in sorted(columns) if column),
        fresh=tuple(name for id_, name in names.items() if id_ not in columns),
    )


def head_columns(source: LabelMap, target: LabelMap) -> dict[int, int]:
    """Maps the target head's columns to the source's, by class name.

    Column 0 is the background, column k is label map id k.
    """
    known = {name: id_ for id_, name in source.names.items()}
    shared = {
        id_: known[name] for id_, name in target.names.items() if name in known
    }
    return {0: 0, **shared}


def class_slots(model_config: Any) -> int:
    """Returns the class head's columns per anchor."""
    ssd = model_config.ssd
    return int(ssd.num_classes) + int(ssd.add_background_class)


def class_columns_of(model: Any) -> list[Any]:
    """Returns the variables whose last axis holds the class columns.

    The API's predictor with heads of their own per layer holds a list of
    class heads, the weight-shared one (FPN) a single one. Only the last two
    variables of a head, kernel and bias, know classes: the depthwise kernel
    of a separable layer and what stands before it do not.
    """
    heads = model._box_predictor._prediction_heads[
        "class_predictions_with_background"
    ]
    heads = heads if isinstance(heads, Sequence) else [heads]
    layers = [head._class_predictor_layers[-1] for head in heads]
    return [variable for layer in layers for variable in layer.variables[-2:]]


def graft(
    old: Weights,
    new: Weights,
    columns: Mapping[int, int],
    old_slots: int,
    new_slots: int,
) -> Weights:
    """Copies class columns from one head's weights into another's.

    Args:
        old: the source's kernel or bias, ``(..., anchors * old_slots)``.
        new: the target's, ``(..., anchors * new_slots)``.
        columns: target column to source column, see `head_columns`.
        old_slots: the source's columns per anchor.
        new_slots: the target's columns per anchor.

    Returns:
        `new` with the mapped columns replaced.
    """
    source = old.reshape(*old.shape[:-1], -1, old_slots)
    grafted = new.reshape(*new.shape[:-1], -1, new_slots).copy()
    grafted[..., list(columns)] = source[..., list(columns.values())]
    return grafted.reshape(new.shape)
