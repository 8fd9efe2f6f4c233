"""From a checkpoint to files that detect: what each stage leaves behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from crossline.detect.detector import Detector, open_detector
from crossline.detect.metadata import append_metadata, split_model
from crossline.errors import InputError
from crossline.odapi.checkpoint import find_checkpoint
from crossline.odapi.detector import open_checkpoint
from crossline.odapi.export import require_tflite_scaling
from crossline.odapi.pipeline_config import read_pipeline, write_pipeline
from crossline.records.label_map import LabelMap, write_label_map
from scripts import export, train
from tests.folders import contents
from tests.odapi.conftest import STEPS, Chain


@pytest.fixture
def image(chain: Chain) -> np.ndarray:
    # Of the network's size: random weights magnify how resizers differ.
    return np.asarray(Image.open(chain.images / "0.jpg"))[:, :96].copy()


def test_the_config_starts_from_the_heads_that_the_checkpoint_knows(
    chain: Chain,
) -> None:
    pipeline = read_pipeline(chain.config)
    assert pipeline.model.ssd.num_classes == 2
    assert pipeline.train_config.fine_tune_checkpoint_type == "full"
    assert pipeline.train_config.fine_tune_checkpoint == find_checkpoint(
        chain.config.parent
    )


def test_training_saves_every_so_often_and_the_exact_last_step(
    chain: Chain,
) -> None:
    saved = sorted(path.name for path in chain.run.glob("ckpt-*.index"))
    assert saved == ["ckpt-2.index", f"ckpt-{STEPS}.index"]
    step = tf.train.load_variable(
        find_checkpoint(chain.run), "step/.ATTRIBUTES/VARIABLE_VALUE"
    )
    assert step == STEPS


def test_training_logs_losses_for_tensorboard(chain: Chain) -> None:
    (events,) = (chain.run / "train").iterdir()
    tags = {
        value.tag
        for event in tf.compat.v1.train.summary_iterator(str(events))
        for value in event.summary.value
    }
    assert {"Loss/total_loss", "learning_rate", "steps_per_sec"} <= tags


def test_training_moves_the_weights(chain: Chain) -> None:
    before, after = (
        tf.train.load_checkpoint(find_checkpoint(folder))
        for folder in (chain.config.parent, chain.run)
    )
    kernels = [
        name
        for name in before.get_variable_to_shape_map()
        if name.startswith("model/_box_predictor") and "kernel" in name
    ]
    assert kernels
    for name in kernels:
        assert (before.get_tensor(name) != after.get_tensor(name)).any()


def test_ctrl_c_saves_the_step_and_the_same_command_goes_on(
    chain: Chain, tmp_path: Path
) -> None:
    pipeline = read_pipeline(chain.config)
    pipeline.train_config.num_steps = 100_000
    config, run = tmp_path / "pipeline.config", tmp_path / "run"
    write_pipeline(pipeline, config)
    command = [
        *(sys.executable, "scripts/train.py", "--config", str(config)),
        *("--output", str(run), "--checkpoint-every", "2"),
    ]
    steps = [0]
    for _ in range(2):
        started = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        while newest_step(run) < steps[-1] + 2:
            assert started.poll() is None
            time.sleep(0.1)
        started.send_signal(signal.SIGINT)
        _, error = started.communicate()
        assert started.returncode == 130
        assert "interrupted" in error.splitlines()[-1]
        steps.append(newest_step(run))
    assert steps == sorted(set(steps))


def newest_step(run: Path) -> int:
    names = (path.stem for path in run.glob("ckpt-*.index"))
    return max((int(name.removeprefix("ckpt-")) for name in names), default=0)


def test_a_finished_run_is_not_trained_again(
    chain: Chain, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(chain.run.glob("ckpt-*"))
    assert (
        train.main(["--config", str(chain.config), "--output", str(chain.run)])
        == 0
    )
    assert f"Trained to step {STEPS}" in capsys.readouterr().out
    assert sorted(chain.run.glob("ckpt-*")) == before


def test_the_export_folder_is_complete_and_portable(chain: Chain) -> None:
    names = {path.name for path in chain.exported.iterdir()}
    assert names == {
        "checkpoint",
        "saved_model",
        "pipeline.config",
        "label_map.pbtxt",
        "metadata.json",
        "model_fp32.tflite",
        "model_fp16.tflite",
        "model_dynamic.tflite",
        "model_int8.tflite",
        "quantization.html",
    }
    config = (chain.exported / "pipeline.config").read_text()
    assert str(chain.zoo.parent) not in config
    metadata = json.loads((chain.exported / "metadata.json").read_text())
    assert metadata["classes"] == {"1": "car", "2": "tram"}
    assert (metadata["input_height"], metadata["input_width"]) == (96, 96)


def test_smaller_precisions_make_smaller_files(chain: Chain) -> None:
    sizes = [
        (chain.exported / f"model_{precision}.tflite").stat().st_size
        for precision in ("dynamic", "int8", "fp16", "fp32")
    ]
    assert sizes == sorted(sizes)


def detectors(chain: Chain) -> Iterator[tuple[str, Detector]]:
    yield "checkpoint", open_checkpoint(chain.run)
    yield "SavedModel", open_detector(chain.exported)
    yield "fp32", open_detector(chain.exported / "model_fp32.tflite")


def test_checkpoint_saved_model_and_fp32_agree_within_a_pixel(
    chain: Chain, image: np.ndarray
) -> None:
    (_, reference), *others = detectors(chain)
    expected = reference.detect(image)[:10]
    assert len(expected) == 10
    for name, detector in others:
        assert dict(detector.class_names) == {1: "car", 2: "tram"}
        found = detector.detect(image)
        for box, score, class_id in expected:
            same = found[found.class_ids == class_id]
            distance = np.abs(same.boxes - box).max(axis=1)
            best = int(distance.argmin())
            assert distance[best] < 1, name
            assert same.scores[best] == pytest.approx(score, abs=0.01), name


def test_two_threads_lose_no_class(chain: Chain, image: np.ndarray) -> None:
    model = chain.exported / "model_fp32.tflite"
    one, two = (
        open_detector(model, threads).detect(image) for threads in (1, 2)
    )
    np.testing.assert_array_equal(one.class_ids, two.class_ids)
    np.testing.assert_allclose(one.scores, two.scores, atol=1e-4)
    assert set(one.class_ids) == {1, 2}


def test_int8_takes_bytes_and_answers_in_pixels(
    chain: Chain, image: np.ndarray
) -> None:
    # How well it sees is measured on trained models: docs/fine_tuning.md.
    found = open_detector(chain.exported / "model_int8.tflite").detect(image)
    assert len(found) > 0
    assert set(found.class_ids) <= {1, 2}
    assert ((found.scores >= 0) & (found.scores <= 1)).all()
    height, width = image.shape[:2]
    assert (found.boxes >= 0).all()
    assert (found.boxes <= [width, height, width, height]).all()


@pytest.mark.parametrize(
    ("classes", "problem"),
    [
        pytest.param({1: "car"}, "end with id 1, 'car'", id="fewer"),
        pytest.param(
            {1: "car", 2: "tram", 3: "bus"}, "end with id 3, 'bus'", id="more"
        ),
    ],
)
def test_labels_that_do_not_match_the_outputs_are_refused(
    classes: dict[int, str], problem: str, chain: Chain, tmp_path: Path
) -> None:
    exported = chain.exported / "model_int8.tflite"
    model, metadata = split_model(exported.read_bytes(), exported)
    path = tmp_path / "m.tflite"
    path.write_bytes(model)
    append_metadata(path, replace(metadata, classes=classes))
    with pytest.raises(InputError) as refused:
        open_detector(path)
    assert str(refused.value) == (
        f"{path}: its labels {problem}, but it tells 2 classes apart; give "
        "it the label map that it was trained with"
    )


def test_a_checkpoint_without_its_data_file_is_named(
    chain: Chain, tmp_path: Path
) -> None:
    (tmp_path / "ckpt-3.index").write_bytes(b"x")
    write_pipeline(read_pipeline(chain.config), tmp_path / "pipeline.config")
    with pytest.raises(InputError, match=r"ckpt-3.data-.* is missing"):
        find_checkpoint(tmp_path)


def test_a_checkpoint_of_another_model_is_refused(
    chain: Chain, tmp_path: Path
) -> None:
    pipeline = read_pipeline(chain.config)
    pipeline.train_config.fine_tune_checkpoint = find_checkpoint(chain.zoo)
    config = tmp_path / "pipeline.config"
    write_pipeline(pipeline, config)
    status = train.main(["--config", str(config), "--output", str(tmp_path)])
    assert status == 1


def test_a_run_keeps_its_classes(
    chain: Chain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(chain.run)
    labels = tmp_path / "others.pbtxt"
    write_label_map(LabelMap.from_names(["car", "bus"]), labels)
    pipeline = read_pipeline(chain.config)
    pipeline.train_input_reader.label_map_path = str(labels)
    config = tmp_path / "pipeline.config"
    write_pipeline(pipeline, config)
    command = ["--config", str(config), "--output", str(chain.run)]
    assert train.main(command) == 1
    assert f"holds other classes than {labels}" in capsys.readouterr().err
    assert contents(chain.run) == before


def test_a_float_run_does_not_go_on_for_int8(
    chain: Chain, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(chain.run)
    command = ["--config", str(chain.config), "--output", str(chain.run)]
    assert train.main([*command, "--quantize-from", "2"]) == 1
    assert "was trained without --quantize-from" in capsys.readouterr().err
    assert contents(chain.run) == before


def test_a_checkpoint_that_ends_too_soon_is_named(
    chain: Chain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    shutil.copytree(chain.run, run)
    data = Path(find_checkpoint(run) + ".data-00000-of-00001")
    os.truncate(data, data.stat().st_size // 2)
    output = tmp_path / "exported"
    command = ["--checkpoint", str(run), "--output", str(output)]
    assert export.main([*command, "--precisions"]) == 1
    assert "does not fit the model of its config" in capsys.readouterr().err
    assert not output.exists()


def test_an_export_replaces_nothing_but_an_export(
    chain: Chain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "street").mkdir()
    command = ["--checkpoint", str(chain.run), "--output", str(tmp_path)]
    assert export.main(command) == 1
    assert "holds no metadata.json" in capsys.readouterr().err
    assert (tmp_path / "street").is_dir()


def test_tflite_files_are_fed_as_mobilenets_are() -> None:
    def model(preprocess: Callable[[Any], Any]) -> Any:
        extractor = SimpleNamespace(preprocess=preprocess)
        return SimpleNamespace(feature_extractor=extractor)

    mobilenet = model(lambda pixels: pixels / 127.5 - 1)
    require_tflite_scaling(mobilenet, Path("pipeline.config"))
    resnet = model(lambda pixels: pixels - [123.68, 116.779, 103.939])
    with pytest.raises(InputError, match="scales pixels otherwise"):
        require_tflite_scaling(resnet, Path("pipeline.config"))


@pytest.mark.parametrize(
    "options", [["--report"], ["--float-layers", "1"]], ids=" ".join
)
def test_layers_are_those_of_int8(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--checkpoint", "c", "--output", "o", "--precisions", "fp32"]
    with pytest.raises(SystemExit, match="2"):
        export.main([*command, *options])
    assert "need int8 among --precisions" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("batch_size", "status", "message"),
    [
        pytest.param(2, 0, "Trained to step 1", id="one image each"),
        pytest.param(3, 1, "3 does not divide by 2 replicas", id="uneven"),
    ],
)
def test_two_replicas_share_a_batch(
    chain: Chain,
    tmp_path: Path,
    batch_size: int,
    status: int,
    message: str,
) -> None:
    pipeline = read_pipeline(chain.config)
    pipeline.train_config.batch_size = batch_size
    pipeline.train_config.num_steps = 1
    config = tmp_path / "pipeline.config"
    write_pipeline(pipeline, config)
    # TensorFlow makes its logical devices once a process.
    ended = subprocess.run(
        [
            *(sys.executable, "scripts/train.py", "--cpu-replicas", "2"),
            *("--config", str(config), "--output", str(tmp_path / "run")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == status, ended.stderr
    assert message in ended.stdout + ended.stderr
