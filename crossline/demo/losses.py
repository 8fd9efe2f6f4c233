"""Losses of a training run, from its TensorBoard log."""

from pathlib import Path

import pandas as pd
from tensorboard.backend.event_processing.event_accumulator import (
    TENSORS,
    EventAccumulator,
)
from tensorboard.util.tensor_util import make_ndarray

from crossline.errors import InputError
from crossline.files import require_folder

_PREFIX = "Loss/"


def read_losses(run: Path) -> pd.DataFrame:
    """Returns the losses of `train.py`, a row per logged step.

    Args:
        run: the run's folder, with ``train/events.out.tfevents...``.

    Returns:
        Columns by the API's names (``total_loss``, ``localization_loss`` ...),
        step as the index. Where a resumed run logged a step again, the later
        value stands.

    Raises:
        InputError: there is no such folder, or no loss in it.
    """
    folder = require_folder(run / "train", "train.py writes it")
    everything = 0
    log = EventAccumulator(str(folder), size_guidance={TENSORS: everything})
    log.Reload()
    columns = {
        tag.removeprefix(_PREFIX): pd.Series(
            {
                event.step: float(make_ndarray(event.tensor_proto))
                for event in log.Tensors(tag)
            }
        )
        for tag in log.Tags()[TENSORS]
        if tag.startswith(_PREFIX)
    }
    if not columns:
        raise InputError(
            folder, "holds no losses", remedy="train.py logs them"
        )
    return pd.DataFrame(columns).sort_index()
