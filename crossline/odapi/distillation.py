"""Learning from a float model's answers what rounding has taken from them.

Where a float checkpoint is good already, labels teach a rounded copy of it
other things than to be that checkpoint: on few images it drifts away. Here
the checkpoint is the teacher, and the loss is how far the rounded student's
raw outputs are from the teacher's on the same images; no box is needed.

After Mishra and Marr, Apprentice, 2018 (https://arxiv.org/abs/1711.05852),
whose third scheme starts from the teacher's weights; Zhao and Zhao,
Self-Supervised Quantization-Aware Knowledge Distillation, 2024
(https://arxiv.org/abs/2403.11106), which leaves the labels out; and NVIDIA
Model Optimizer's guide to quantization-aware distillation.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from crossline.errors import InputError
from crossline.odapi.checkpoint import LABEL_MAP_NAME, build_model, restore
from crossline.odapi.frozen_batch_norm import fold_frozen_batch_norm
from crossline.records.label_map import read_label_map

Predictions = Mapping[str, Any]
"""Of the API's `predict`: logits ``(batch, anchors, 1 + classes)``, the
background's first, and box encodings ``(batch, anchors, 4)``."""

_log = logging.getLogger(__name__)
_LOGITS, _BOXES = "class_predictions_with_background", "box_encodings"


_TRAIN_FIRST = (
    "train in float first, then name that run as --checkpoint of "
    "configure_pipeline.py"
)


def teacher_of(pipeline: Any) -> Any:
    """Returns the float model that a config's training begins with.

    Raises:
        InputError: it begins with none, or with one that lacks heads, has not
            learnt all classes or does not fit.
    """
    config = pipeline.train_config
    if config.fine_tune_checkpoint_type != "full":
        raise InputError(
            "distillation",
            "the config starts from no checkpoint that knows its classes",
            remedy=_TRAIN_FIRST,
        )
    known = Path(config.fine_tune_checkpoint).with_name(LABEL_MAP_NAME)
    wanted = read_label_map(Path(pipeline.train_input_reader.label_map_path))
    if known.exists() and (
        unknown := set(wanted.names.values())
        - set(read_label_map(known).names.values())
    ):
        raise InputError(
            config.fine_tune_checkpoint,
            f"has never learnt {', '.join(sorted(unknown))}",
            remedy=_TRAIN_FIRST,
        )
    _log.info("The teacher is %s.", config.fine_tune_checkpoint)
    teacher = build_model(pipeline.model, is_training=False)
    restore(teacher, config.fine_tune_checkpoint)
    fold_frozen_batch_norm(teacher)
    return teacher


def distance(found: Predictions, wanted: Predictions) -> dict[str, Any]:
    """Tells how far a student's predictions are from its teacher's.

    Classes: the Kullback-Leibler divergence of each score. Boxes: half the
    squared error, of each anchor as much as the teacher sees something there.
    Both are summed over all anchors and divided by how much it sees in all,
    as the API divides its losses by the number of matches.

    Returns:
        Scalars by the names of the API's losses, 0 where both agree.
    """
    scores = tf.sigmoid(wanted[_LOGITS])
    entropies = [
        tf.nn.sigmoid_cross_entropy_with_logits(scores, each[_LOGITS])
        for each in (found, wanted)
    ]
    weights = tf.reduce_max(scores[..., 1:], axis=-1)
    seen = tf.reduce_sum(weights)
    errors = tf.square(found[_BOXES] - wanted[_BOXES]) / 2
    classes = tf.reduce_sum(entropies[0] - entropies[1]) / seen
    boxes = tf.reduce_sum(weights[..., None] * errors) / seen
    return {
        "Loss/classification_loss": classes,
        "Loss/localization_loss": boxes,
        "Loss/total_loss": classes + boxes,
    }
