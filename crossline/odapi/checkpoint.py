"""Checkpoints on disk, and the detection models that they fill.

A checkpoint folder is what the model zoo, an export or a training run leaves:
``pipeline.config`` and, in the folder itself or in ``checkpoint/``, the files
``ckpt-N.index`` and ``ckpt-N.data-*``.
"""

import contextlib
import errno
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from crossline.errors import InputError
from crossline.files import replacing, require_file
from crossline.odapi.upstream import model_builder
from crossline.records.coco_label_map import COCO_LABEL_MAP
from crossline.records.label_map import LabelMap, read_label_map

CONFIG_NAME = "pipeline.config"
LABEL_MAP_NAME = "label_map.pbtxt"


def find_checkpoint(folder: Path, step: int | None = None) -> str:
    """Returns the prefix of a folder's newest checkpoint, ``.../ckpt-N``.

    Args:
        folder: see the module.
        step: the N of ``ckpt-N``; the highest there is when None.

    Raises:
        InputError: there is none, or its data file is missing.
    """
    pattern = "ckpt-*.index" if step is None else f"ckpt-{step}.index"
    indices = [
        path
        for place in (folder, folder / "checkpoint")
        for path in place.glob(pattern)
    ]
    if not indices:
        raise InputError(
            folder,
            f"holds no checkpoint ({pattern})",
            remedy="name a folder in the model zoo's layout, an export or a "
            "training run",
        )
    return require_checkpoint(max(indices, key=_checkpoint_number))


def require_checkpoint(index: Path) -> str:
    """Returns the prefix of a checkpoint, ``.../ckpt-N``.

    Args:
        index: ``ckpt-N.index``.

    Raises:
        InputError: it is missing, or its data file is.
    """
    require_file(index, remedy="fetch the checkpoint again")
    prefix = index.with_suffix("")
    if not list(prefix.parent.glob(f"{prefix.name}.data-*")):
        raise InputError(
            index,
            f"its data file {prefix.name}.data-00000-of-00001 is missing",
            remedy="fetch the checkpoint again",
        )
    return str(prefix)


def checkpoint_label_map(folder: Path, num_classes: int) -> LabelMap | None:
    """Returns what the class head of a checkpoint folder stands for.

    Its own ``label_map.pbtxt`` if there is one; COCO's for 90 classes, since
    the zoo ships none; None where nobody can tell.

    Raises:
        InputError: its label map is bad, or has an id above `num_classes`.
    """
    own = folder / LABEL_MAP_NAME
    if own.is_file():
        label_map = read_label_map(own)
        highest = max(label_map.names)
        if highest > num_classes:
            raise InputError(
                own,
                f"has ids up to {highest}, but num_classes of {CONFIG_NAME} "
                f"is {num_classes}",
                remedy="put the label map that it was trained with there",
            )
        return label_map
    return COCO_LABEL_MAP if num_classes == 90 else None


def build_model(model_config: Any, *, is_training: bool) -> Any:
    """Builds a detection model with all its variables.

    Args:
        model_config: the ``model`` part of a pipeline.config.
        is_training: as the API's model builder takes it.

    Returns:
        The API's `DetectionModel`, its weights random.
    """
    model = model_builder.build(model_config, is_training=is_training)
    build_variables(model, model_config)
    return model


def build_variables(model: Any, model_config: Any) -> None:
    """Calls a model once, since Keras layers make their variables then."""
    tf.keras.backend.set_learning_phase(False)
    height, width = input_size(model_config)
    model.predict(*model.preprocess(tf.zeros((1, height, width, 3))))


def input_size(model_config: Any) -> tuple[int, int]:
    """Returns the height and width that the network sees, in pixels.

    Raises:
        InputError: the config does not resize to a fixed shape.
    """
    kind = model_config.WhichOneof("model")
    resizer = getattr(model_config, kind).image_resizer
    if not resizer.HasField("fixed_shape_resizer"):
        raise InputError(
            CONFIG_NAME,
            f"resizes by {resizer.WhichOneof('image_resizer_oneof')}",
            remedy="crossline exports models with a fixed_shape_resizer",
        )
    shape = resizer.fixed_shape_resizer
    return int(shape.height), int(shape.width)


def restore(model: Any, prefix: str) -> None:
    """Fills a built model with all its weights from a checkpoint.

    Raises:
        InputError: see `restore_objects`.
    """
    restore_objects({"model": model}, prefix)


def restore_objects(objects: Mapping[str, Any], prefix: str) -> None:
    """Fills built objects from a checkpoint that may hold more.

    Args:
        objects: by their name at the checkpoint's root.
        prefix: of the checkpoint.

    Raises:
        InputError: the checkpoint is damaged, lacks a variable, or has one
            of another shape.
    """
    try:
        status = tf.train.Checkpoint(**objects).restore(prefix)
        status.expect_partial().assert_existing_objects_matched()
    except (
        AssertionError,
        IndexError,  # A file that ends too soon.
        ValueError,
        tf.errors.OpError,
    ) as error:
        raise InputError(
            prefix,
            f"does not fit the model of its config ({_first_line(error)})",
            remedy="check that the two belong together and are undamaged",
        ) from error


def save_weights(model: Any, folder: Path, number: int = 0) -> str:
    """Writes the model's weights as ``folder/ckpt-N``, in the zoo's layout.

    Args:
        model: the API's detection model.
        folder: of the checkpoint alone; replaced if there is one.
        number: the N.

    Returns:
        The checkpoint's prefix.
    """
    checkpoint = tf.train.Checkpoint(model=model)
    with replacing(folder) as draft, naming_a_full_disk(folder):
        manager = tf.train.CheckpointManager(
            checkpoint, str(draft), max_to_keep=1
        )
        prefix = manager.save(checkpoint_number=number)
    return str(folder / Path(prefix).name)


@contextlib.contextmanager
def naming_a_full_disk(path: Path) -> Iterator[None]:
    """Raises TensorFlow's own error for a full disk as `OSError` of `path`."""
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        reason = os.strerror(errno.ENOSPC)
        if reason not in error.message:
            raise
        raise OSError(errno.ENOSPC, reason, str(path)) from error


def weights(model: Any) -> list[Any]:
    """Returns the model's variables in the order in which it made them.

    Two models of one architecture, whatever their class count, agree in it.
    """
    extractor = model.feature_extractor.variables
    predictor = model._box_predictor.variables
    return [*extractor, *predictor]


def _checkpoint_number(path: Path) -> int:
    match = re.fullmatch(r"ckpt-(\d+)\.index", path.name)
    return int(match[1]) if match else -1


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:200]
