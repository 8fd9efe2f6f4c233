"""What the mends give the Object Detection API, and how they refuse."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from crossline.odapi import compatibility
from crossline.odapi.compatibility import IncompatibleError

# In a process of its own, since a mend that another test has brought along
# would prove nothing. It prints a report of what it finds.
MENDED_PROCESS = """
import json, sys, unittest
import keras
loaded = {name for name in sys.modules if name.split(".")[0] == "keras"}
from crossline.odapi import compatibility
compatibility.apply()
compatibility.apply()
import numpy as np
import tensorflow as tf
from PIL import ImageFont
from tensorflow.python.ops import control_flow_ops
import tensorflow_io
import tf_keras
from object_detection.models import ssd_efficientnet_bifpn_feature_extractor
from object_detection.models.keras_models import resnet_v1

v1 = tf.compat.v1
def refusal(make):
    try:
        make()
    except compatibility.IncompatibleError as error:
        return str(error)

font = ImageFont.load_default(24)
json.dump({
    "keras is untouched": sys.modules["keras"] is keras
    and loaded <= {n for n in sys.modules if n.split(".")[0] == "keras"},
    "tf.keras is Keras 2": tf.keras.Model is tf_keras.Model,
    "control flow": [
        getattr(control_flow_ops, name) is getattr(tf, name)
        for name in ("case", "cond", "while_loop")
    ],
    "modes": [
        v1.estimator.ModeKeys.TRAIN,
        v1.estimator.ModeKeys.EVAL,
        v1.estimator.ModeKeys.PREDICT,
    ],
    "refusals": {
        "Estimator": refusal(v1.estimator.Estimator),
        "EstimatorSpec": refusal(lambda: v1.estimator.EstimatorSpec(mode=1)),
        "EvalSpec": refusal(v1.estimator.EvalSpec),
        "TrainSpec": refusal(v1.estimator.TrainSpec),
        "ServingInputReceiver":
            refusal(v1.estimator.export.ServingInputReceiver),
        "TPUEstimator": refusal(v1.estimator.tpu.TPUEstimator),
        "rgb_to_lab":
            refusal(lambda: tensorflow_io.experimental.color.rgb_to_lab([])),
    },
    "estimator tests": unittest.defaultTestLoader.loadTestsFromModule(
        v1.estimator).countTestCases(),
    "sizes": [font.getsize("car"), font.getsize("g")],
    "height over baseline": font.getbbox("car")[3],
    "aliases": [
        np.float is float, np.int is int, np.isnan(np.NAN) is np.True_,
        np.string_ is np.bytes_, np.dtype(np.bool) == bool,
    ],
    "residual networks": callable(resnet_v1.resnet.ResNet),
    "on a TPU": ssd_efficientnet_bifpn_feature_extractor.keras_backend
    .is_tpu_strategy(tf.distribute.get_strategy()),
}, sys.stdout)
"""


def run_python(program: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name != "TF_USE_LEGACY_KERAS"
    }
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=environment,
    )


@pytest.fixture(scope="module")
def mended() -> dict[str, Any]:
    finished = run_python(MENDED_PROCESS)
    assert finished.returncode == 0, finished.stderr[-2000:]
    found: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return found


def test_tf_keras_is_keras_2(mended: dict[str, Any]) -> None:
    assert mended["tf.keras is Keras 2"]


def test_keras_itself_stays_what_it_was(mended: dict[str, Any]) -> None:
    assert mended["keras is untouched"]


def test_what_the_api_imports_from_keras(mended: dict[str, Any]) -> None:
    assert mended["residual networks"]
    assert mended["on a TPU"] is False


def test_control_flow_names_are_back(mended: dict[str, Any]) -> None:
    assert mended["control flow"] == [True, True, True]


def test_estimator_keeps_its_modes(mended: dict[str, Any]) -> None:
    assert mended["modes"] == ["train", "eval", "infer"]


@pytest.mark.parametrize(
    "name",
    [
        "Estimator",
        "EstimatorSpec",
        "EvalSpec",
        "TrainSpec",
        "ServingInputReceiver",
        "TPUEstimator",
        "rgb_to_lab",
    ],
)
def test_what_has_no_replacement_refuses(
    mended: dict[str, Any], name: str
) -> None:
    refusal = mended["refusals"][name]
    assert name in refusal
    assert refusal.endswith("no longer exists")


def test_unittest_can_scan_the_stubs(mended: dict[str, Any]) -> None:
    assert mended["estimator tests"] == 0


def test_text_is_measured_as_pillow_9_did(mended: dict[str, Any]) -> None:
    (width, height), (letter_width, letter_height) = mended["sizes"]
    assert width > letter_width > 0
    assert height == mended["height over baseline"]
    assert letter_height > height  # below the baseline


def test_numpy_aliases_are_back(mended: dict[str, Any]) -> None:
    assert mended["aliases"] == [True] * 5


def test_keras_3_that_came_first_is_refused() -> None:
    finished = run_python(
        "import tensorflow\n"
        "tensorflow.keras.Model\n"
        "from crossline.odapi import compatibility\n"
        "compatibility.apply()\n"
    )
    assert finished.returncode == 1
    assert (
        "IncompatibleError: tf.keras comes from keras.src.models.model, not "
        "from tf_keras: set TF_USE_LEGACY_KERAS=1 before TensorFlow is "
        "imported"
    ) in finished.stderr


def module(name: str, **names: object) -> ModuleType:
    made = ModuleType(name)
    made.__dict__.update(names)
    return made


CONTROL_FLOW = "tensorflow.python.ops.control_flow_ops"
TF_KERAS = {
    "tf_keras.src.backend": module(
        "tf_keras.src.backend", is_tpu_strategy=bool
    ),
    "tf_keras.src.applications.resnet": module(
        "tf_keras.src.applications.resnet", ResNet=object
    ),
}


def open_keras() -> None:
    with compatibility.keras_is_keras_2():
        pass


@pytest.mark.parametrize(
    ("mend", "modules", "missing"),
    [
        pytest.param(
            compatibility.use_keras_2,
            {"tensorflow": module("tensorflow"), "tf_keras": None},
            "there is no module tf_keras",
            id="tf_keras is not installed",
        ),
        pytest.param(
            compatibility.use_keras_2,
            {
                "tensorflow": module("tensorflow"),
                "tf_keras": module("tf_keras"),
            },
            "tensorflow has no keras",
            id="tf.keras",
        ),
        pytest.param(
            compatibility.restore_control_flow_names,
            {
                "tensorflow": module("tensorflow", cond=1, while_loop=1),
                CONTROL_FLOW: module(CONTROL_FLOW),
            },
            "tensorflow has no case",
            id="tf.case",
        ),
        pytest.param(
            compatibility.restore_control_flow_names,
            {"tensorflow": module("tensorflow"), CONTROL_FLOW: None},
            f"there is no module {CONTROL_FLOW}",
            id="control_flow_ops",
        ),
        pytest.param(
            compatibility.replace_estimator,
            {"tensorflow": module("tensorflow")},
            "tensorflow has no compat",
            id="tf.compat",
        ),
        pytest.param(
            compatibility.restore_font_getsize,
            {
                "PIL": module(
                    "PIL",
                    ImageFont=module(
                        "ImageFont", ImageFont=type("ImageFont", (), {})
                    ),
                )
            },
            "ImageFont has no getbbox",
            id="getbbox",
        ),
        pytest.param(
            compatibility.restore_numpy_aliases,
            {"numpy": module("numpy", nan=0.0)},
            "numpy has no bytes_",
            id="np.bytes_",
        ),
        pytest.param(
            open_keras,
            {
                **TF_KERAS,
                "tf_keras.src.backend": module("tf_keras.src.backend"),
            },
            "tf_keras.src.backend has no is_tpu_strategy",
            id="is_tpu_strategy",
        ),
        pytest.param(
            open_keras,
            {**TF_KERAS, "tf_keras.src.applications.resnet": None},
            "there is no module tf_keras.src.applications.resnet",
            id="ResNet",
        ),
    ],
)
def test_missing_upstream_name_is_named(
    monkeypatch: pytest.MonkeyPatch,
    mend: Callable[[], None],
    modules: dict[str, ModuleType | None],
    missing: str,
) -> None:
    for name, replacement in modules.items():
        monkeypatch.setitem(sys.modules, name, replacement)
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "1")
    with pytest.raises(IncompatibleError) as caught:
        mend()
    assert str(caught.value).startswith(f"{missing} any more: ")
    assert "requirements.txt" in str(caught.value)


def test_mend_leaves_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    own = SimpleNamespace(Estimator=1)
    v1 = SimpleNamespace(estimator=own)
    fake = module("tensorflow", compat=SimpleNamespace(v1=v1), case=1)
    control_flow = module(CONTROL_FLOW, case=2, cond=2, while_loop=2)
    monkeypatch.setitem(sys.modules, "tensorflow", fake)
    monkeypatch.setitem(sys.modules, CONTROL_FLOW, control_flow)
    compatibility.replace_estimator()
    compatibility.restore_control_flow_names()
    assert v1.estimator is own
    assert control_flow.case == 2


def keras_modules() -> dict[str, ModuleType]:
    return {
        name: loaded
        for name, loaded in sys.modules.items()
        if name.partition(".")[0] == "keras"
    }


def test_keras_is_put_back_after_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keras", module("keras"))
    monkeypatch.setitem(sys.modules, "keras.layers", module("keras.layers"))
    for name, replacement in TF_KERAS.items():
        monkeypatch.setitem(sys.modules, name, replacement)
    before = keras_modules()
    mend = compatibility.keras_is_keras_2()
    mend.__enter__()
    inside = keras_modules()
    assert set(inside) == {"keras", "keras.applications"}
    assert inside["keras"].backend is TF_KERAS["tf_keras.src.backend"]
    assert not mend.__exit__(ImportError, ImportError(), None)
    assert keras_modules() == before
