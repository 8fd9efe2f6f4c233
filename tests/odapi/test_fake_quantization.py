"""Quantization-aware training computes what the int8 file will compute."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from google.protobuf import text_format

from crossline.detect.detector import open_detector
from crossline.errors import InputError
from crossline.odapi.checkpoint import (
    build_model,
    build_variables,
    find_checkpoint,
    restore,
    save_weights,
    weights,
)
from crossline.odapi.export import export_tflite_graph
from crossline.odapi.fake_quantization import (
    FakeQuantization,
    is_quantization_aware,
)
from crossline.odapi.pipeline_config import read_pipeline
from crossline.odapi.rounding import quantize_depthwise, quantize_kernel
from crossline.quantize.convert import convert
from scripts import configure_pipeline, export, train
from tests.odapi.conftest import STEPS, Chain
from tests.tiny_model import TINY_SSD, tiny_fpn

FloatArray = npt.NDArray[np.float32]

PARTS = {
    "a head per layer": "",
    "one separable shared head (V2 FPNLite)": tiny_fpn(
        "ssd_mobilenet_v2_fpn_keras", use_depthwise=True
    ),
}


class Quantized(NamedTuple):
    """A model that has seen images, and its file's interpreter."""

    model: Any
    pipeline: Any
    checkpoint: str
    file: Any
    images: FloatArray


