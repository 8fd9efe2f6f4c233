"""The TFLite files of an export folder, one for each precision."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crossline.detect.metadata import ModelMetadata
from crossline.errors import InputError
from crossline.odapi.export import export_tflite_graph
from crossline.odapi.fake_quantization import is_quantization_aware
from crossline.progress import progress
from crossline.quantize.calibration import Calibration, calibration_inputs
from crossline.quantize.convert import (
    Precision,
    convert,
    converter_for,
    write_tflite,
)
from crossline.quantize.layer_errors import (
    int8_debugger,
    layer_errors,
    quantize_but,
    report_sections,
    worst,
)
from crossline.report.page import write_page

REPORT_NAME = "quantization.html"
_DEBUG_IMAGES = 20
"""The debugger's own kernels take seconds an image; errors vary little."""


@dataclass(frozen=True)
class TfliteChoices:
    """Which files, and how they are made.

    Attributes:
        precisions: a file for each.
        calibration: for int8.
        max_detections: of an image; see `export_tflite_graph`, as for the
            next two and `clusters`.
        score_threshold: of TFLite's detection op.
        regular_nms: of TFLite's detection op.
        float_layers: of int8, that many layers stay float, those that it
            hurts most.
        reports_layers: whether each layer's error is written down, see
            `REPORT_NAME`.
        clusters: of the weights of a kernel; None for any number.
    """

    precisions: Sequence[Precision]
    calibration: Calibration
    max_detections: int
    score_threshold: float
    regular_nms: bool = True
    float_layers: int = 0
    reports_layers: bool = False
    clusters: int | None = None

    @property
    def debugs_layers(self) -> bool:
        """Whether int8 is chosen, or told, layer by layer."""
        return self.float_layers > 0 or self.reports_layers


class TfliteFiles:
    """What they are made of, looked up at once; made by `write`.

    Args:
        pipeline: the ``pipeline.config``.
        prefix: the checkpoint, up to ``ckpt-N``.
        choices: see there.

    Raises:
        InputError: calibration images are missing, or layers shall be chosen
            of a checkpoint that learnt its int8 in training.
    """

    def __init__(
        self, pipeline: Any, prefix: str, choices: TfliteChoices
    ) -> None:
        self._pipeline = pipeline
        self._prefix = prefix
        self._choices = choices
        self._has_ranges = is_quantization_aware(prefix)
        if self._has_ranges and choices.debugs_layers:
            raise InputError(
                prefix,
                "learnt its int8 in training, all layers together",
                remedy="leave out --float-layers and --report",
            )
        self._inputs: list[npt.NDArray[np.float32]] = []
        if "int8" in choices.precisions and not self._has_ranges:
            self._inputs = calibration_inputs(pipeline, choices.calibration)

    def write(
        self, folder: Path, metadata: ModelMetadata, scratch: Path
    ) -> None:
        """Writes the files.

        Args:
            folder: for ``model_PRECISION.tflite``, and the report on layers.
            metadata: to be appended to each.
            scratch: a folder for what is between.
        """
        precisions = self._choices.precisions
        for precision in progress(precisions, "TFLite files", unit="file"):
            model = self._converted(precision, scratch, folder)
            write_tflite(model, metadata, folder / f"model_{precision}.tflite")

    def _converted(
        self, precision: Precision, scratch: Path, folder: Path
    ) -> bytes:
        if precision != "int8":
            return convert(self._graph(scratch), precision, None)
        if self._has_ranges:
            graph = self._graph(scratch, with_ranges=True)
            return convert(graph, precision, None)
        graph = self._graph(scratch)
        if self._choices.debugs_layers:
            return self._converted_by_layers(graph, folder)
        return convert(graph, precision, self._inputs)

    def _graph(self, scratch: Path, with_ranges: bool = False) -> Path:
        """Returns the graph that TFLite's converter takes; made once."""
        graph = scratch / ("with_ranges" if with_ranges else "float")
        if not graph.exists():
            export_tflite_graph(
                self._pipeline,
                self._prefix,
                graph,
                max_detections=self._choices.max_detections,
                score_threshold=self._choices.score_threshold,
                regular_nms=self._choices.regular_nms,
                with_ranges=with_ranges,
                clusters=self._choices.clusters,
            )
        return graph

    def _converted_by_layers(self, graph: Path, folder: Path) -> bytes:
        shown = self._inputs[:_DEBUG_IMAGES]
        debugger = int8_debugger(
            converter_for(graph, "int8", self._inputs), shown
        )
        errors = layer_errors(debugger)
        float_layers = worst(errors, self._choices.float_layers)
        if self._choices.reports_layers:
            write_page(
                folder / REPORT_NAME,
                "int8, layer by layer",
                f"{len(errors)} layers, {len(float_layers)} of them left "
                f"float; measured on {len(shown)} calibration images.",
                report_sections(errors, float_layers),
            )
        return quantize_but(debugger, float_layers)
