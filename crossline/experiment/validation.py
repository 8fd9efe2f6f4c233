"""Judging a model while it trains, in the same process."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from crossline.evaluate.coco_metrics import metrics_of
from crossline.evaluate.coco_results import CocoResult, results_of
from crossline.evaluate.ground_truth import ground_truth_of
from crossline.evaluate.matching import match
from crossline.evaluate.records import recorded_images, recorded_table
from crossline.experiment.loop import IsStopped, Scores
from crossline.experiment.results import scores_of
from crossline.geometry import Detections, Image
from crossline.odapi.checkpoint import build_model, weights
from crossline.odapi.detector import CheckpointDetector
from crossline.progress import progress
from crossline.records.label_map import LabelMap
from crossline.video.draw import Painter

_PICTURES = 4
_LEAST_SCORE = 0.3


class Validator:
    """Runs the model that is being trained over validation records.

    Args:
        model: whose weights are judged.
        pipeline: that it was built from.
        label_map: of its classes.
        files: TFRecords.

    Raises:
        InputError: a file is damaged, or the label map is another one.
    """

    def __init__(
        self,
        model: Any,
        pipeline: Any,
        label_map: LabelMap,
        files: Sequence[Path],
    ) -> None:
        self._source = model
        self._files = files
        self._names = label_map.names
        self._judged = build_model(pipeline.model, is_training=False)
        self._detector = CheckpointDetector(self._judged, label_map)
        table = recorded_table(files, label_map, files[0])
        self._truth = ground_truth_of(table, files[0])
        self.class_names = tuple(self._truth.category_ids)

    def __call__(self, is_stopped: IsStopped) -> tuple[Scores, list[Image]]:
        """See `crossline.experiment.loop.Validate`."""
        for new, old in zip(
            weights(self._judged), weights(self._source), strict=True
        ):
            new.assign(old)
        results: list[CocoResult] = []
        pictures: list[Image] = []
        for filename, image in self._images(is_stopped):
            found = self._detector.detect(image)
            results += results_of(found, filename, self._names, self._truth)
            if len(pictures) < _PICTURES:
                pictures.append(self._drawn(image, found))
        return scores_of(metrics_of(match(self._truth, results))), pictures

    def _images(self, is_stopped: IsStopped) -> Iterator[tuple[str, Image]]:
        images = recorded_images(self._files)
        count = len(self._truth.image_ids)
        for each in progress(images, "validating", count, "image"):
            if is_stopped():
                raise KeyboardInterrupt
            yield each

    def _drawn(self, image: Image, found: Detections) -> Image:
        canvas = np.ascontiguousarray(image).copy()
        height, width = canvas.shape[:2]
        painter = Painter(self._names, width, height)
        painter.detections(canvas, found[found.scores >= _LEAST_SCORE])
        return canvas