@pytest.fixture(scope="module", params=PARTS, ids=str)
def quantized(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Quantized:
    folder = tmp_path_factory.mktemp("quantized")
    pipeline = tiny_pipeline(folder, PARTS[request.param])
    model = build_model(pipeline.model, is_training=False)
    randomize(model)
    images = smooth_images(8)
    quantization = fake_quantization(model, pipeline)
    quantization.phase = "observing"
    for image in images:
        predict(model, image)
    quantization.phase = "fixed"
    checkpoint = save_weights(model, folder / "checkpoint")
    export_tflite_graph(
        pipeline,
        checkpoint,
        folder / "graph",
        max_detections=100,
        score_threshold=0.05,
        regular_nms=True,
        with_ranges=True,
    )
    file = interpreter(convert(folder / "graph", "int8", None))
    return Quantized(model, pipeline, checkpoint, file, images)


def test_each_tensor_of_the_file_is_what_training_computes_there(
    quantized: Quantized, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the file's own tensors before it: one step off, at most.

    (Layers behind each other magnify a step: random weights twofold each.)
    """
    quantization = quantized.model.quantization
    quantize = quantization.quantize
    image = quantized.images[0]
    tensors = run(quantized.file, image)
    compared = []

    def compare(name: str, values: Any) -> Any:
        computed = quantize(name, values).numpy()
        span = quantization.ranges[name]
        step = (float(span.high) - float(span.low)) / 255
        (off, found) = min(
            (
                (np.abs(tensor.values - computed).max() / step, tensor.values)
                for tensor in tensors
                if tensor.scale == pytest.approx(step)
                and tensor.values.shape == computed.shape
            ),
            key=lambda each: float(each[0]),
        )
        assert off < 1.01, name
        compared.append(name)
        return tf.constant(found)

    monkeypatch.setattr(quantization, "quantize", compare)
    predict(quantized.model, image)
    assert set(compared) == set(quantization.ranges)


def test_nothing_of_the_file_is_float_but_its_post_processing(
    quantized: Quantized,
) -> None:
    kinds = {
        tensor["index"]: tensor["dtype"]
        for tensor in quantized.file.get_tensor_details()
    }
    floats = {
        operation["op_name"]
        for operation in quantized.file._get_ops_details()
        if any(kinds.get(i) is np.float32 for i in operation["inputs"])
    }
    assert floats == {"TFLite_Detection_PostProcess"}


def test_the_files_kernels_have_the_scales_of_training(
    quantized: Quantized,
) -> None:
    backbone = quantized.model.feature_extractor.classification_backbone
    first, norm, depthwise = (
        next(layer for layer in backbone.layers if layer.name in names)
        for names in (
            {"conv1", "Conv1"},
            {"conv1_bn", "bn_Conv1"},
            {"conv_dw_1", "expanded_conv_depthwise"},
        )
    )
    folded = norm.gamma / tf.sqrt(norm.moving_variance + norm.epsilon)
    largest = tf.reduce_max(tf.abs(first.kernel), axis=(0, 1, 2))
    np.testing.assert_allclose(
        kernel_scales(quantized.file, "CONV_2D"),
        np.abs(largest * folded) / 127,
        rtol=1e-5,
    )
    assert len(kernel_scales(quantized.file, "DEPTHWISE_CONV_2D")) == len(
        np.ravel(depthwise.depthwise_kernel[0, 0])
    )


def test_ranges_come_back_from_a_checkpoint(quantized: Quantized) -> None:
    assert is_quantization_aware(quantized.checkpoint)
    model = build_model(quantized.pipeline.model, is_training=False)
    fake_quantization(model, quantized.pipeline)
    restore(model, quantized.checkpoint)
    image = quantized.images[0]
    for one, other in zip(
        predict(model, image), predict(quantized.model, image), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_a_float_model_takes_the_weights_alone(quantized: Quantized) -> None:
    model = build_model(quantized.pipeline.model, is_training=False)
    restore(model, quantized.checkpoint)
    for one, other in zip(
        weights(model), weights(quantized.model), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_observing_changes_no_answer(tmp_path: Path) -> None:
    pipeline = tiny_pipeline(tmp_path)
    model = build_model(pipeline.model, is_training=False)
    randomize(model)
    (image,) = smooth_images(1)
    before = predict(model, image)
    fake_quantization(model, pipeline).phase = "observing"
    for one, other in zip(predict(model, image), before, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_ranges_are_means_over_the_first_batches(tmp_path: Path) -> None:
    pipeline = tiny_pipeline(tmp_path)
    model = build_model(pipeline.model, is_training=False)
    quantization = fake_quantization(model, pipeline)
    quantization.phase = "observing"
    for high in (1.0, 2.0, 3.0):
        predict(model, np.linspace(-1, high, 96 * 96 * 3, dtype=np.float32))
    span = quantization.ranges["input"]
    assert float(span.low) == pytest.approx(-1)
    assert float(span.high) == pytest.approx(2)


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    pipeline = tiny_pipeline(tmp_path)
    model = build_model(pipeline.model, is_training=False)
    with pytest.raises(InputError, match="does not know ssd_resnet50"):
        FakeQuantization(model, "ssd_resnet50_v1_fpn_keras")


def test_kernels_are_rounded_to_127_steps_each_side_per_channel() -> None:
    kernel = np.array([[[[1.27, 0.1, 0.0], [0.004, -0.127, 0.0]]]], np.float32)
    rounded = quantize_kernel(tf.constant(kernel)).numpy()
    np.testing.assert_allclose(
        rounded, [[[[1.27, 0.1, 0.0], [0.0, -0.127, 0.0]]]], atol=1e-6
    )


def test_channels_of_a_depthwise_kernel_have_their_own_scales() -> None:
    kernel = np.array([1.27, 0.004, 0.127, 0.004], np.float32)
    rounded = quantize_depthwise(tf.constant(kernel.reshape(2, 1, 2, 1)))
    np.testing.assert_allclose(
        np.ravel(rounded), [1.27, 0.004, 0.13, 0.004], atol=1e-2
    )


def test_the_gradient_passes_the_rounding_of_kernels() -> None:
    kernel = tf.Variable(
        np.linspace(-1, 1, 18).reshape(3, 3, 1, 2), tf.float32
    )
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(quantize_kernel(tf.cast(kernel, tf.float32)))
    np.testing.assert_array_equal(tape.gradient(total, kernel), 1)


def test_train_and_export_go_the_whole_way(
    chain: Chain,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config, run = tmp_path / "config", tmp_path / "run"
    assert (
        configure_pipeline.main(
            [
                *("--checkpoint", str(chain.run)),
                *("--label-map", str(chain.label_map)),
                *("--train-records", f"{chain.records}/train-*"),
                *("--eval-records", f"{chain.records}/val-*"),
                *("--output", str(config), "--batch-size", "2"),
                *("--steps", str(STEPS), "--learning-rate", "0.0003"),
            ]
        )
        == 0
    )
    command = [
        *("--config", str(config / "pipeline.config")),
        *("--output", str(run)),
        *("--quantize-from", "2", "--distill", "--seed", "1"),
    ]
    assert train.main(command) == 0
    checkpoint = find_checkpoint(run)
    assert is_quantization_aware(checkpoint)
    batches = tf.train.load_variable(
        checkpoint, "model/quantization/batches/.ATTRIBUTES/VARIABLE_VALUE"
    )
    assert batches == STEPS
    assert (
        export.main(
            [
                *("--checkpoint", str(run)),
                *("--output", str(tmp_path / "exported")),
                *("--precisions", "fp32", "int8", "--clusters", "16"),
                # Not needed: the ranges are learnt.
                *("--calibration-records", "none.tfrecord"),
            ]
        )
        == 0
    )
    for name in ("model_fp32.tflite", "model_int8.tflite"):
        detector = open_detector(tmp_path / "exported" / name)
        detector.detect(np.zeros((96, 96, 3), np.uint8))
    assert train.main(command) == 0
    assert f"Trained to step {STEPS}" in capsys.readouterr().out


def test_a_step_that_never_comes_is_refused(
    chain: Chain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--config", str(chain.config), "--output", str(tmp_path / "o")]
    assert train.main([*command, "--quantize-from", "4"]) == 1
    assert "makes 3 steps; from step 4 on is never" in capsys.readouterr().err


def test_it_rounds_what_is_float32(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit, match="2"):
        train.main(
            [
                *("--config", "c", "--output", "o"),
                *("--quantize-from", "2", "--precision", "bfloat16"),
            ]
        )
    assert "--quantize-from needs float32" in capsys.readouterr().err


def test_the_first_step_is_step_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        train.main(["--config", "c", "--output", "o", "--quantize-from", "0"])
    assert "--quantize-from" in capsys.readouterr().err


def tiny_pipeline(folder: Path, parts: str = "") -> Any:
    path = folder / "pipeline.config"
    path.write_text(TINY_SSD)
    pipeline = read_pipeline(path)
    pipeline.model.ssd.num_classes = 3
    if parts:
        pipeline.model.ssd.ClearField("box_predictor")
        pipeline.model.ssd.ClearField("anchor_generator")
        text_format.Merge(parts, pipeline.model.ssd)
    return pipeline


def fake_quantization(model: Any, pipeline: Any) -> FakeQuantization:
    quantization = FakeQuantization(
        model, pipeline.model.ssd.feature_extractor.type
    )
    build_variables(model, pipeline.model)
    return quantization


def randomize(model: Any) -> None:
    """Gives kernels and batch norms weights that let signals through."""
    generator = np.random.default_rng(1)
    for variable in weights(model):
        shape = variable.shape
        if len(shape) == 4:
            inputs = np.prod(shape[:2]) * (
                1 if "depthwise" in variable.name else shape[2]
            )
            variable.assign(generator.normal(0, (2 / inputs) ** 0.5, shape))
        elif "gamma" in variable.name:
            variable.assign(generator.uniform(0.5, 1.5, shape))
        elif "beta" in variable.name or "bias" in variable.name:
            variable.assign_add(generator.normal(0, 0.5, shape))


def smooth_images(count: int) -> FloatArray:
    """Returns ``(count, 96, 96, 3)``, in [-1, 1]."""
    generator = np.random.default_rng(2)
    coarse = generator.uniform(-1, 1, (count, 6, 6, 3))
    return np.asarray(tf.image.resize(coarse, (96, 96)), np.float32)


def predict(model: Any, image: FloatArray) -> tuple[FloatArray, FloatArray]:
    found = model.predict(tf.reshape(image, (1, 96, 96, 3)), None)
    boxes = found["box_encodings"]
    return (
        tf.reshape(boxes, (-1, 4)).numpy(),
        found["class_predictions_with_background"][0].numpy(),
    )


def interpreter(model: bytes) -> Any:
    made = tf.lite.Interpreter(
        model_content=model,
        experimental_preserve_all_tensors=True,
        experimental_op_resolver_type=(
            tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        ),
    )
    made.allocate_tensors()
    return made


class FileTensor(NamedTuple):
    """A quantised tensor of a file, after it ran."""

    scale: float
    values: FloatArray


def run(file: Any, image: FloatArray) -> list[FileTensor]:
    """Runs a file on an image and returns all its int8 tensors."""
    (details,) = file.get_input_details()
    scale, zero = details["quantization"]
    values = np.clip(np.round(image / scale) + zero, 0, 255).astype(np.uint8)
    file.set_tensor(details["index"], values[None])
    file.invoke()
    computed = {
        index
        for operation in file._get_ops_details()
        for index in operation["outputs"]
    }
    found = []
    for details in file.get_tensor_details():
        if details["dtype"] is np.int8 and details["index"] in computed:
            scale, zero = details["quantization"]
            integers = file.get_tensor(details["index"]).astype(np.float32)
            found.append(FileTensor(scale, (integers - zero) * scale))
    return found


def kernel_scales(file: Any, op_name: str) -> FloatArray:
    """Returns the scales of the first such operation's kernel."""
    operation = next(
        each for each in file._get_ops_details() if each["op_name"] == op_name
    )
    (details,) = (
        tensor
        for tensor in file.get_tensor_details()
        if tensor["index"] == operation["inputs"][1]
    )
    return np.asarray(details["quantization_parameters"]["scales"])
