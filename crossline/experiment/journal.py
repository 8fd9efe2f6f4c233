"""What a run writes down while it trains: results.csv and TensorBoard."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import tensorflow as tf

from crossline.experiment.plots import write_plot
from crossline.experiment.results import (
    LEARNING_RATE,
    LOSSES,
    SPEED,
    Results,
)
from crossline.geometry import Image


class Journal:
    """Writes each value where it belongs.

    TensorBoard's ``train/`` has the tags of `model_main_tf2`,
    ``validation/`` the names of the columns.

    Args:
        folder: of the run.
        results: of the run.
    """

    def __init__(self, folder: Path, results: Results) -> None:
        self.results = results
        self._folder = folder
        self._train = tf.summary.create_file_writer(str(folder / "train"))

    def training(
        self,
        step: int,
        losses: Mapping[str, float],
        learning_rate: float,
        steps_per_second: float,
    ) -> None:
        """Writes down means of the losses, by the names of `LOSSES`."""
        speed = {LEARNING_RATE: learning_rate, SPEED: steps_per_second}
        self.results.add(step, {**losses, **speed})
        with self._train.as_default(step):
            for name, loss in losses.items():
                tag = f"Loss/{name}" if name in LOSSES else name
                tf.summary.scalar(tag, loss)
            tf.summary.scalar("learning_rate", learning_rate)
            tf.summary.scalar("steps_per_sec", steps_per_second)

    def validation(
        self,
        step: int,
        scores: Mapping[str, float | None],
        pictures: Sequence[Image],
    ) -> None:
        """Writes down the scores of a step, and pictures to look at."""
        self.results.add(step, scores)
        with self._validation.as_default(step):
            for name, score in scores.items():
                if score is not None:
                    tf.summary.scalar(name, score)
            for number, image in enumerate(pictures):
                tf.summary.image(f"image {number}", image[None])
        self._validation.flush()
        write_plot(self.results.rows, self.results.path.with_suffix(".png"))

    @cached_property
    def _validation(self) -> Any:
        path = self._folder / "validation"
        return tf.summary.create_file_writer(str(path))

    def flush(self) -> None:
        """Puts all of it on the disk."""
        self.results.flush()
        self._train.flush()
