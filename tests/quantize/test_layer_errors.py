"""The layer that int8 hurts is found, and stays float when it is told to."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from crossline.quantize.convert import convert, converter_for
from crossline.quantize.layer_errors import (
    ROUNDING_ERROR,
    LayerError,
    int8_debugger,
    layer_errors,
    quantize_but,
    report_sections,
    worst,
)
from crossline.report.page import Table

IMAGES = [
    image[None]
    for image in np.random.default_rng(1)
    .uniform(-1, 1, (8, 8, 8, 3))
    .astype(np.float32)
]


@pytest.fixture(scope="module")
def saved_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two convolutions; a weight of 100 leaves few steps for the second's."""
    generator = np.random.default_rng(1)
    good = generator.uniform(-1, 1, (1, 1, 3, 8)).astype(np.float32)
    bad = generator.uniform(-1, 1, (1, 1, 8, 8)).astype(np.float32)
    # Its input is clipped to zero, so that only its scale does harm.
    good[..., 0] = 0
    bad[:, :, 0, :] = 100

    def serve(image: tf.Tensor) -> Any:
        hidden = tf.nn.relu(tf.nn.conv2d(image, good, 1, "SAME"))
        return {"output_0": tf.nn.conv2d(hidden, bad, 1, "SAME")}

    module = tf.Module()
    module.serve = tf.function(
        serve, input_signature=[tf.TensorSpec((1, 8, 8, 3), tf.float32)]
    )
    folder = tmp_path_factory.mktemp("convolutions")
    tf.saved_model.save(
        module,
        str(folder),
        {"serving_default": module.serve.get_concrete_function()},
    )
    return folder


@pytest.fixture(scope="module")
def debugger(saved_model: Path) -> Any:
    return int8_debugger(converter_for(saved_model, "int8", IMAGES), IMAGES)


@pytest.fixture(scope="module")
def errors(debugger: Any) -> list[LayerError]:
    return layer_errors(debugger)


def test_the_second_layer_is_the_worst(errors: list[LayerError]) -> None:
    first, second = errors
    assert {first.operation, second.operation} == {"CONV_2D"}
    assert ROUNDING_ERROR / 2 < first.error < 2 * ROUNDING_ERROR
    assert second.error > 2 * first.error
    assert worst(errors, 1) == [second.layer]
    assert worst(errors, 0) == []


def test_the_worst_stays_float(
    saved_model: Path, debugger: Any, errors: list[LayerError]
) -> None:
    expected = outputs(convert(saved_model, "fp32", []))
    all_int8, spared = (
        outputs(quantize_but(debugger, worst(errors, count)))
        for count in (0, 1)
    )
    assert np.abs(spared - expected).max() < np.abs(all_int8 - expected).max()


def test_a_float_first_layer_takes_a_float_image(
    debugger: Any, errors: list[LayerError], saved_model: Path
) -> None:
    model = quantize_but(debugger, [each.layer for each in errors])
    np.testing.assert_allclose(
        outputs(model), outputs(convert(saved_model, "fp32", [])), rtol=1e-5
    )


def test_without_float_layers_it_is_int8_as_ever(
    debugger: Any, saved_model: Path
) -> None:
    np.testing.assert_array_equal(
        outputs(quantize_but(debugger, [])),
        outputs(convert(saved_model, "int8", IMAGES)),
    )


def test_the_report_tells_which_stay_float(errors: list[LayerError]) -> None:
    _, layers = report_sections(errors, worst(errors, 1))
    (table,) = layers.blocks
    assert isinstance(table, Table)
    assert Counter(row[-1] for row in table.rows) == {"": 1, "yes": 1}


def outputs(model: bytes) -> np.ndarray:
    """Runs a model on a ramp of all pixel values."""
    interpreter = tf.lite.Interpreter(model_content=model)
    interpreter.allocate_tensors()
    (given,) = interpreter.get_input_details()
    ramp = np.arange(192).reshape(1, 8, 8, 3)
    is_float = given["dtype"] == np.float32
    pixels = ramp / 127.5 - 1 if is_float else ramp
    interpreter.set_tensor(given["index"], pixels.astype(given["dtype"]))
    interpreter.invoke()
    (found,) = interpreter.get_output_details()
    return np.asarray(interpreter.get_tensor(found["index"]))
