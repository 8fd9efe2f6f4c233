"""Where int8 loses: each layer's error against float, and layers left float.

TensorFlow's debugger runs every layer twice on the same input, in int8 and in
float. Source: https://www.tensorflow.org/lite/performance/quantization_debugger
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from matplotlib.figure import Figure
from tensorflow.lite.python.convert import mlir_quantize
from tensorflow.lite.python.util import modify_model_io_type

from crossline.report.page import Section, Table, Text, plot

ROUNDING_ERROR = 12**-0.5
"""In steps: what rounding evenly spread values to whole steps costs."""
_COLUMNS = ("layer", "operation", "step", "error", "largest", "stays float")


@dataclass(frozen=True)
class LayerError:
    """How far a layer's output is from float, on average over the images.

    Attributes:
        layer: the tensor that it writes, as the converter calls it.
        operation: TFLite's.
        step: what one int8 step of the output is worth.
        error: root mean square, in steps; see `ROUNDING_ERROR`.
        largest: absolute error, in steps.
    """

    layer: str
    operation: str
    step: float
    error: float
    largest: float


def int8_debugger(
    converter: Any, images: Sequence[npt.NDArray[np.float32]]
) -> Any:
    """Returns TensorFlow's debugger of a model.

    Args:
        converter: set up for int8, with its representative images.
        images: on which the errors are measured, preprocessed.
    """
    return tf.lite.experimental.QuantizationDebugger(
        converter=converter,
        debug_dataset=lambda: ([values] for values in images),
    )


def layer_errors(debugger: Any) -> list[LayerError]:
    """Measures the layers, in the order in which they run."""
    debugger.run()
    dump = io.StringIO()
    debugger.layer_statistics_dump(dump)
    dump.seek(0)
    return [_layer_error(row) for row in csv.DictReader(dump)]


def worst(errors: Sequence[LayerError], count: int) -> list[str]:
    """Returns the names of the `count` layers with the largest error."""
    ordered = sorted(errors, key=lambda each: each.error, reverse=True)
    return [each.layer for each in ordered[:count]]


def quantize_but(debugger: Any, float_layers: Sequence[str]) -> bytes:
    """Returns an int8 TFLite file in which some layers are float.

    Its input is uint8, or float where the first layer is.
    """
    model = mlir_quantize(
        debugger.calibrated_model, denylisted_nodes=list(float_layers)
    )
    try:
        return bytes(modify_model_io_type(model, tf.uint8, tf.float32))
    except ValueError:  # Nothing quantizes the input.
        return bytes(model)


def report_sections(
    errors: Sequence[LayerError], float_layers: Sequence[str]
) -> list[Section]:
    """Returns the page: the errors along the network, and the table."""
    figure = Figure(figsize=(9, 3))
    axes = figure.subplots()
    axes.bar(range(len(errors)), [each.error for each in errors])
    axes.axhline(ROUNDING_ERROR, color="black", linewidth=1)
    axes.set_xlabel("layer, in the order in which they run")
    axes.set_ylabel("error (int8 steps)")
    caption = f"The line: {ROUNDING_ERROR:.2f}, what rounding alone costs."
    explanation = (
        "Root mean square of the difference between a layer's int8 output "
        "and its float output on the same input, in steps of the output."
    )
    rows = [
        [
            each.layer,
            each.operation,
            f"{each.step:.5f}",
            f"{each.error:.2f}",
            f"{each.largest:.1f}",
            "yes" if each.layer in float_layers else "",
        ]
        for each in errors
    ]
    return [
        Section(
            "Along the network",
            [Text(explanation), plot(figure, caption)],
        ),
        Section("Layers", [Table(_COLUMNS, rows)]),
    ]


def _layer_error(row: dict[str, str]) -> LayerError:
    step = float(row["scale"])
    return LayerError(
        layer=row["tensor_name"],
        operation=row["op_name"],
        step=step,
        error=float(row["mean_squared_error"]) ** 0.5 / step,
        largest=float(row["max_abs_error"]) / step,
    )
